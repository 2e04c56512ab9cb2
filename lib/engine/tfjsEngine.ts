import * as tf from '@tensorflow/tfjs';
import { breathe } from '../cancellation';
import type { Batch, Dataset } from '../data';
import { InputError } from '../errors';
import { apply, countCorrect, type LossFunction, type Network } from '../nn';
import { disposeStateDict, linearCombination, type StateDict, scale } from '../weights';
import type { BatchGradient, Descent, Engine, Evaluator, Figures } from './engine';
import { makeEvaluator } from './evaluate';

/** The reference engine: tfjs on whatever backend is set, by automatic differentiation. */
export const tfjsEngine: Engine = { name: 'tfjs', descend, evaluator };

/** Loss, accuracy and gradient of one batch at `weights`. The caller disposes the gradient. */
export function lossAndGradient(
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

async function descend({
  network,
  point,
  family,
  loader,
  lossFunction,
  optimizer,
  signal,
  onBatch,
}: Descent): Promise<Figures> {
  let [loss, accuracy, count, done] = [0, 0, 0, 0];
  for (const batch of loader) {
    await breathe(signal);
    const before = point.weights;
    const coefficients = family?.coefficients[done];
    const at =
      family && coefficients
        ? linearCombination(coefficients, [...family.fixed, before], 'descend')
        : before;
    const { gradient, ...figures } = lossAndGradient(network, at, batch, lossFunction);
    const ours = coefficients ? scale(coefficients.at(-1)!, gradient) : gradient;
    point.weights = optimizer.step(before, ours);
    disposeStateDict(before, gradient, ...(family ? [at, ours] : []));
    loss += figures.loss * batch.size;
    accuracy += figures.accuracy * batch.size;
    count += batch.size;
    done++;
    onBatch?.(done, loader.length);
  }
  if (count === 0) throw new InputError('descend: the loader has no batch; give it samples');
  return { loss: loss / count, accuracy: accuracy / count };
}

function evaluator(network: Network, anchors: readonly StateDict[], dataset: Dataset): Evaluator {
  return makeEvaluator(
    anchors,
    dataset,
    (x) => [x.clone()],
    (_, weights, [x]) => apply(network, weights, x!),
  );
}
