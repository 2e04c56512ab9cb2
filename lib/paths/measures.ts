import { InputError } from '../errors';
import { extent } from '../extent';
import { disposeStateDict, norm, type StateDict, subtract } from '../weights';

/** What one curve of losses says of a path, over t in [0, 1]; losses in nats. */
export interface PathMeasures {
  /** Mean over t uniform in [0, 1]. */
  readonly uniformMean: number;
  /** Mean over a point uniform in arc length. */
  readonly arcLengthMean: number;
  /** Barrier (c), the raw maximum (Garipov et al. 2018). */
  readonly maximum: number;
  /** The t of the maximum. */
  readonly argmax: number;
  /** Barrier (a): the maximum minus the mean of the ends (Frankle et al. 2020, 1912.05671). */
  readonly barrierA: number;
  /** Barrier (b): max of L(t) − ((1−t)·L(0) + t·L(1)) (Entezari et al. 2022, 2110.06296). */
  readonly barrierB: number;
}

/**
 * Measures losses along a path. Means are integrals of the piecewise linear curve through the
 * given points (trapezoid rule), so closer ts make them better. A loss that is NaN makes every
 * measure NaN, as numpy does, and argmax is the t of the first.
 *
 * @param ts rising; those outside [0, 1] are left out; 0 and 1 must be among them, and so must be
 *   where segments of different lengths meet, ½ for a chain
 * @param losses the loss at each t
 * @param segmentLengths the lengths of the path's equal shares of [0, 1]: one number for a
 *   straight line, [|θ − w₁|, |w₂ − θ|] for the chain
 * @throws InputError when an end is missing, lists differ in length, ts do not rise, the lengths
 *   are none or are together 0, or ts pass over the place where two lengths meet
 * @example
 * ```ts
 * const { maximum, argmax, barrierA, barrierB, uniformMean } = measurePath([0, 0.5, 1], [0, 2, 1]);
 * [maximum, argmax]; // → [ 2, 0.5 ]
 * [barrierA, barrierB]; // → [ 1.5, 1.5 ]
 * uniformMean; // → 1.25
 * ```
 */
export function measurePath(
  ts: readonly number[],
  losses: readonly number[],
  segmentLengths: readonly number[] = [1],
): PathMeasures {
  const points = ts
    .map((t, i) => ({ t, loss: losses[i] ?? Number.NaN }))
    .filter(({ t }) => t >= 0 && t <= 1);
  const [first, last] = [points[0], points.at(-1)];
  if (ts.length !== losses.length || first?.t !== 0 || last?.t !== 1 || !rises(ts)) {
    throw new InputError(
      'measurePath: expected rising ts that hold 0 and 1 and as many losses, got ' +
        `${ts.length} ts from ${first?.t} to ${last?.t} within [0, 1] and ${losses.length} losses`,
    );
  }
  const whole = segmentLengths.reduce((sum, length) => sum + length, 0);
  if (!(whole > 0 && whole < Infinity && segmentLengths.every((length) => length >= 0))) {
    throw new InputError(
      'measurePath: segmentLengths must be finite, at least 0, and not all of them 0, got ' +
        `[${segmentLengths.join(', ')}]; chainLengths gives those of a chain of finite weights`,
    );
  }
  requireJoints(ts, segmentLengths);
  const density = (t: number) =>
    segmentLengths[Math.min(Math.floor(t * segmentLengths.length), segmentLengths.length - 1)]!;
  let [uniform, weighted, length] = [0, 0, 0];
  for (let i = 1; i < points.length; i++) {
    const [left, right] = [points[i - 1]!, points[i]!];
    const area = ((left.loss + right.loss) / 2) * (right.t - left.t);
    const speed = density((left.t + right.t) / 2);
    uniform += area;
    weighted += area * speed;
    length += (right.t - left.t) * speed;
  }
  const highest = extent(points.map(({ loss }) => loss))[1];
  const top = points.find(({ loss }) => Object.is(loss, highest))!;
  const rise = points.map(({ t, loss }) => loss - ((1 - t) * first.loss + t * last.loss));
  return {
    uniformMean: uniform,
    arcLengthMean: weighted / length,
    maximum: top.loss,
    argmax: top.t,
    barrierA: top.loss - (first.loss + last.loss) / 2,
    barrierB: extent(rise)[1],
  };
}

/** Between two ts the speed must be one, or the mean over the arc length would be wrong unseen. */
function requireJoints(ts: readonly number[], lengths: readonly number[]): void {
  for (let k = 1; k < lengths.length; k++) {
    const joint = k / lengths.length;
    if (lengths[k] === lengths[k - 1] || ts.some((t) => Math.abs(t - joint) < 1e-9)) continue;
    throw new InputError(
      `measurePath: expected ${joint} among ts, where segments of lengths ${lengths[k - 1]} and ` +
        `${lengths[k]} meet; put it there: an odd number of evenly spaced ts holds ½ for a chain`,
    );
  }
}

function rises(ts: readonly number[]): boolean {
  return ts.every((t, i) => i === 0 || t > ts[i - 1]!);
}

/**
 * The lengths of the chain's segments, |θ − w₁| and |w₂ − θ|, and of the straight line |w₂ − w₁|.
 * `ratio` is how many times as long as the line the chain is.
 *
 * @param w1 the chain's beginning
 * @param w2 its end
 * @param theta its bend
 * @throws InputError when the structures differ or a weight is not float32
 * @example
 * ```ts
 * // From (3, 4) to 0 and on to (0, 1).
 * chainLengths(a, b, scale(0, a)).segments; // → [ 5, 1 ]
 * ```
 */
export function chainLengths(
  w1: StateDict,
  w2: StateDict,
  theta: StateDict,
): { segments: [number, number]; line: number; ratio: number } {
  const segments: [number, number] = [distance(theta, w1), distance(w2, theta)];
  const line = distance(w2, w1);
  return { segments, line, ratio: (segments[0] + segments[1]) / line };
}

/**
 * The Euclidean distance |a − b| of two points of weight space; buffers are no coordinates.
 *
 * @param a one point of weight space
 * @param b another
 * @throws InputError when the structures differ or a weight is not float32
 * @example
 * ```ts
 * distance(a, scale(0, a)); // → 5
 * ```
 */
export function distance(a: StateDict, b: StateDict): number {
  const difference = subtract(a, b);
  const length = norm(difference);
  disposeStateDict(difference);
  return length;
}
