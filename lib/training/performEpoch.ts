import type { DataLoader } from '../data';
import { isWhole, startPass } from '../data/loader';
import { defaultEngine, type Engine, type Figures, guarded } from '../engine';
import { crossEntropy, type LossFunction, type Network } from '../nn';
import type { Optimizer } from '../optim';
import type { StateDict } from '../weights';

/** k/n times n may fall short of k by so much. */
const ROUNDING = 1e-6;

/** A network at a point of weight space. Training moves `weights`; nothing else changes. */
export interface Model {
  readonly network: Network;
  weights: StateDict;
}

/** What an epoch may be given besides the lab's own arguments. */
export interface EpochOptions {
  /** Who computes; by default `defaultEngine`. */
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
 * An interrupt stops it between two batches: `model.weights` is whole then.
 *
 * @param model the network and its weights
 * @param loader the batches
 * @param lossFunction the mean loss of logits and labels; `crossEntropy` in the lab
 * @param optimizer takes a step after each batch; without it nothing is trained
 * @throws InputError when the loader has no batch, and on what every `Engine` refuses
 * @example
 * ```ts
 * const { loss, accuracy } = await performEpoch({ network, weights: w1 }, loader, crossEntropy);
 * loss > 0 && accuracy >= 0; // → true
 * ```
 */
export async function performEpoch(
  model: Model,
  loader: DataLoader,
  lossFunction: LossFunction,
  optimizer?: Optimizer,
  { engine = defaultEngine, signal, onBatch }: EpochOptions = {},
): Promise<Figures> {
  const { network, weights } = model;
  if (optimizer !== undefined) {
    const task = { network, point: model, loader, lossFunction, optimizer, signal, onBatch };
    return await guarded(engine).descend(task);
  }
  // Cross-entropy of a whole dataset is the same in whatever batches: the engine takes its own.
  const whole = lossFunction === crossEntropy && isWhole(loader);
  const samples = whole ? loader.dataset : loader;
  const evaluator = guarded(engine).evaluator(network, [weights], samples, { lossFunction });
  const onProgress = (share: number) =>
    onBatch?.(Math.floor(share * loader.length + ROUNDING), loader.length);
  try {
    if (whole) startPass(loader);
    const [figures] = await evaluator.evaluate([[1]], { signal, onProgress });
    return figures!;
  } finally {
    evaluator.dispose();
  }
}
