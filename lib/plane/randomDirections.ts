import * as tf from '@tensorflow/tfjs';
import { InputError } from '../errors';
import { type Generator, generator, normal, requireSeed } from '../random';
import { isBuffer, norm, requireFiniteWeights, type StateDict } from '../weights';
import type { PlaneBasis } from './basis';

/** How long random directions are. */
export interface DirectionOptions {
  /**
   * `'filter'`: each filter of a direction is as long as the same filter of the weights, and biases
   * and BatchNorm's factors do not move (Li et al. 2018, 1712.09913, section 4). `'none'`: every
   * number is drawn from N(0, 1), v̂ before it is made orthogonal to û. By default `'filter'`.
   */
  readonly normalise?: 'filter' | 'none';
}

/** Keeps the draws apart from an initialisation of the same seed. */
const DIRECTION_STREAM = 4;

/**
 * The plane through `weights` along two random directions, for `evaluateGrid` and
 * `planeStateDict`: a and b then count in units of û and v̂, filter-normalised in those of the
 * weights themselves. A filter is what makes one output: a row of a dense layer's matrix, a kernel of
 * a convolution over all its input channels. Both directions are normal draws; v̂ is made orthogonal
 * to û filter by filter before it is scaled, so the axes are, and a filter of one number has no second
 * direction: v̂ is 0 there. Buffers stay as they are everywhere.
 *
 * `lengths` are |û| and |v̂|, as `planePlot` wants them. The caller disposes û and v̂ (`disposeBasis`); the origin is `weights` itself.
 *
 * @param weights the centre of the plane
 * @param seed the same seed gives the same directions
 * @throws InputError when the seed is no integer of at least 0, a weight is not finite, or `normalise`
 *   neither of the two
 * @example
 * ```ts
 * const plane = randomDirections(w1, 7, { normalise: 'filter' });
 * const around = { aRange: [-1, 1], bRange: [-1, 1], nx: 3, ny: 3 } as const;
 * const { trainLoss } = await evaluateGrid(network, plane, around, { train: small });
 * trainLoss.length; // → 3
 * plane.lengths.u > 0; // → true
 * disposeBasis(plane);
 * ```
 */
export function randomDirections(
  weights: StateDict,
  seed: number,
  { normalise = 'filter' }: DirectionOptions = {},
): Omit<PlaneBasis, 'theta'> {
  if (normalise !== 'filter' && normalise !== 'none') {
    throw new InputError(
      `randomDirections: normalise must be 'filter' or 'none', got ${normalise}`,
    );
  }
  requireSeed('randomDirections', 'seed', seed);
  requireFiniteWeights('randomDirections', 'the centre', weights);
  const random = generator(seed, DIRECTION_STREAM);
  const drawn = Object.entries(weights).map(([name, tensor]) => {
    const isStill = isBuffer(name) || (normalise === 'filter' && tensor.rank < 2);
    return { name, tensor, pair: isStill ? undefined : drawPair(tensor, normalise, random) };
  });
  const direction = (which: 'u' | 'v'): StateDict => {
    const tensors = drawn.map(({ name, tensor, pair }) => {
      const own = pair ? tf.tensor(pair[which], tensor.shape) : tf.zerosLike(tensor);
      return [name, own] as const;
    });
    return Object.fromEntries(tensors);
  };
  const [u, v] = [direction('u'), direction('v')];
  return { origin: weights, u, v, lengths: { u: norm(u), v: norm(v) } };
}

/** Both directions in one tensor, filter by filter; one of rank 0 or 1 is a filter of its own. */
function drawPair(tensor: tf.Tensor, normalise: 'filter' | 'none', random: Generator) {
  const [u, v] = [new Float32Array(tensor.size), new Float32Array(tensor.size)];
  const weights = tensor.dataSync();
  const size = tensor.rank < 2 ? tensor.size : tensor.size / tensor.shape[0]!;
  for (let from = 0; from < tensor.size; from += size) {
    const draw = () => Float64Array.from({ length: size }, () => normal(random));
    const [first, second] = [draw(), draw()];
    const along = dot(first, second) / dot(first, first);
    // Of one number nothing is left, where rounding would leave something.
    const rest = second.map((x, k) => (size === 1 ? 0 : x - along * first[k]!));
    const own = weights.subarray(from, from + size);
    u.set(normalise === 'none' ? first : scaledTo(own, first), from);
    v.set(normalise === 'none' ? rest : scaledTo(own, rest), from);
  }
  return { u, v };
}

/** The direction at the length of the weights; 0 where it is 0. */
function scaledTo(weights: ArrayLike<number>, direction: Float64Array): Float64Array {
  const square = dot(direction, direction);
  const factor = square === 0 ? 0 : Math.sqrt(dot(weights, weights) / square);
  return direction.map((x) => factor * x);
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k]! * b[k]!;
  return sum;
}
