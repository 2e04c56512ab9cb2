import { InputError } from '../errors';
import { eigenOfTridiagonal, tridiagonalise, unitRows } from './tridiagonal';

/** All eigenvalues of a symmetric matrix, ascending, and its eigenvectors. */
export interface Spectrum {
  readonly values: Float64Array;
  /** Of length 1, in the order of the values. */
  readonly vectors: readonly Float64Array[];
}

/**
 * All eigenvalues, ascending, of a symmetric matrix, exact to about 1e-15 of the largest: by
 * Householder's reflections and the QL method. The time grows with n³: about a second for 1000
 * rows, some more with the vectors.
 *
 * @param matrix [n, n] row-major; its lower half is read
 * @throws InputError unless the matrix is square and finite
 * @example
 * ```ts
 * symmetricEigenvalues(Float64Array.of(2, 1, 1, 2)).map(Math.round); // → Float64Array(2) [ 1, 3 ]
 * ```
 */
export function symmetricEigenvalues(matrix: Float64Array): Float64Array {
  requireSquare('symmetricEigenvalues', matrix);
  return eigenOfTridiagonal(tridiagonalise(matrix.slice())).values;
}

/**
 * As `symmetricEigenvalues`, with the eigenvectors.
 *
 * @param matrix [n, n] row-major; its lower half is read
 * @throws InputError unless the matrix is square and finite
 * @example
 * ```ts
 * symmetricEigen(Float64Array.of(5, 0, 0, 3)).values; // → Float64Array(2) [ 3, 5 ]
 * ```
 */
export function symmetricEigen(matrix: Float64Array): Spectrum {
  requireSquare('symmetricEigen', matrix);
  const reduced = tridiagonalise(matrix.slice());
  const { values, rows } = eigenOfTridiagonal(reduced, unitRows(reduced.diagonal.length));
  return { values, vectors: rows.map(reduced.fromTridiagonal) };
}

function requireSquare(where: string, matrix: Float64Array): void {
  const n = Math.sqrt(matrix.length);
  if (Number.isInteger(n) && n > 0 && matrix.every(Number.isFinite)) return;
  throw new InputError(
    `${where}: expected the n·n finite numbers of a matrix, got ${matrix.length} numbers` +
      `${matrix.every(Number.isFinite) ? '' : ', some of them not finite'}`,
  );
}

/** Of the largest eigenvalue, what rounding may make of one that is 0. */
const ROUNDING = 1e-10;

/**
 * The index of a critical point: how many eigenvalues of its Hessian are below 0 by more than
 * rounding, which is 1e-10 of the largest in size where nothing else is said. 0 at a minimum, where
 * some may be 0; of a point with a gradient it says only how many ways curve down.
 *
 * @param eigenvalues in any order
 * @param tolerance how far below 0 one must be to count
 * @example
 * ```ts
 * hessianIndex(Float64Array.of(-2, -1e-14, 3)); // → 1
 * ```
 */
export function hessianIndex(
  eigenvalues: Float64Array,
  tolerance = ROUNDING * eigenvalues.reduce((most, x) => Math.max(most, Math.abs(x)), 0),
): number {
  return eigenvalues.filter((value) => value < -tolerance).length;
}
