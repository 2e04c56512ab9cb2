import { length } from './vectors';

/**
 * Symmetric tridiagonal matrices T, and the way to one from a symmetric matrix: Householder's
 * reflections, and the QL method with implicit shifts (Golub and Van Loan, Matrix Computations,
 * 4th ed., §8.3; EISPACK's tred2 and imtql2). Eigenvalues are exact to about 1e-15 of the largest.
 */
export interface Tridiagonal {
  readonly diagonal: Float64Array;
  /** Number i stands between i and i + 1 of the diagonal. */
  readonly offDiagonal: Float64Array;
}

/** A = Q·T·Qᵀ. */
export interface Reduced extends Tridiagonal {
  /** x ← Q·x. */
  fromTridiagonal(x: Float64Array): Float64Array;
  /** x ← Qᵀ·x. */
  toTridiagonal(x: Float64Array): Float64Array;
}

/** Of I − v·vᵀ, v from a place on: |v|² is 2. */
interface Reflection {
  readonly from: number;
  readonly v: Float64Array;
}

/** Reduces a symmetric matrix, [n, n] row-major; reads its lower half, and overwrites it. */
export function tridiagonalise(a: Float64Array): Reduced {
  const n = Math.sqrt(a.length);
  const diagonal = new Float64Array(n);
  const offDiagonal = new Float64Array(Math.max(0, n - 1));
  const reflections: Reflection[] = [];
  for (let k = 0; k < n; k++) {
    diagonal[k] = a[k * n + k]!;
    if (k === n - 1) break;
    const x = Float64Array.from({ length: n - k - 1 }, (_, i) => a[(k + 1 + i) * n + k]!);
    offDiagonal[k] = x[0]!;
    if (x.subarray(1).every((value) => value === 0)) continue;
    // Away from x₀, so that nothing cancels.
    offDiagonal[k] = x[0]! > 0 ? -length(x) : length(x);
    x[0] = x[0]! - offDiagonal[k]!;
    const factor = Math.SQRT2 / length(x);
    const v = x.map((value) => value * factor);
    reflectBothSides(a, n, k + 1, v);
    reflections.push({ from: k + 1, v });
  }
  const all = (order: readonly Reflection[]) => (x: Float64Array) => {
    for (const reflection of order) reflect(x, reflection);
    return x;
  };
  return {
    diagonal,
    offDiagonal,
    fromTridiagonal: all([...reflections].reverse()),
    toTridiagonal: all(reflections),
  };
}

/** A ← (I − v·vᵀ)·A·(I − v·vᵀ) = A − v·wᵀ − w·vᵀ with w = Av − ½·(v·Av)·v, from a row on. */
function reflectBothSides(a: Float64Array, n: number, from: number, v: Float64Array): void {
  const w = new Float64Array(v.length);
  for (let i = 0; i < v.length; i++) {
    const row = (from + i) * n + from;
    let sum = a[row + i]! * v[i]!;
    for (let j = 0; j < i; j++) {
      sum += a[row + j]! * v[j]!;
      w[j] = w[j]! + a[row + j]! * v[i]!;
    }
    w[i] = w[i]! + sum;
  }
  let along = 0;
  for (let i = 0; i < v.length; i++) along += v[i]! * w[i]!;
  for (let i = 0; i < v.length; i++) w[i] = w[i]! - (along / 2) * v[i]!;
  for (let i = 0; i < v.length; i++) {
    const row = (from + i) * n + from;
    for (let j = 0; j <= i; j++) a[row + j] = a[row + j]! - v[i]! * w[j]! - w[i]! * v[j]!;
  }
}

function reflect(x: Float64Array, { from, v }: Reflection): void {
  let along = 0;
  for (let i = 0; i < v.length; i++) along += v[i]! * x[from + i]!;
  for (let i = 0; i < v.length; i++) x[from + i] = x[from + i]! - along * v[i]!;
}

/** More than the QL method ever takes for one eigenvalue. */
const MOST_ROUNDS = 60;

/**
 * The eigenvalues of T, ascending, and of each eigenvector what `rows` keeps: row i of it goes in as
 * the part of the i-th unit vector and comes out as that of the i-th eigenvector. With the rows of
 * the identity that is the eigenvectors themselves, a row each; with the numbers 1, 0, 0, … their
 * first numbers alone.
 */
export function eigenOfTridiagonal(
  { diagonal, offDiagonal }: Tridiagonal,
  rows: readonly Float64Array[] = [],
): { values: Float64Array; rows: Float64Array[] } {
  const d = diagonal.slice();
  const n = d.length;
  const e = new Float64Array(n);
  e.set(offDiagonal);
  const negligible = roundingOf(d, e);
  const z = rows.map((row) => row.slice());
  for (let l = 0; l < n; l++) {
    for (let round = 0; ; round++) {
      let m = l;
      while (m < n - 1 && !(Math.abs(e[m]!) <= negligible)) m++;
      if (m === l) break;
      if (round === MOST_ROUNDS)
        throw new Error('the QL method does not converge: NaN in the matrix');
      sweep(d, e, l, m, z);
    }
  }
  const order = [...d.keys()].sort((i, j) => d[i]! - d[j]!);
  return {
    values: Float64Array.from(order, (i) => d[i]!),
    rows: z.length === 0 ? [] : order.map((i) => z[i]!),
  };
}

/** What may be taken for 0 off the diagonal: rounding, beside the largest number of the matrix. */
function roundingOf(d: Float64Array, e: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < d.length; i++) {
    largest = Math.max(largest, Math.abs(d[i]!), Math.abs(e[i]!));
  }
  return Number.EPSILON * largest;
}

/** One QL step with an implicit shift on the block from l to m. */
function sweep(d: Float64Array, e: Float64Array, l: number, m: number, z: Float64Array[]): void {
  const p = (d[l + 1]! - d[l]!) / (2 * e[l]!);
  const r = Math.hypot(p, 1);
  let g = d[m]! - d[l]! + e[l]! / (p + (p < 0 ? -r : r));
  let [s, c, shift] = [1, 1, 0];
  for (let i = m - 1; i >= l; i--) {
    const [f, b] = [s * e[i]!, c * e[i]!];
    const radius = Math.hypot(f, g);
    e[i + 1] = radius;
    if (radius === 0) {
      d[i + 1] = d[i + 1]! - shift;
      e[m] = 0;
      return;
    }
    [s, c] = [f / radius, g / radius];
    g = d[i + 1]! - shift;
    const t = (d[i]! - g) * s + 2 * c * b;
    shift = s * t;
    d[i + 1] = g + shift;
    g = c * t - b;
    if (z.length > 0) rotate(z[i]!, z[i + 1]!, c, s);
  }
  d[l] = d[l]! - shift;
  e[l] = g;
  e[m] = 0;
}

function rotate(x: Float64Array, y: Float64Array, c: number, s: number): void {
  for (let k = 0; k < x.length; k++) {
    const f = y[k]!;
    y[k] = s * x[k]! + c * f;
    x[k] = c * x[k]! - s * f;
  }
}

/** The rows of the identity. */
export function unitRows(n: number): Float64Array[] {
  return Array.from({ length: n }, (_, i) => {
    const row = new Float64Array(n);
    row[i] = 1;
    return row;
  });
}
