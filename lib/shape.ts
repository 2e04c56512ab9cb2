/** How many numbers a tensor of this shape holds: the product of its sides, 1 of a scalar. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}
