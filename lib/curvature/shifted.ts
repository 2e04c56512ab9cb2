import type { Tridiagonal } from './tridiagonal';

/**
 * x + iz = (T + iσ·I)⁻¹·y of y = (first, 0, 0, …), by elimination in complex numbers. No pivot is below
 * σ in size: with each the imaginary part stays at least σ.
 */
export function shifted({ diagonal, offDiagonal }: Tridiagonal, first: number, sigma: number) {
  const n = diagonal.length;
  // The pivots' inverses, and the right side on the way.
  const [re, im] = [new Float64Array(n), new Float64Array(n)];
  const [x, z] = [new Float64Array(n), new Float64Array(n)];
  x[0] = first;
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
  return { x, z };
}

/** A bound on the eigenvalues' sizes: the largest sum along a row of T. */
export function largestOf({ diagonal, offDiagonal }: Tridiagonal): number {
  let largest = 0;
  for (const [i, x] of diagonal.entries()) {
    const beside = Math.abs(offDiagonal[i - 1] ?? 0) + Math.abs(offDiagonal[i] ?? 0);
    largest = Math.max(largest, Math.abs(x) + beside);
  }
  return largest;
}
