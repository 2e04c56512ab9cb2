import { requireInteger } from '../errors';
import { linspace } from './linspace';
import { penalties } from './penalties';
import type { Path } from './points';

/** A multiple of 2 … 8: chains of up to seven bends have their joints among the points. */
const PIECES = 840;

/**
 * The length of a path in weight space over t from 0 to 1: that of the polygon through `pieces` + 1
 * points at equal steps of t. It is exact for a chain whose number of segments divides `pieces`; for
 * a smooth curve it is too small by a share of about 1/pieces². Buffers are no coordinates.
 *
 * @param path whose length it is
 * @param pieces into how many straight pieces it is cut, at least 1
 * @throws InputError when pieces is no positive integer, the anchors' structures differ, or a weight
 *   is not float32
 * @example
 * ```ts
 * // From (3, 4) to 0 and on to (0, 1).
 * arcLength(chain(a, b, scale(0, a))).toFixed(6); // → '6.000000'
 * ```
 */
export function arcLength({ anchors, coefficients }: Path, pieces = PIECES): number {
  requireInteger('arcLength', 'pieces', pieces, 1);
  const points = linspace(0, 1, pieces + 1).map((t) => coefficients(t));
  const steps = points.slice(1).map((point, i) => point.map((c, k) => c - points[i]![k]!));
  // ½·λ·|step|² with λ = 2.
  const squares = penalties(2, anchors, steps);
  return squares.reduce((sum, square) => sum + Math.sqrt(Math.max(0, square)), 0);
}
