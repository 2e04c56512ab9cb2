import * as tf from '@tensorflow/tfjs';
import { breathe } from '../../cancellation';
import { type Dataset, dataLoader } from '../../data';
import { apply, layerSizes, type Network, sumOverLogits } from '../../nn';
import { disposeStateDict, linearCombination, type StateDict } from '../../weights';
import type { AtPoint, Evaluator, Figures } from '../engine';

/** Numbers that the widest layer of a forward pass may hold at once, when only figures are wanted. */
const LAYER_BUDGET = 4e6;
const LARGEST_BATCH = 2000;

/** The plain way: at each point the whole forward pass on tfjs. Losses are summed in doubles. */
export function tfjsEvaluator(
  network: Network,
  anchors: readonly StateDict[],
  dataset: Dataset,
  atPoint: AtPoint = async (weights) => weights,
): Evaluator {
  const loader = dataLoader(dataset, { batchSize: evaluationBatch(network) });
  const batches: { x: tf.Tensor4D; labels: Uint8Array }[] = [];
  const dispose = () => {
    for (const { x } of batches) x.dispose();
  };
  try {
    for (const { x, indices } of loader) {
      const labels = Uint8Array.from(indices, (index) => dataset.labels[index]!);
      batches.push({ x: tf.keep(x.clone()), labels });
    }
  } catch (error) {
    dispose();
    throw error;
  }
  return {
    async evaluate(points, { signal, onProgress } = {}) {
      const figures: Figures[] = [];
      let done = 0;
      for (const point of points) {
        const combined = linearCombination(point, anchors, 'evaluate');
        let weights = combined;
        try {
          weights = await atPoint(combined, point);
          let [loss, correct] = [0, 0];
          for (const { x, labels } of batches) {
            await breathe(signal);
            const logits = apply(network, weights, x);
            const sums = sumOverLogits(logits.dataSync(), labels);
            logits.dispose();
            loss += sums.loss;
            correct += sums.correct;
            onProgress?.(++done / (points.length * batches.length));
          }
          figures.push({ loss: loss / dataset.length, accuracy: correct / dataset.length });
        } finally {
          disposeStateDict(combined, weights);
        }
      }
      return figures;
    },
    dispose,
  };
}

/** Samples that a forward pass takes at once. */
export function evaluationBatch(network: Network): number {
  const widest = Math.max(...layerSizes(network));
  return Math.max(1, Math.min(LARGEST_BATCH, Math.floor(LAYER_BUDGET / widest)));
}
