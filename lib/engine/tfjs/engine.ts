import * as tf from '@tensorflow/tfjs';
import { breathe } from '../../cancellation';
import type { Batch } from '../../data';
import { requireSize } from '../../data/loader';
import { InputError } from '../../errors';
import { applyInTraining, countCorrect, type LossFunction, type Network } from '../../nn';
import { lossOf } from '../../nn/losses';
import { type Generator, generator } from '../../random';
import {
  disposeStateDict,
  isBuffer,
  linearCombination,
  requireSameStructure,
  type StateDict,
  scale,
  withBuffers,
} from '../../weights';
import { doubleCurvature } from '../double/curvature';
import { isFullyConnected } from '../double/steps';
import type { BatchGradient, Descent, Engine, Figures } from '../engine';
import { guarded } from '../guard';
import { chooseBackend } from './backend';
import { tfjsCurvature } from './curvature/curvature';
import { tfjsEvaluator } from './evaluate';
import { valueAndGradients } from './gradient';
import { tfjsStatistics } from './statistics';

/** The reference engine: tfjs on whatever backend is set, by automatic differentiation. */
export const tfjsEngine: Engine = guarded({
  name: 'tfjs',
  descend,
  evaluator: tfjsEvaluator,
  statistics: tfjsStatistics,
  curvature: (...task) =>
    isFullyConnected(task[0]) ? doubleCurvature(...task) : tfjsCurvature(...task),
});

/** Keeps dropout's draws apart from the loader's shuffles, which have the same seed. */
const DROPOUT_STREAM = 2;

/**
 * Loss, accuracy and gradient of one batch at `weights`, the way the network learns: BatchNorm by
 * the batch's statistics, dropout by what `random` draws (without it nothing is dropped). The
 * caller disposes gradient and buffers. Of a weight that the loss does not use, as of a layer that is
 * dropped for this batch, the gradient is 0.
 *
 * @param network the network that is evaluated
 * @param batch the images and labels, which stay as they are
 * @param lossFunction the mean loss of logits and labels, as a tensor
 * @throws InputError when the batch or a tensor of `weights` does not fit the network, or the loss
 *   depends on no weight
 * @example
 * ```ts
 * for (const batch of loader) {
 *   const { loss, gradient, buffers } = lossAndGradient(network, w1, batch, crossEntropy);
 *   Object.keys(gradient).length; // → 4
 *   disposeStateDict(gradient, buffers);
 * }
 * ```
 */
export function lossAndGradient(
  network: Network,
  weights: StateDict,
  batch: Batch,
  lossFunction: LossFunction,
  random?: Generator,
): BatchGradient {
  requireSize(batch);
  const names = Object.keys(weights).filter((name) => !isBuffer(name));
  let correct = 0;
  let buffers: StateDict = {};
  const lossAtWeights = () => {
    const pass = applyInTraining(network, weights, batch.x, random && { random });
    buffers = pass.buffers;
    correct = countCorrect(pass.logits, batch.y);
    return lossOf(lossFunction, pass.logits, batch.y);
  };
  try {
    const at = names.map((name) => weights[name]!);
    const { value, grads } = valueAndGradients(lossAtWeights, at);
    const loss = value.dataSync()[0]!;
    value.dispose();
    const gradient = Object.fromEntries(names.map((name, i) => [name, grads[i]!]));
    return { loss, accuracy: correct / batch.size, gradient, buffers };
  } catch (error) {
    disposeStateDict(buffers);
    throw error;
  }
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
  await chooseBackend();
  let [loss, accuracy, count, done] = [0, 0, 0, 0];
  const random = generator(loader.shuffle ?? 0, loader.epoch, DROPOUT_STREAM);
  for (const batch of loader) {
    await breathe(signal);
    const coefficients = family?.coefficients[done];
    if (family && coefficients === undefined) {
      throw new InputError(
        `descend: the loader gives more batches than the ${done} that there are coefficients for`,
      );
    }
    const before = point.weights;
    const waste = new Set<StateDict>();
    try {
      let at = before;
      if (family && coefficients) {
        at = linearCombination(coefficients, [...family.fixed, before], 'descend');
        waste.add(at);
      }
      const of = lossAndGradient(network, at, batch, lossFunction, random);
      waste.add(of.gradient).add(of.buffers);
      const ours = coefficients ? scale(coefficients.at(-1)!, of.gradient) : of.gradient;
      waste.add(ours);
      const after = requireStepped(optimizer.name, before, optimizer.step(before, ours));
      waste.add(before);
      // Statistics seen elsewhere than at the moving point say nothing about it.
      if (!family) waste.delete(of.buffers);
      point.weights = family ? after : withBuffers(after, of.buffers);
      loss += of.loss * batch.size;
      accuracy += of.accuracy * batch.size;
    } finally {
      disposeStateDict(...waste);
    }
    count += batch.size;
    done++;
    onBatch?.(done, loader.length);
  }
  if (count === 0) throw new InputError('descend: the loader has no batch; give it samples');
  return { loss: loss / count, accuracy: accuracy / count };
}

/**
 * What the step of an optimizer has given, which may be one of one's own.
 *
 * @throws InputError unless it is new tensors, one for each of the old; they are disposed then
 */
function requireStepped(name: string, before: StateDict, after: StateDict | undefined): StateDict {
  const given = after ?? {};
  if (Object.values(given).some((tensor) => !(tensor instanceof tf.Tensor)) || 'then' in given) {
    throw new InputError(
      `${name}: its step must give a new tensor for each weight by its name, and at once, no promise`,
    );
  }
  const old = new Set(Object.values(before));
  try {
    requireSameStructure(`${name}: the weights before its step and after it`, before, given);
    const [weight, tensor] =
      Object.entries(given).find(([, t]) => old.has(t) || t.isDisposed) ?? [];
    if (tensor === undefined) return given;
    throw new InputError(
      `${name}: its step gave back '${weight}' ${tensor.isDisposed ? 'disposed' : 'itself'}, and ` +
        'the old weights are disposed after it; give a new tensor, a clone where nothing changes',
    );
  } catch (error) {
    tf.dispose(Object.values(given).filter((tensor) => !old.has(tensor)));
    throw error;
  }
}
