import type { Landscape } from '../../lib/curvature';

/** v ↦ A·v, row-major. */
export const timesOf = (a: ArrayLike<number>) => async (v: Float64Array) =>
  v.map((_, i) => v.reduce((sum, x, j) => sum + a[v.length * i + j]! * x, 0));

/** A function of two numbers with its derivatives by hand. */
export const landscape = (
  f: (x: number, y: number) => [loss: number, gradient: number[], matrix: number[]],
): Landscape => ({
  at([x, y]) {
    const [loss, gradient, matrix] = f(x!, y!);
    return {
      loss,
      gradient: Float64Array.from(gradient),
      hessian: timesOf(matrix),
      matrix: () => Float64Array.from(matrix),
    };
  },
});

/** (x² − 1)² + y²: minima at (±1, 0), a saddle at 0 of loss 1. */
export const wells = landscape((x, y) => [
  (x * x - 1) ** 2 + y * y,
  [4 * x * (x * x - 1), 2 * y],
  [12 * x * x - 4, 0, 0, 2],
]);
