import type { SymmetricProduct } from '../curvature';
import { dot } from '../curvature/vectors';
import { generator, normal } from '../random';
import { type Check, check, type Judge, notAnswered, withFields } from './check';
import { compareFigures, EXACT, told } from './figures';
import { AS_BEFORE } from './given';

/** Part 4.1's first function: Hv from two gradients. */
export type DifferenceProduct = (
  gradientAt: (weights: Float64Array) => Float64Array,
  weights: Float64Array,
  v: Float64Array,
  h: number,
) => Float64Array;

/** Part 4.1's second function: one step of the power method. */
export type PowerStep = (
  times: SymmetricProduct,
  v: Float64Array,
) => Promise<{ value: number; next: Float64Array }>;

/** Part 4.1's third function: how many eigenvalues are negative. */
export type IndexOf = (eigenvalues: readonly number[], tolerance: number) => number;

const SIZE = 5;

/** A symmetric matrix and vectors, drawn; no eigenvalue is 0. */
function drawn(seed: number) {
  const random = generator(seed);
  const vector = () => Float64Array.from({ length: SIZE }, () => normal(random));
  const rows = Array.from({ length: SIZE }, vector);
  const matrix = rows.map((row, i) => row.map((x, j) => x + rows[j]![i]!));
  return { times: (v: Float64Array) => timesOf(matrix, v), v: vector(), w: vector(), b: vector() };
}

const timesOf = (matrix: readonly Float64Array[], v: Float64Array) =>
  Float64Array.from(matrix, (row) => dot(row, v));
const place = (i: number) => `at number ${i}`;

/** What was given, number by number. */
function unchanged(given: Readonly<Record<string, Float64Array>>): Judge {
  const before = Object.entries(given).map(([name, x]) => [name, x, x.slice()] as const);
  return (findings) => {
    if (findings.every(({ verdict }) => verdict === 'not answered'))
      notAnswered('it changes nothing');
    const changed = before.find(([, x, kept]) => x.some((value, i) => value !== kept[i]));
    return changed && `it writes into ${changed[0]}: take a copy`;
  };
}

/**
 * Part 4.1's first function: Hv = (∇L(w + hv) − ∇L(w − hv))/2h. Tried where the gradient is quadratic
 * in w: there that is Hv for every h, and a difference to one side is not.
 *
 * @param answer the student's function
 * @param seed seed of what it is tried on
 * @example
 * ```ts
 * const { findings } = await checkDifferenceProduct((gradientAt, w, v, h) => {
 *   const [ahead, behind] = [h, -h].map((s) => gradientAt(w.map((x, i) => x + s * v[i])));
 *   return ahead.map((g, i) => (g - behind[i]) / (2 * h));
 * });
 * findings.every(({ verdict }) => verdict === 'holds'); // → true
 * ```
 */
export async function checkDifferenceProduct(answer: DifferenceProduct, seed = 1): Promise<Check> {
  const { times, v, w, b } = drawn(seed);
  // ∇L = Aw + b∘w², so Hv = Av + 2b∘w∘v.
  const gradientAt = (x: Float64Array) => times(x).map((a, i) => a + b[i]! * x[i]! ** 2);
  const right = Array.from(times(v), (a, i) => a + 2 * b[i]! * w[i]! * v[i]!);
  const tryIt = (h: number): Judge => {
    const oneSided = (side: number) => right.map((x, i) => x + side * h * b[i]! * v[i]! ** 2);
    const wrong = {
      'a difference to one side, from w to w + hv: take w − hv as well': oneSided(1),
      'a difference to one side, from w − hv to w': oneSided(-1),
      'twice as much: the two points are 2h apart': right.map((x) => 2 * x),
      'the difference alone: divide it by how far the two points are apart': right.map(
        (x) => 2 * h * x,
      ),
      'its negative': right.map((x) => -x),
    };
    return () => compareFigures(answer(gradientAt, w, v, h), right, wrong, place, EXACT, WORDS);
  };
  return await check(
    { task: '4.1a', name: 'checkDifferenceProduct' },
    {
      'it is Hv, for a large h': tryIt(0.5),
      'and for a small one': tryIt(1e-3),
      [AS_BEFORE]: unchanged({ 'the weights': w, v }),
    },
  );
}

const WORDS = { these: 'this is', wanted: 'right is' };

/**
 * Part 4.1's second function: Rayleigh's quotient v·Av/v·v, and Av at length 1. Tried on a random
 * matrix.
 *
 * @param answer the student's function
 * @param seed seed of what it is tried on
 * @example
 * ```ts
 * const { findings } = await checkPowerStep(async (times, v) => {
 *   const product = await times(v);
 *   const along = v.reduce((sum, x, i) => sum + x * product[i], 0);
 *   const square = v.reduce((sum, x) => sum + x * x, 0);
 *   const length = Math.hypot(...product);
 *   return { value: along / square, next: product.map((x) => x / length) };
 * });
 * findings.every(({ verdict }) => verdict === 'holds'); // → true
 * ```
 */
export async function checkPowerStep(answer: PowerStep, seed = 1): Promise<Check> {
  const { times, v } = drawn(seed);
  const product = times(v);
  const length = Math.hypot(...product);
  const right = {
    value: dot(v, product) / dot(v, v),
    next: Array.from(product, (x) => x / length),
  };
  const ask = async () => {
    let products = 0;
    const counting: SymmetricProduct = async (x) => {
      products += 1;
      return times(x);
    };
    return { ...withFields(await answer(counting, v), 'value', 'next'), products };
  };
  const values = {
    'v·Av: divide it by v·v, since v need not have length 1': [dot(v, product)],
    'the length of Av': [length],
    'its negative': [-right.value],
  };
  const vectors = {
    'Av itself: divide it by its length': Array.from(product),
    'v at length 1: multiply it first': Array.from(v, (x) => x / Math.hypot(...v)),
  };
  return await check(
    { task: '4.1b', name: 'checkPowerStep' },
    {
      "the value is Rayleigh's quotient": async () =>
        compareFigures(
          [(await ask()).value],
          [right.value],
          values,
          () => 'of this v',
          EXACT,
          WORDS,
        ),
      'the next vector is Av at length 1': async () =>
        compareFigures((await ask()).next, right.next, vectors, place, EXACT, WORDS),
      'one product is enough': async () => {
        const { products } = await ask();
        return products === 1
          ? undefined
          : `it takes ${products}, and each goes through all images`;
      },
      [AS_BEFORE]: unchanged({ v }),
    },
  );
}

/**
 * Part 4.1's third function: how many eigenvalues are below 0 by more than the tolerance.
 *
 * @param answer the student's function
 * @param seed seed of the lists that it is tried on
 * @example
 * ```ts
 * const { findings } = await checkIndexOf(
 *   (eigenvalues, tolerance) => eigenvalues.filter((value) => value < -tolerance).length,
 * );
 * findings.every(({ verdict }) => verdict === 'holds'); // → true
 * ```
 */
export async function checkIndexOf(answer: IndexOf, seed = 1): Promise<Check> {
  const random = generator(seed);
  const tolerance = 1e-6;
  const negative = Array.from(
    { length: 3 + Math.floor(4 * random.uniform()) },
    () => -random.uniform() - 0.1,
  );
  const positive = Array.from({ length: 9 }, () => random.uniform() + 0.1);
  const rounding = [-1e-9, 1e-9, -1e-8];
  const count = (values: number[], right: number, otherwise: string) => () => {
    const got = answer(values, tolerance);
    return got === right
      ? undefined
      : `of ${values.length} eigenvalues it counts ${Number.isInteger(got) ? got : told(got)}, ${otherwise}`;
  };
  const all = [...positive, ...negative, ...rounding];
  return await check(
    { task: '4.1d', name: 'checkIndexOf' },
    {
      'a minimum has index 0': count(positive, 0, 'and none of them is negative'),
      'a saddle has as many as curve down': count(
        [...negative, ...positive],
        negative.length,
        `of which ${negative.length} are negative`,
      ),
      'what is 0 to rounding does not count': count(
        all,
        negative.length,
        `where ${negative.length} are below −tolerance, and some others are 0 to rounding`,
      ),
    },
  );
}
