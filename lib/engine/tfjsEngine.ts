import * as tf from '@tensorflow/tfjs';
import type { Batch, Dataset } from '../data';
import { apply, countCorrect, type LossFunction, type Network } from '../nn';
import type { StateDict } from '../weights';
import type { BatchGradient, Engine, Evaluator } from './engine';
import { makeEvaluator } from './evaluate';

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
  return makeEvaluator(
    anchors,
    dataset,
    (x) => [x.clone()],
    (_, weights, [x]) => apply(network, weights, x!),
  );
}
