import { breathe } from '../cancellation';
import { InputError } from '../errors';
import type { Generator } from '../random';
import type { Tridiagonal } from './tridiagonal';
import { addScaled, dot, length, randomUnit } from './vectors';

/** A symmetric matrix by its products with vectors. */
export type SymmetricProduct = (v: Float64Array, signal?: AbortSignal) => Promise<Float64Array>;

/** An orthonormal basis q₀, q₁, … of a Krylov space, in which the matrix is tridiagonal. */
export interface Krylov {
  readonly basis: Float64Array[];
  readonly diagonal: number[];
  /** Number i couples basis vectors i and i + 1; the last one leads out of the space. */
  readonly offDiagonal: number[];
}

/** Of the largest number so far, below which what is left of a product is rounding. */
const NOTHING_LEFT = 1e-12;

/**
 * One step of the recurrence of Lanczos (1950), A·qᵢ = βᵢ₋₁·qᵢ₋₁ + αᵢ·qᵢ + βᵢ·qᵢ₊₁. The product is
 * made orthogonal to the whole basis, twice, since the three terms alone lose orthogonality as soon
 * as an eigenvalue has converged (Paige 1971; Parlett, The Symmetric Eigenvalue Problem, ch. 13).
 * Where the space is closed it goes on with a random vector orthogonal to it, and β is 0. False
 * when there is no other vector.
 */
export async function lanczosStep(
  { basis, diagonal, offDiagonal }: Krylov,
  times: SymmetricProduct,
  random: Generator,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  await breathe(signal);
  const last = basis.at(-1)!;
  const rest = Float64Array.from(await times(last, signal));
  if (rest.length !== last.length) {
    throw new InputError(
      `a product with a vector of ${last.length} numbers must have as many, got ${rest.length}`,
    );
  }
  diagonal.push(dot(last, rest));
  makeOrthogonal(rest, basis);
  const beta = length(rest);
  const scale = Math.max(...diagonal.map(Math.abs), ...offDiagonal, beta);
  if (basis.length === last.length) {
    offDiagonal.push(0);
    return false;
  }
  const isOpen = beta > NOTHING_LEFT * scale;
  offDiagonal.push(isOpen ? beta : 0);
  basis.push(isOpen ? rest.map((x) => x / beta) : freshVector(basis, random));
  return true;
}

function makeOrthogonal(x: Float64Array, basis: readonly Float64Array[]): void {
  for (let round = 0; round < 2; round++) {
    for (const q of basis) addScaled(x, -dot(q, x), q);
  }
}

/** A random direction orthogonal to the basis. */
function freshVector(basis: readonly Float64Array[], random: Generator): Float64Array {
  const x = randomUnit(basis[0]!.length, random);
  makeOrthogonal(x, basis);
  const first = length(x);
  for (let i = 0; i < x.length; i++) x[i] = x[i]! / first;
  // Once more, as little may be left of it.
  makeOrthogonal(x, basis);
  const second = length(x);
  return x.map((value) => value / second);
}

/** The matrix as it is in the basis. */
export function tridiagonalOf({ diagonal, offDiagonal }: Krylov): Tridiagonal {
  return {
    diagonal: Float64Array.from(diagonal),
    offDiagonal: Float64Array.from(offDiagonal.slice(0, diagonal.length - 1)),
  };
}
