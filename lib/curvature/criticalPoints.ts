import { breathe } from '../cancellation';
import { InputError, requireInteger } from '../errors';
import type { SurfacePoint } from './lossSurface';
import { hessianIndex } from './spectrum';
import { eigenOfTridiagonal, type Reduced, tridiagonalise } from './tridiagonal';
import { length } from './vectors';

/** Where a critical point is looked for: a function of a vector with its derivatives. */
export interface Landscape {
  at(weights: Float64Array): Pick<SurfacePoint, 'loss' | 'gradient' | 'matrix'>;
}

/** Where the search ended. */
export interface CriticalPoint {
  readonly weights: Float64Array;
  /** In nats. */
  readonly loss: number;
  /** |∇L| at the end. */
  readonly gradientNorm: number;
  /**
   * ½·Σ (uᵢ·∇L)²/|λᵢ|, over the eigenvalues that are not 0 to rounding: how much loss a step of
   * Newton's method would change.
   */
  readonly decrement: number;
  /** How many eigenvalues are negative; of a point with a gradient it says little. */
  readonly index: number;
  /** Ascending. */
  readonly eigenvalues: Float64Array;
  readonly parameters: number;
  /** Whether gradient and decrement are at rounding level: a critical point, as far as numbers tell. */
  readonly converged: boolean;
  /**
   * Whether the search ended in a gradient-flat region: the gradient is not 0, but H maps it to 0, so
   * no step makes it shorter. Such points look like critical ones (Frye et al. 2021).
   */
  readonly flat: boolean;
  /** Steps that made the gradient shorter. */
  readonly steps: number;
}

/** When a point counts as critical, and what the search may cost. */
export interface CriticalPointOptions {
  /** |∇L| below which it does; by default 1e-10. */
  readonly tolerance?: number;
  /** Steps after which the search ends; by default 200. Each makes the Hessian once. */
  readonly maxSteps?: number;
  readonly signal?: AbortSignal | undefined;
  /** Told after each step. */
  readonly onStep?: (steps: number, gradientNorm: number) => void;
}

/** Of the largest eigenvalue: the least damping, and how it changes. */
const LEAST_DAMPING = 1e-10;
const FIRST_DAMPING = 1e-2;
const GROWTH = 4;
/** Damping, beside the largest eigenvalue, at which a step is so short that none helps. */
const MOST_DAMPING = 1e4;
/** |H·∇L| beside ‖H‖·|∇L| that is flat. */
const FLAT = 1e-4;
/** Eigenvalues beside the largest that are 0 to rounding. */
const ROUNDING = 1e-10;

/**
 * A critical point near `start`, of any index: Newton's method, damped as Levenberg and Marquardt do
 * for the equations ∇L = 0, so that |∇L| falls in each step and saddles draw as minima do,
 *
 *     p = −(H² + σ²·I)⁻¹·H·∇L,
 *
 * the same as −Re((H + iσ·I)⁻¹·∇L). It may also end where H·∇L is 0 and ∇L is not: then `flat`
 * is true and `converged` is not, and the point is none to count. Where the loss has no minimum but
 * falls towards infinity, as without weight decay on samples that can be told apart, look at |w| too.
 *
 * @param landscape what `lossSurface` gives
 * @param start the first point, which stays as it is
 * @param options when a point counts as critical, and what the search may cost
 * @throws InputError on an option out of its range, and where loss or gradient are not finite
 * @example
 * ```ts
 * const surface = lossSurface(network, small, { weightDecay: 0.1 });
 * const found = await findCriticalPoint(surface, parametersToVector(network, w1));
 * found.converged; // → true
 * ```
 */
export async function findCriticalPoint(
  landscape: Landscape,
  start: Float64Array,
  options: CriticalPointOptions = {},
): Promise<CriticalPoint> {
  const { tolerance = 1e-10, maxSteps = 200, signal, onStep } = options;
  requireInteger('findCriticalPoint', 'maxSteps', maxSteps, 0);
  if (!(tolerance > 0)) {
    throw new InputError(`findCriticalPoint: tolerance must be above 0, got ${tolerance}`);
  }
  let weights = start.slice();
  let point = landscape.at(weights);
  let norm = requireFiniteNorm(point);
  let damping = FIRST_DAMPING;
  for (let steps = 0; ; steps++) {
    await breathe(signal);
    // A copy: the landscape may give one matrix time and again.
    const reduced = tridiagonalise(point.matrix().slice());
    const scale = largestOf(reduced);
    const next =
      norm <= tolerance || steps === maxSteps
        ? undefined
        : shorter(landscape, weights, point, norm, reduced, scale, damping);
    if (next === undefined) {
      return { ...judged(point, norm, reduced, tolerance), weights, steps };
    }
    ({ weights, point, norm, damping } = next);
    onStep?.(steps + 1, norm);
  }
}

type Local = ReturnType<Landscape['at']>;

/** The point after the longest step found, from a damping on, that makes the gradient shorter. */
function shorter(
  landscape: Landscape,
  weights: Float64Array,
  point: Local,
  norm: number,
  reduced: Reduced,
  scale: number,
  from: number,
) {
  const gradient = reduced.toTridiagonal(point.gradient.slice());
  for (let damping = from; damping <= MOST_DAMPING; damping *= GROWTH) {
    const step = reduced.fromTridiagonal(shifted(reduced, gradient, damping * scale));
    const moved = weights.map((w, i) => w - step[i]!);
    const next = landscape.at(moved);
    const nextNorm = length(next.gradient);
    if (nextNorm < norm) {
      const less = Math.max(LEAST_DAMPING, damping / GROWTH ** 2);
      return { weights: moved, point: next, norm: nextNorm, damping: less };
    }
  }
  return undefined;
}

/**
 * Re((T + iσ·I)⁻¹·y), by elimination in complex numbers. No pivot is below σ in size: with each the
 * imaginary part stays at least σ.
 */
function shifted({ diagonal, offDiagonal }: Reduced, y: Float64Array, sigma: number): Float64Array {
  const n = y.length;
  // The pivots' inverses, and the right side on the way.
  const [re, im] = [new Float64Array(n), new Float64Array(n)];
  const [x, z] = [y.slice(), new Float64Array(n)];
  for (let k = 0; k < n; k++) {
    let [a, b] = [diagonal[k]!, sigma];
    if (k > 0) {
      const e = offDiagonal[k - 1]!;
      const [r, i] = [e * re[k - 1]!, e * im[k - 1]!];
      a -= e * r;
      b -= e * i;
      const [before, imaginary] = [x[k - 1]!, z[k - 1]!];
      x[k] = x[k]! - (r * before - i * imaginary);
      z[k] = z[k]! - (r * imaginary + i * before);
    }
    const square = a * a + b * b;
    re[k] = a / square;
    im[k] = -b / square;
  }
  for (let k = n - 1; k >= 0; k--) {
    const e = k < n - 1 ? offDiagonal[k]! : 0;
    const above = x[k]! - e * (x[k + 1] ?? 0);
    const imaginary = z[k]! - e * (z[k + 1] ?? 0);
    x[k] = re[k]! * above - im[k]! * imaginary;
    z[k] = re[k]! * imaginary + im[k]! * above;
  }
  return x;
}

/** A bound on the eigenvalues' sizes: the largest sum along a row of T. */
function largestOf({ diagonal, offDiagonal }: Reduced): number {
  let largest = 0;
  for (const [i, x] of diagonal.entries()) {
    const beside = Math.abs(offDiagonal[i - 1] ?? 0) + Math.abs(offDiagonal[i] ?? 0);
    largest = Math.max(largest, Math.abs(x) + beside);
  }
  return largest === 0 ? 1 : largest;
}

/** What is said of the last point. */
function judged(point: Local, norm: number, reduced: Reduced, tolerance: number) {
  const { loss, gradient } = point;
  const along = reduced.toTridiagonal(gradient.slice());
  const { values, rows } = eigenOfTridiagonal(
    reduced,
    Array.from(along, (x) => Float64Array.of(x)),
  );
  const largest = Math.max(...values.map(Math.abs));
  let [decrement, image] = [0, 0];
  for (const [i, value] of values.entries()) {
    const part = rows[i]![0]! ** 2;
    image += value * value * part;
    if (Math.abs(value) > ROUNDING * largest) decrement += (0.5 * part) / Math.abs(value);
  }
  const isFlat = Math.sqrt(image) <= FLAT * largest * norm;
  const converged = norm <= tolerance && decrement <= tolerance;
  return {
    loss,
    gradientNorm: norm,
    decrement,
    index: hessianIndex(values),
    eigenvalues: values,
    parameters: values.length,
    converged,
    flat: !converged && isFlat,
  };
}

function requireFiniteNorm({ loss, gradient }: Local): number {
  const norm = length(gradient);
  if (Number.isFinite(loss) && gradient.every(Number.isFinite)) return norm;
  throw new InputError(
    `findCriticalPoint: loss and gradient must be finite at the start, got ${loss} and ${norm}; start ` +
      'elsewhere',
  );
}
