import * as tf from '@tensorflow/tfjs';
import { breathe } from '../cancellation';
import type { Batch, DataLoader } from '../data';
import { isWhole, requireSize, startPass } from '../data/loader';
import { type Engine, type Figures, guarded, nativeEngine } from '../engine';
import { requireSamples } from '../engine/guard';
import { InputError } from '../errors';
import { apply, countCorrect, crossEntropy, type LossFunction, type Network } from '../nn';
import type { Optimizer } from '../optim';
import type { StateDict } from '../weights';

/** A network at a point of weight space. Training moves `weights`; nothing else changes. */
export interface Model {
  readonly network: Network;
  weights: StateDict;
}

/** What an epoch may be given besides the lab's own arguments. */
export interface EpochOptions {
  readonly engine?: Engine;
  /** Stops the epoch before its next batch; by default the notebook cell's interrupt does. */
  readonly signal?: AbortSignal | undefined;
  /** Told while it runs, and at its end, how many of the epoch's batches are done. */
  readonly onBatch?: ((done: number, total: number) => void) | undefined;
}

/**
 * One pass over the loader: mean loss (nats) and mean accuracy (in [0, 1]), each batch weighted
 * by its size. With an optimizer each batch is followed by a step, and `model.weights` is
 * replaced (the old tensors are disposed; keep a `clone` of what you want to keep); the figures
 * are then those seen while the weights moved. Without one the weights stay.
 *
 * Engines measure cross-entropy on whole datasets. What another loss asks for without an optimizer,
 * or a loader that drops or changes samples, is computed batch by batch on tfjs.
 *
 * An interrupt stops it between two batches: `model.weights` is whole then.
 *
 * @throws InputError when the loader has no batch, and on what every `Engine` refuses
 */
export async function performEpoch(
  model: Model,
  loader: DataLoader,
  lossFunction: LossFunction,
  optimizer?: Optimizer,
  { engine = nativeEngine, signal, onBatch }: EpochOptions = {},
): Promise<Figures> {
  if (optimizer !== undefined) {
    const { network } = model;
    const task = { network, point: model, loader, lossFunction, optimizer, signal, onBatch };
    return await guarded(engine).descend(task);
  }
  if (lossFunction === crossEntropy && isWhole(loader)) {
    return await evaluateAll(model, loader, engine, { signal, onBatch });
  }
  requireSamples(model.network, loader);
  let [loss, accuracy, count, done] = [0, 0, 0, 0];
  for (const batch of loader) {
    await breathe(signal);
    const figures = evaluateBatch(model, batch, lossFunction);
    loss += figures.loss * batch.size;
    accuracy += figures.accuracy * batch.size;
    count += batch.size;
    done++;
    onBatch?.(done, loader.length);
  }
  if (count === 0) throw new InputError('performEpoch: the loader has no batch; give it samples');
  return { loss: loss / count, accuracy: accuracy / count };
}

async function evaluateAll(
  { network, weights }: Model,
  loader: DataLoader,
  engine: Engine,
  { signal, onBatch }: EpochOptions,
): Promise<Figures> {
  const evaluator = guarded(engine).evaluator(network, [weights], loader.dataset);
  const onProgress = (share: number) => onBatch?.(Math.floor(share * loader.length), loader.length);
  try {
    startPass(loader);
    const [figures] = await evaluator.evaluate([[1]], { signal, onProgress });
    return figures!;
  } finally {
    evaluator.dispose();
  }
}

function evaluateBatch(model: Model, batch: Batch, lossFunction: LossFunction): Figures {
  requireSize(batch);
  return tf.tidy(() => {
    const logits = apply(model.network, model.weights, batch.x);
    const loss = lossFunction(logits, batch.y).dataSync()[0]!;
    return { loss, accuracy: countCorrect(logits, batch.y) / batch.size };
  });
}
