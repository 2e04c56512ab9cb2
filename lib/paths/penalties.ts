import { dot, type StateDict } from '../weights';

/**
 * ½·λ·|w|² at points of a linear family, in double precision: with G the anchors' inner products,
 * |Σᵢ cᵢ·aᵢ|² = Σᵢⱼ cᵢ·cⱼ·Gᵢⱼ. Buffers are no coordinates.
 */
export function penalties(
  weightDecay: number,
  anchors: readonly StateDict[],
  points: readonly (readonly number[])[],
): number[] {
  const products = anchors.map((a) => anchors.map((b) => dot(a, b)));
  return points.map((c) => {
    let square = 0;
    products.forEach((row, i) => {
      row.forEach((product, j) => {
        // Left out, not multiplied by 0: an anchor that is not finite has no part there.
        if (c[i] !== 0 && c[j] !== 0) square += c[i]! * c[j]! * product;
      });
    });
    return (weightDecay / 2) * square;
  });
}
