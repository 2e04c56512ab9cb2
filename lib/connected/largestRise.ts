/**
 * The most that a curve of losses rises on its way: the largest of losses[j] − losses[i] with i < j,
 * 0 where it never rises. On the line from an initialisation to its minimum 0 is what Lucas et al.
 * 2021 (arXiv 2104.11044) call monotonic linear interpolation. NaN among the losses gives NaN.
 *
 * @param losses in the order of the way
 * @example
 * ```ts
 * largestRise([3, 2, 2.5, 1]); // → 0.5
 * largestRise([3, 2, 1]); // → 0
 * ```
 */
export function largestRise(losses: readonly number[]): number {
  let [lowest, rise] = [Number.POSITIVE_INFINITY, 0];
  for (const loss of losses) {
    lowest = Math.min(lowest, loss);
    rise = Math.max(rise, loss === lowest ? 0 : loss - lowest);
  }
  return rise;
}
