import { InputError, requireInteger } from '../errors';
import { generator, requireSeed } from '../random';
import { type Krylov, lanczosStep, type SymmetricProduct, tridiagonalOf } from './lanczos';
import { eigenOfTridiagonal, unitRows } from './tridiagonal';
import { addScaled, length, randomUnit } from './vectors';

/** An eigenvalue as Lanczos' method finds it. */
export interface RitzPair {
  readonly value: number;
  /** Of length 1. */
  readonly vector: Float64Array;
  /** |A·vector − value·vector|: some eigenvalue is at most as far from the value. */
  readonly residual: number;
}

/** Eigenvalues at both ends of a spectrum. */
export interface Extremes {
  /** From the largest down. */
  readonly largest: readonly RitzPair[];
  /** From the smallest up. */
  readonly smallest: readonly RitzPair[];
  /** Products that it took. */
  readonly steps: number;
  /** Whether every residual is within the tolerance. */
  readonly converged: boolean;
}

/** How many eigenvalues, how exactly, and what it may cost. */
export interface ExtremesOptions {
  /** How many of the largest; by default 10. */
  readonly largest?: number;
  /** How many of the smallest; by default as many as of the largest. */
  readonly smallest?: number;
  /** Of the largest eigenvalue in size, what each residual is to be at most; by default 1e-4. */
  readonly tolerance?: number;
  /** Products after which it ends, converged or not; by default 300. */
  readonly maxSteps?: number;
  /** Of the first vector, which is random; by default 0. */
  readonly seed?: number;
  readonly signal?: AbortSignal | undefined;
  /** Told after each product how many there were. */
  readonly onStep?: (steps: number) => void;
}

/** Keeps the draws apart from others of the same seed. */
export const LANCZOS_STREAM = 21;
/** Steps between two looks at whether it has converged. */
const LOOK = 5;

/**
 * The largest and smallest eigenvalues of a symmetric matrix that is known by its products with
 * vectors, by the method of Lanczos (1950) with full reorthogonalisation. An error in an eigenvalue
 * is about residual²/gap, far below the residual. Of equal eigenvalues it finds one, the others only
 * where rounding or the whole space show them. It holds a vector a step.
 *
 * @param times v ↦ A·v; `(v) => curvature.hessian(v)`
 * @param size numbers in a vector
 * @param options how many, how exactly, and what it may cost
 * @throws InputError on an option out of its range, and where a product is not finite or not of that size
 * @example
 * ```ts
 * const curvature = await curvatureAt(network, w1, small);
 * const { largest } = await extremeEigenvalues((v) => curvature.hessian(v), 27, { largest: 2 });
 * largest[0].value > largest[1].value; // → true
 * curvature.dispose();
 * ```
 */
export async function extremeEigenvalues(
  times: SymmetricProduct,
  size: number,
  options: ExtremesOptions = {},
): Promise<Extremes> {
  const { largest = 10, smallest = largest, tolerance = 1e-4, maxSteps = 300, seed = 0 } = options;
  requireInteger('extremeEigenvalues', 'size', size, 1);
  requireInteger('extremeEigenvalues', 'largest', largest, 0);
  requireInteger('extremeEigenvalues', 'smallest', smallest, 0);
  requireInteger('extremeEigenvalues', 'maxSteps', maxSteps, 1);
  requireSeed('extremeEigenvalues', 'seed', seed);
  if (!(tolerance >= 0)) {
    throw new InputError(`extremeEigenvalues: tolerance must be at least 0, got ${tolerance}`);
  }
  const random = generator(seed, LANCZOS_STREAM);
  const krylov: Krylov = { basis: [randomUnit(size, random)], diagonal: [], offDiagonal: [] };
  for (let steps = 1; ; steps++) {
    const goesOn = await lanczosStep(krylov, times, random, options.signal);
    requireFiniteStep(krylov);
    options.onStep?.(steps);
    const isEnd = !goesOn || steps === maxSteps;
    if (!isEnd && (steps < largest + smallest || steps % LOOK > 0)) continue;
    const ritz = ritzOf(krylov);
    const ends = [...lastOf(ritz, largest).reverse(), ...ritz.slice(0, smallest)];
    const scale = Math.max(...ritz.map(({ value }) => Math.abs(value)));
    const converged = ends.every(({ residual }) => residual <= tolerance * scale);
    if (!isEnd && !converged) continue;
    const pairs = ends.map((pair) => ({ ...pair, vector: vectorOf(pair.part, krylov) }));
    return {
      largest: pairs.slice(0, Math.min(largest, steps)).map(plain),
      smallest: pairs.slice(Math.min(largest, steps)).map(plain),
      steps,
      converged,
    };
  }
}

interface Ritz {
  readonly value: number;
  readonly residual: number;
  /** The vector in the basis. */
  readonly part: Float64Array;
}

/** All eigenvalues in the space, ascending: the residual of one is |β·(its vector's last number)|. */
function ritzOf(krylov: Krylov): Ritz[] {
  const steps = krylov.diagonal.length;
  const { values, rows } = eigenOfTridiagonal(tridiagonalOf(krylov), unitRows(steps));
  const beta = krylov.offDiagonal.at(-1)!;
  return rows.map((part, i) => ({
    value: values[i]!,
    residual: Math.abs(beta * part.at(-1)!),
    part,
  }));
}

function vectorOf(part: Float64Array, { basis }: Krylov): Float64Array {
  const vector = new Float64Array(basis[0]!.length);
  for (const [i, factor] of part.entries()) addScaled(vector, factor, basis[i]!);
  const norm = length(vector);
  return vector.map((x) => x / norm);
}

const plain = ({ value, vector, residual }: RitzPair): RitzPair => ({ value, vector, residual });

const lastOf = <T>(list: readonly T[], count: number) =>
  list.slice(Math.max(0, list.length - count));

function requireFiniteStep({ diagonal, offDiagonal }: Krylov): void {
  if (Number.isFinite(diagonal.at(-1)) && Number.isFinite(offDiagonal.at(-1))) return;
  throw new InputError(
    'extremeEigenvalues: a product is not finite, so there is no curvature; take a point where loss ' +
      'and gradient are finite',
  );
}
