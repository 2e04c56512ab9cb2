import * as tf from '@tensorflow/tfjs';
import { breathe } from '../cancellation';
import { type Dataset, dataLoader } from '../data';
import { sumOverLogits } from '../nn';
import { disposeStateDict, linearCombination, type StateDict } from '../weights';
import type { Evaluator, Figures } from './engine';

/** Images a forward pass takes at once when only figures are wanted. */
const EVALUATION_BATCH = 2000;

/** Some samples in the form that an engine's forward pass starts from. */
export interface Prepared {
  readonly inputs: readonly tf.Tensor[];
  readonly labels: Uint8Array;
}

/**
 * An evaluator that keeps the dataset, a batch at a time, as `prepare` makes it of the images, and
 * at each point asks `logitsAt` for the logits of each batch. Losses are summed in double
 * precision.
 */
export function makeEvaluator(
  anchors: readonly StateDict[],
  dataset: Dataset,
  prepare: (x: tf.Tensor4D) => tf.Tensor[],
  logitsAt: (
    point: readonly number[],
    weights: StateDict,
    inputs: readonly tf.Tensor[],
  ) => tf.Tensor,
): Evaluator {
  const loader = dataLoader(dataset, { batchSize: EVALUATION_BATCH });
  const prepared: Prepared[] = Array.from(loader, ({ x, indices }) => ({
    inputs: prepare(x),
    labels: Uint8Array.from(indices, (index) => dataset.labels[index]!),
  }));
  return {
    async evaluate(points, { signal, onProgress } = {}) {
      const figures: Figures[] = [];
      for (const point of points) {
        const weights = linearCombination(point, anchors, 'evaluate');
        try {
          let [loss, correct] = [0, 0];
          for (const { inputs, labels } of prepared) {
            await breathe(signal);
            const logits = logitsAt(point, weights, inputs);
            const sums = sumOverLogits(logits.dataSync(), labels);
            logits.dispose();
            loss += sums.loss;
            correct += sums.correct;
          }
          figures.push({ loss: loss / dataset.length, accuracy: correct / dataset.length });
          onProgress?.(figures.length / points.length);
        } finally {
          disposeStateDict(weights);
        }
      }
      return figures;
    },
    dispose() {
      for (const { inputs } of prepared) tf.dispose([...inputs]);
    },
  };
}
