import type { Batch, DataLoader } from '../data';
import { defaultEngine, type Engine, type Figures, guarded, lossAndGradient } from '../engine';
import { InputError, requireInteger } from '../errors';
import { crossEntropy, type LossFunction, type Network, requireLossFunction } from '../nn';
import type { Optimizer, Schedule } from '../optim';
import { generator } from '../random';
import { runEpochs } from '../training/runEpochs';
import { disposeStateDict, equal, requireFiniteWeights, type StateDict, scale } from '../weights';
import { asOne, firstBends, movingOne, optimizerOfBends, ownLast, partsOf } from './bends';
import { type Curve, curveCoefficients, reachOf, requireCurve } from './curves';
import { chainCoefficients, getStateDictFromChain } from './points';

/** Keeps the draws of t apart from the loader's shuffles when both have the same seed. */
const T_STREAM = 1;

/** How a bend is fitted. */
export interface BendOptions {
  /** The batches; each sees one t. */
  readonly loader: DataLoader;
  /** Moves θ, afresh whatever it has stepped before; the caller disposes it. */
  readonly optimizer: Optimizer;
  /** Passes over the loader, at least 1. */
  readonly epochs: number;
  /** Seeds the draws of t; the loader has its own seed for the order of samples. */
  readonly seed: number;
  /** Factor of the optimizer's learning rate at each epoch. */
  readonly schedule?: Schedule;
  /** What is fitted; by default a `chain`. */
  readonly curve?: Curve;
  /**
   * How many bends it has, at first equally spaced on the straight line, or those to begin with, which
   * stay as they are; by default 1.
   */
  readonly bends?: number | readonly StateDict[];
  /** The mean loss of a batch; by default `crossEntropy`. */
  readonly lossFunction?: LossFunction;
  /**
   * A file that keeps the bend after every epoch, as `train` does a training: if it is there, the fit
   * goes on from it, bit for bit. It must come from the same network, w₁, w₂, `seed`, data, batches,
   * optimizer, learning rate, loss, curve and `settings`, else it is refused; more epochs may be asked for
   * as there.
   */
  readonly checkpoint?: string;
  /** What else the bend depends on, for the checkpoint: numbers, texts, lists, datasets. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Who computes; by default `defaultEngine`. */
  readonly engine?: Engine;
  /** Stops between two batches; by default the notebook cell's interrupt does. */
  readonly signal?: AbortSignal | undefined;
  /** Told after each epoch the mean loss and accuracy at the points of the chain it visited. */
  readonly onEpoch?: (epoch: number, figures: Figures) => void;
}

/**
 * The bend θ that minimises E over t ~ U[0, 1] of L(φ_θ(t)), by one uniform t a batch (Garipov et
 * al. 2018, section 3.2), whose gradient comes by the chain rule (Task 2.2 derives it). θ starts at
 * the midpoint ½·w₁ + ½·w₂. The loader's passes are counted from 0 and the optimizer starts afresh,
 * whatever they were used for before, so the same call gives the same θ. `curve` is a chain or a
 * Bézier curve.
 *
 * With more bends each epoch moves one of them, in turn, at t uniform where it has a part in the
 * curve (its two segments of a chain), so n bends want n times the epochs. The caller disposes the
 * bends: `thetas` in their order, of which `theta` is the first.
 *
 * @param network the network that is evaluated
 * @param w1 the curve's beginning, which stays as it is
 * @param w2 its end, which stays as it is
 * @throws InputError on bad options, on different structures, when w₁ equals w₂, when one of them or
 *   a bend to begin with is not finite, or when the checkpoint is of another bend
 * @example
 * ```ts
 * const optimizer = SGD({ learningRate: 0.1 });
 * const { theta: bend, history } = await fitBend(network, w1, w2, { loader, optimizer, epochs: 3, seed: 7 });
 * history.length; // → 3
 * const options = { loader, optimizer, epochs: 4, seed: 7, bends: 2 };
 * const { thetas } = await fitBend(network, w1, w2, options);
 * chain(w1, w2, ...thetas).coefficients(1 / 3); // → [ 0, 1, 0, 0 ]
 * optimizer.dispose();
 * disposeStateDict(bend, ...thetas);
 * ```
 */
export async function fitBend(
  network: Network,
  w1: StateDict,
  w2: StateDict,
  options: BendOptions,
): Promise<{ theta: StateDict; thetas: StateDict[]; history: Figures[] }> {
  const { loader, optimizer, epochs, seed, signal, onEpoch, checkpoint, settings } = options;
  requireInteger('fitBend', 'epochs', epochs, 1);
  requireLossFunction('fitBend', options);
  const { engine = defaultEngine, lossFunction = crossEntropy, schedule } = options;
  const { curve = 'chain', bends = 1 } = options;
  requireCurve(curve);
  requireFiniteWeights('fitBend', 'w1', w1);
  requireFiniteWeights('fitBend', 'w2', w2);
  const point = { weights: asOne(firstBends(w1, w2, bends)) };
  const count = typeof bends === 'number' ? bends : bends.length;
  const { all, turn, dispose } = optimizerOfBends(optimizer, count);
  const run = { network, loader, optimizer: all, epochs, schedule, lossFunction, settings };
  const more = {
    ...{ w1, w2, seed },
    ...(curve !== 'chain' && { curve }),
    ...(bends !== 1 && { bends }),
  };
  const place =
    checkpoint === undefined
      ? undefined
      : ({ path: checkpoint, where: 'fitBend', kind: 'bend' } as const);
  try {
    if (equal(w1, w2)) {
      throw new InputError('fitBend: w1 and w2 are the same point; train two different minima');
    }
    const history = await runEpochs<Figures>(
      { ...run, point, place, more },
      async (epoch) => {
        const k = epoch % count;
        const random = generator(seed, epoch, T_STREAM);
        const [from, to] = reachOf(curve, count, k);
        const coefficients = Array.from({ length: loader.length }, () => {
          const t = from + (to - from) * random.uniform();
          return ownLast(curveCoefficients(curve, count, t), k + 1);
        });
        return await movingOne(point, count, k, (moving, others) => {
          const family = { fixed: [w1, ...others, w2], coefficients };
          const task = { network, point: moving, family, loader, lossFunction, optimizer, signal };
          return turn(k, () => guarded(engine).descend(task));
        });
      },
      (figures, epoch) => onEpoch?.(epoch + 1, figures),
    );
    const thetas = partsOf(point.weights, count);
    return { theta: thetas[0]!, thetas, history };
  } catch (error) {
    disposeStateDict(point.weights);
    throw error;
  } finally {
    dispose();
  }
}

/**
 * A batch's loss and accuracy at φ_θ(t) and its gradient with respect to θ. The caller disposes the
 * gradient. ∂φ_θ(t)/∂θ is 2t for t ≤ ½ and 2 − 2t from there, and ∇_θ L is that times ∇_w L at w =
 * φ_θ(t).
 *
 * @param network the network that is evaluated
 * @param t where on the chain, in [0, 1]
 * @param batch the images and labels, which stay as they are
 * @param options another loss than `crossEntropy`
 * @throws InputError when the structures differ, t is not finite or the loss is none
 * @example
 * ```ts
 * for (const batch of loader) {
 *   const { loss, gradient } = bendGradient(network, 0.5, { w1, w2, theta }, batch);
 *   Object.keys(gradient).length; // → 4
 *   disposeStateDict(gradient);
 * }
 * ```
 */
export function bendGradient(
  network: Network,
  t: number,
  { w1, w2, theta }: { w1: StateDict; w2: StateDict; theta: StateDict },
  batch: Batch,
  options: { readonly lossFunction?: LossFunction } = {},
) {
  requireLossFunction('bendGradient', options);
  const { lossFunction = crossEntropy } = options;
  const point = getStateDictFromChain(t, w1, w2, theta);
  try {
    const of = lossAndGradient(network, point, batch, lossFunction);
    const [, factor] = chainCoefficients(t);
    const gradientAtTheta = scale(factor, of.gradient);
    disposeStateDict(of.gradient, of.buffers);
    return { loss: of.loss, accuracy: of.accuracy, gradient: gradientAtTheta };
  } finally {
    disposeStateDict(point);
  }
}
