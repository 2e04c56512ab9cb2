import { InputError, requireFinite } from '../errors';
import {
  disposeStateDict,
  dot,
  linearCombination,
  norm,
  requireSameStructure,
  type StateDict,
  subtract,
} from '../weights';

/** A point of the plane: w = w₁ + a·û + b·v̂, so a counts in units of |û| and b of |v̂|. */
export interface PlanePoint {
  readonly a: number;
  readonly b: number;
}

/** A plane of weight space: a point of it and two orthogonal (not unit) directions. */
export interface Plane {
  /** (0, 0) in the plane: w₁ itself, not a copy. */
  readonly origin: StateDict;
  readonly u: StateDict;
  readonly v: StateDict;
}

/**
 * The plane through w₁, w₂ and θ: û = w₂ − w₁, and v̂ the part of θ − w₁ that is orthogonal to it.
 */
export interface PlaneBasis extends Plane {
  /** |û| and |v̂|, the units of the two axes. */
  readonly lengths: { readonly u: number; readonly v: number };
  /** θ in the plane: (⟨û, θ − w₁⟩/⟨û, û⟩, 1). */
  readonly theta: PlanePoint;
}

/** A v̂ shorter than this part of |θ − w₁| is rounding, not a direction. */
const LEAST_SINE = 1e-4;

/**
 * Gram–Schmidt on w₂ − w₁ and θ − w₁ (Task 2.3 derives it). The projection is taken away twice,
 * because once leaves a rest of the size of rounding times |θ − w₁|, large when θ lies almost on
 * the line. The caller disposes `u` and `v` (see `disposeBasis`).
 *
 * @param w1 the plane's origin, which stays the caller's
 * @param w2 where û leads
 * @param theta a third point of the plane
 * @throws InputError when w₁ = w₂ or θ lies on the line through them, or a weight is not finite:
 *   there is no plane then
 * @example
 * ```ts
 * const origin = { w: tf.tensor1d([0, 0]) };
 * const basis = orthogonalBasis(origin, { w: tf.tensor1d([2, 0]) }, { w: tf.tensor1d([1, 3]) });
 * basis.v.w.arraySync(); // → [ 0, 3 ]
 * basis.theta; // → { a: 0.5, b: 1 }
 * basis.lengths; // → { u: 2, v: 3 }
 * ```
 */
export function orthogonalBasis(w1: StateDict, w2: StateDict, theta: StateDict): PlaneBasis {
  requireSameStructure('orthogonalBasis', w1, w2);
  requireSameStructure('orthogonalBasis', w1, theta);
  const u = subtract(w2, w1);
  const v = subtract(theta, w1);
  const along = removeProjection(v, u);
  const again = removeProjection(along.rest, u);
  const lengths = { u: norm(u), v: norm(again.rest) };
  const length = norm(v);
  const sine = lengths.v / length;
  disposeStateDict(v, along.rest);
  if (lengths.u === 0 || !(sine > LEAST_SINE)) {
    disposeStateDict(u, again.rest);
    requireFinite('orthogonalBasis', '|w2 - w1|', lengths.u);
    requireFinite('orthogonalBasis', '|theta - w1|', length);
    throw new InputError(
      lengths.u === 0
        ? 'orthogonalBasis: w1 and w2 are the same point, so they span no plane with theta'
        : `orthogonalBasis: theta lies on the line through w1 and w2 (sine of the angle ${sine.toExponential(1)}), ` +
            'so there is no plane; fit the bend first',
    );
  }
  const a = along.coefficient + again.coefficient;
  return { origin: w1, u, v: again.rest, lengths, theta: { a, b: 1 } };
}

function removeProjection(v: StateDict, u: StateDict) {
  const coefficient = dot(u, v) / dot(u, u);
  return { coefficient, rest: linearCombination([1, -coefficient], [v, u]) };
}

/**
 * Whether the three lie on one line, but for rounding, so that they span no plane. Of weights that
 * are not finite nothing is said: false.
 */
export function onOneLine(w1: StateDict, w2: StateDict, theta: StateDict): boolean {
  const [u, v] = [subtract(w2, w1), subtract(theta, w1)];
  const { rest } = removeProjection(v, u);
  const isLine = norm(u) === 0 || norm(rest) <= LEAST_SINE * norm(v);
  disposeStateDict(u, v, rest);
  return isLine;
}

/**
 * w₁ + a·û + b·v̂. The caller disposes it.
 *
 * @throws InputError when the structures differ or a weight is not float32
 * @example
 * ```ts
 * const origin = { w: tf.tensor1d([0, 0]) };
 * const basis = orthogonalBasis(origin, { w: tf.tensor1d([2, 0]) }, { w: tf.tensor1d([1, 3]) });
 * planeStateDict(basis, { a: 0.5, b: 1 }).w.arraySync(); // → [ 1, 3 ]
 * ```
 */
export function planeStateDict({ origin, u, v }: Plane, { a, b }: PlanePoint): StateDict {
  return linearCombination([1, a, b], [origin, u, v]);
}

/**
 * The coordinates of the foot of w on the plane, and how far w lies off it, as a fraction of
 * |w − w₁| (0 for a point of the plane, 1 for one straight above w₁).
 *
 * @throws InputError when the structures differ or a weight is not float32
 * @example
 * ```ts
 * const origin = { w: tf.tensor1d([0, 0]) };
 * const basis = orthogonalBasis(origin, { w: tf.tensor1d([2, 0]) }, { w: tf.tensor1d([1, 3]) });
 * planeCoordinates(basis, { w: tf.tensor1d([1, 3]) }); // → { a: 0.5, b: 1, residual: 0 }
 * ```
 */
export function planeCoordinates(
  { origin, u, v }: Plane,
  w: StateDict,
): PlanePoint & { readonly residual: number } {
  const offset = subtract(w, origin);
  const a = dot(offset, u) / dot(u, u);
  const b = dot(offset, v) / dot(v, v);
  const off = linearCombination([1, -a, -b], [offset, u, v]);
  const [distance, height] = [norm(offset), norm(off)];
  disposeStateDict(offset, off);
  return { a, b, residual: distance === 0 ? 0 : height / distance };
}

/**
 * Disposes û and v̂; the origin is the caller's own w₁.
 *
 * @example
 * ```ts
 * const basis = orthogonalBasis(w1, w2, theta);
 * disposeBasis(basis);
 * ```
 */
export function disposeBasis({ u, v }: Plane): void {
  disposeStateDict(u, v);
}
