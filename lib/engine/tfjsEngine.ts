import * as tf from '@tensorflow/tfjs';
import { breathe } from '../cancellation';
import type { Batch } from '../data';
import { InputError } from '../errors';
import { applyInTraining, countCorrect, type LossFunction, type Network } from '../nn';
import { type Generator, generator } from '../random';
import {
  disposeStateDict,
  isBuffer,
  linearCombination,
  type StateDict,
  scale,
  withBuffers,
} from '../weights';
import type { BatchGradient, Descent, Engine, Figures } from './engine';
import { tfjsEvaluator } from './evaluate';

/** The reference engine: tfjs on whatever backend is set, by automatic differentiation. */
export const tfjsEngine: Engine = { name: 'tfjs', descend, evaluator: tfjsEvaluator };

/** Keeps dropout's draws apart from the loader's shuffles, which have the same seed. */
const DROPOUT_STREAM = 2;

/**
 * Loss, accuracy and gradient of one batch at `weights`, the way the network learns: BatchNorm by
 * the batch's statistics, dropout by what `random` draws (without it nothing is dropped). The
 * caller disposes gradient and buffers.
 */
export function lossAndGradient(
  network: Network,
  weights: StateDict,
  batch: Batch,
  lossFunction: LossFunction,
  random?: Generator,
): BatchGradient {
  const names = Object.keys(weights).filter((name) => !isBuffer(name));
  let correct = 0;
  let buffers: StateDict = {};
  const { value, grads } = tf.valueAndGrads((...tensors: tf.Tensor[]) => {
    const point = { ...weights };
    names.forEach((name, i) => {
      point[name] = tensors[i]!;
    });
    const pass = applyInTraining(network, point, batch.x, random && { random });
    buffers = pass.buffers;
    correct = countCorrect(pass.logits, batch.y);
    return lossFunction(pass.logits, batch.y);
  })(names.map((name) => weights[name]!));
  const loss = value.dataSync()[0]!;
  value.dispose();
  const gradient = Object.fromEntries(names.map((name, i) => [name, grads[i]!]));
  return { loss, accuracy: correct / batch.size, gradient, buffers };
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
  const random = generator(loader.shuffle ?? 0, loader.epoch, DROPOUT_STREAM);
  for (const batch of loader) {
    await breathe(signal);
    const before = point.weights;
    const coefficients = family?.coefficients[done];
    const at =
      family && coefficients
        ? linearCombination(coefficients, [...family.fixed, before], 'descend')
        : before;
    const of = lossAndGradient(network, at, batch, lossFunction, random);
    const ours = coefficients ? scale(coefficients.at(-1)!, of.gradient) : of.gradient;
    const after = optimizer.step(before, ours);
    // Statistics seen elsewhere than at the moving point say nothing about it.
    point.weights = family ? after : withBuffers(after, of.buffers);
    disposeStateDict(before, of.gradient, ...(family ? [at, ours, of.buffers] : []));
    loss += of.loss * batch.size;
    accuracy += of.accuracy * batch.size;
    count += batch.size;
    done++;
    onBatch?.(done, loader.length);
  }
  if (count === 0) throw new InputError('descend: the loader has no batch; give it samples');
  return { loss: loss / count, accuracy: accuracy / count };
}
