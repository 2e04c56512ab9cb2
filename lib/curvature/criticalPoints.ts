import { InputError, requireInteger } from '../errors';
import { generator } from '../random';
import { type Krylov, lanczosStep, tridiagonalOf } from './lanczos';
import type { SurfacePoint } from './lossSurface';
import { largestOf, shifted } from './shifted';
import { hessianIndex } from './spectrum';
import { eigenOfTridiagonal, type Tridiagonal, tridiagonalise } from './tridiagonal';
import { addScaled, length } from './vectors';

/** Where a critical point is looked for: a function of a vector with its derivatives. */
export interface Landscape {
  at(weights: Float64Array): Pick<SurfacePoint, 'loss' | 'gradient' | 'hessian' | 'matrix'>;
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
  /** Steps after which the search ends; by default 200. Each takes some ten to some hundred products. */
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
 * What the Krylov space may leave out of a step, beside |∇L|: at most the first, and less near the end
 * and where the last step gained little.
 */
const COARSEST = 0.1;
const FINEST = 1e-8;

/**
 * A critical point near `start`, of any index: Newton's method, damped as Levenberg and Marquardt do
 * for the equations ∇L = 0, so that |∇L| falls in each step and saddles draw as minima do,
 *
 *     p = −(H² + σ²·I)⁻¹·H·∇L,
 *
 * the same as −Re((H + iσ·I)⁻¹·∇L). That is solved in the Krylov space of H from ∇L, as Newton-MR does
 * (Roosta et al. 2018, 1810.00303), so a step needs products alone; the Hessian itself is made once,
 * at the end. It may also end where H·∇L is 0 and ∇L is not: then `flat`
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
  const { signal, onStep } = options;
  const { tolerance, maxSteps } = limitsOf('findCriticalPoint', options);
  let weights = start.slice();
  let point = landscape.at(weights);
  let norm = requireFiniteNorm('findCriticalPoint', point);
  // The damping counts in ‖H‖; the largest of the search, as a space near the end may not show it.
  let [damping, scale, gain] = [FIRST_DAMPING, 0, 1];
  for (let steps = 0; ; steps++) {
    signal?.throwIfAborted();
    if (norm <= tolerance || steps === maxSteps) {
      return { ...judged(point, norm, tolerance), weights, steps };
    }
    const share = Math.max(FINEST, Math.min(COARSEST, norm, gain));
    const space = await spaceOf(point, norm, { damping, scale, share }, signal);
    scale = space.scale;
    const next = shorter(landscape, weights, norm, space, damping);
    if (next === undefined) return { ...judged(point, norm, tolerance), weights, steps };
    gain = 1 - next.norm / norm;
    ({ weights, point, norm, damping } = next);
    onStep?.(steps + 1, norm);
  }
}

/** Where a search ends at the latest, with what is the default. */
export function limitsOf(
  name: string,
  { tolerance = 1e-10, maxSteps = 200 }: CriticalPointOptions,
) {
  requireInteger(name, 'maxSteps', maxSteps, 0);
  if (tolerance > 0) return { tolerance, maxSteps };
  throw new InputError(`${name}: tolerance must be above 0, got ${tolerance}`);
}

type Local = ReturnType<Landscape['at']>;

/** A Krylov space, H in it, and about ‖H‖. */
interface Space {
  readonly basis: readonly Float64Array[];
  readonly t: Tridiagonal;
  readonly scale: number;
}

/** The Krylov space of H from ∇L that holds the damped step but for a small part. */
async function spaceOf(
  { gradient, hessian }: Local,
  norm: number,
  { damping, scale: least, share }: { damping: number; scale: number; share: number },
  signal: AbortSignal | undefined,
): Promise<Space> {
  const random = generator(0);
  const krylov: Krylov = { basis: [gradient.map((x) => x / norm)], diagonal: [], offDiagonal: [] };
  for (;;) {
    const goesOn = await lanczosStep(krylov, hessian, random, signal);
    const t = tridiagonalOf(krylov);
    const scale = Math.max(least, largestOf(t)) || 1;
    const { x, z } = shifted(t, norm, damping * scale);
    // |(H + iσ·I)·x − ∇L|, as of eigenvectors: what leads out of the space, times the last number.
    const residual = krylov.offDiagonal.at(-1)! * Math.hypot(x.at(-1)!, z.at(-1)!);
    if (!goesOn || !(residual > share * norm)) return { basis: krylov.basis, t, scale };
  }
}

/** The point after the longest step found, from a damping on, that makes the gradient shorter. */
function shorter(
  landscape: Landscape,
  weights: Float64Array,
  norm: number,
  { basis, t, scale }: Space,
  from: number,
) {
  for (let damping = from; damping <= MOST_DAMPING; damping *= GROWTH) {
    const { x } = shifted(t, norm, damping * scale);
    const moved = weights.slice();
    for (const [i, part] of x.entries()) addScaled(moved, -part, basis[i]!);
    const next = landscape.at(moved);
    const nextNorm = length(next.gradient);
    if (nextNorm < norm) {
      const less = Math.max(LEAST_DAMPING, damping / GROWTH ** 2);
      return { weights: moved, point: next, norm: nextNorm, damping: less };
    }
  }
  return undefined;
}

/** What is said of the last point. */
function judged({ loss, gradient, matrix }: Local, norm: number, tolerance: number) {
  // A copy: the landscape may give one matrix time and again.
  const reduced = tridiagonalise(matrix().slice());
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

/** @throws InputError where loss or gradient are not finite at the start of a search */
export function requireFiniteNorm(name: string, { loss, gradient }: Local): number {
  const norm = length(gradient);
  if (Number.isFinite(loss) && gradient.every(Number.isFinite)) return norm;
  throw new InputError(
    `${name}: loss and gradient must be finite at the start, got ${loss} and ${norm}; start elsewhere`,
  );
}
