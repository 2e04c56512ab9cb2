import { breathe } from '../cancellation';
import {
  type CriticalPoint,
  type CriticalPointOptions,
  findCriticalPoint,
  type Landscape,
  limitsOf,
  requireFiniteNorm,
} from './criticalPoints';
import { addScaled, dot, length } from './vectors';

/** The first step's length at most, and how its bound changes. */
const FIRST_RADIUS = 1;
const SHRINKS = 1 / 4;
const GROWS = 2;
/** Of what a step was to gain, how much makes the next one shorter, and longer. */
const POOR = 0.25;
const GOOD = 0.75;
/** Of the loss, below which a gain is rounding. */
const ROUNDING = 1e-13;
/** Of |∇L|, what a step may leave at most. */
const COARSEST = 0.1;

/**
 * A minimum below `start`, to rounding: Newton's method in a trust region, each step by conjugate
 * gradients that end where they meet negative curvature or the region's edge (Steihaug 1983, SIAM J.
 * Numer. Anal. 20(3) 626). So the loss falls in each step, and a saddle on the way is left. Where a
 * gain of loss would be rounding, `findCriticalPoint` goes on.
 *
 * What a symmetry of the network leaves alone at the start it leaves alone on the way: two equal
 * neurons stay equal, and one whose weights are 0 keeps them. Then it is a minimum among such weights,
 * and a critical point among all, of which the index says whether it is a minimum there too. Where the
 * loss falls towards infinity, look at |w| too, as there. At a ReLU's kink there is no Hessian, so with
 * ReLU it may not converge.
 *
 * @param landscape what `lossSurface` gives
 * @param start the first point, which stays as it is
 * @param options when a point counts as critical, and what the search may cost
 * @throws InputError as `findCriticalPoint`
 * @example
 * ```ts
 * const surface = lossSurface(network, small, { weightDecay: 0.1 });
 * const { index } = await findMinimum(surface, parametersToVector(network, w1));
 * index; // → 0
 * ```
 */
export async function findMinimum(
  landscape: Landscape,
  start: Float64Array,
  options: CriticalPointOptions = {},
): Promise<CriticalPoint> {
  const { signal, onStep } = options;
  const { tolerance, maxSteps } = limitsOf('findMinimum', options);
  let weights = start.slice();
  let point = landscape.at(weights);
  requireFiniteNorm('findMinimum', point);
  let [radius, steps] = [FIRST_RADIUS, 0];
  while (steps < maxSteps && length(point.gradient) > tolerance) {
    const { step, gain, isAtEdge } = await stepWithin(point, radius, signal);
    if (!(gain > ROUNDING * Math.abs(point.loss))) break;
    const moved = weights.map((w, i) => w + step[i]!);
    const next = landscape.at(moved);
    const ratio = (point.loss - next.loss) / gain;
    if (!(ratio >= POOR)) radius = SHRINKS * length(step);
    else if (ratio > GOOD && isAtEdge) radius *= GROWS;
    if (!(next.loss < point.loss)) continue;
    [weights, point] = [moved, next];
    steps += 1;
    onStep?.(steps, length(point.gradient));
  }
  const found = await findCriticalPoint(landscape, weights, {
    ...options,
    maxSteps: maxSteps - steps,
    onStep: (more, norm) => onStep?.(steps + more, norm),
  });
  return { ...found, steps: steps + found.steps };
}

/** A step p of at most a length that lowers g·p + ½·p·Hp, and by how much it does. */
async function stepWithin(
  { gradient, hessian }: ReturnType<Landscape['at']>,
  radius: number,
  signal: AbortSignal | undefined,
) {
  const norm = length(gradient);
  const enough = norm * Math.min(COARSEST, norm);
  const step = new Float64Array(gradient.length);
  // What is left of ∇L + H·step, and the direction.
  const rest = gradient.slice();
  let direction = rest.map((x) => -x);
  let square = norm ** 2;
  for (let i = 0; ; i++) {
    await breathe(signal);
    const product = await hessian(direction, signal);
    const curved = dot(direction, product);
    const edge = toEdge(step, direction, radius);
    const isAtEdge = !(curved > 0 && square / curved < edge);
    const far = isAtEdge ? edge : square / curved;
    addScaled(step, far, direction);
    addScaled(rest, far, product);
    const left = dot(rest, rest);
    if (isAtEdge || Math.sqrt(left) <= enough || i === gradient.length) {
      return { step, gain: -0.5 * (dot(gradient, step) + dot(rest, step)), isAtEdge };
    }
    const kept = left / square;
    direction = direction.map((x, k) => kept * x - rest[k]!);
    square = left;
  }
}

/** How often the direction goes into what is left from a step to the edge. */
function toEdge(step: Float64Array, direction: Float64Array, radius: number): number {
  const [a, b] = [dot(direction, direction), dot(step, direction)];
  const c = dot(step, step) - radius ** 2;
  return (Math.sqrt(Math.max(0, b * b - a * c)) - b) / a;
}
