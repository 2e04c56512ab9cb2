import * as tf from '@tensorflow/tfjs';
import { breathe } from '../cancellation';
import { type Batch, type Dataset, dataLoader } from '../data';
import { apply, countCorrect, crossEntropy, type LossFunction, type Network } from '../nn';
import { disposeStateDict, linearCombination, type StateDict } from '../weights';
import type { BatchGradient, Engine, Evaluator, Figures } from './engine';

/** Images a forward pass takes at once when only figures are wanted. */
const EVALUATION_BATCH = 2000;

/** The reference engine: tfjs on whatever backend is set, by automatic differentiation. */
export const tfjsEngine: Engine = { name: 'tfjs', lossAndGradient, evaluator };

function lossAndGradient(
  network: Network,
  weights: StateDict,
  batch: Batch,
  lossFunction: LossFunction,
): BatchGradient {
  const names = Object.keys(weights).filter((name) => weights[name]!.dtype === 'float32');
  let correct = 0;
  const { value, grads } = tf.valueAndGrads((...tensors: tf.Tensor[]) => {
    const point = { ...weights };
    names.forEach((name, i) => {
      point[name] = tensors[i]!;
    });
    const logits = apply(network, point, batch.x);
    correct = countCorrect(logits, batch.y);
    return lossFunction(logits, batch.y);
  })(names.map((name) => weights[name]!));
  const loss = value.dataSync()[0]!;
  value.dispose();
  const gradient = Object.fromEntries(names.map((name, i) => [name, grads[i]!]));
  return { loss, accuracy: correct / batch.size, gradient };
}

function evaluator(network: Network, anchors: readonly StateDict[], dataset: Dataset): Evaluator {
  const batches = keptBatches(dataset);
  return {
    async evaluate(points, signal) {
      const figures: Figures[] = [];
      for (const point of points) {
        const weights = linearCombination(point, anchors, 'evaluate');
        try {
          figures.push(await evaluateAt(network, weights, batches, signal));
        } finally {
          disposeStateDict(weights);
        }
      }
      return figures;
    },
    dispose() {
      for (const { x, y } of batches) tf.dispose([x, y]);
    },
  };
}

/** The dataset as float tensors that outlive the loader: every point looks at all of them. */
function keptBatches(dataset: Dataset): Batch[] {
  const loader = dataLoader(dataset, { batchSize: EVALUATION_BATCH });
  return Array.from(loader, (batch) => ({ ...batch, x: batch.x.clone(), y: batch.y.clone() }));
}

async function evaluateAt(
  network: Network,
  weights: StateDict,
  batches: readonly Batch[],
  signal: AbortSignal | undefined,
): Promise<Figures> {
  let [loss, correct, count] = [0, 0, 0];
  for (const batch of batches) {
    await breathe(signal);
    tf.tidy(() => {
      const logits = apply(network, weights, batch.x);
      loss += crossEntropy(logits, batch.y).dataSync()[0]! * batch.size;
      correct += countCorrect(logits, batch.y);
    });
    count += batch.size;
  }
  return { loss: loss / count, accuracy: correct / count };
}
