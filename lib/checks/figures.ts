import { InputError } from '../errors';

/** Lists of numbers by what they are. */
export type Candidates = Readonly<Record<string, readonly number[]>>;

/** A number may be off by `absolute + relative · |wanted|`. */
export interface Tolerance {
  readonly absolute: number;
  readonly relative: number;
}

/** Of a mean loss: sums in float32, in whatever order; engines agree to 1e-5. */
export const OF_LOSS: Tolerance = { absolute: 1e-6, relative: 1e-4 };
/** Of what is computed from the very numbers. */
export const EXACT: Tolerance = { absolute: 1e-6, relative: 1e-6 };
/** Of a mean accuracy: by rounding, one sample and a few of 100 000 fall on the other side. */
export const ofAccuracy = (samples: number): Tolerance => ({
  absolute: 1.5 / samples + 3e-5,
  relative: 0,
});

/** Inputs tell when what is wrong lies this many tolerances away from what is right. */
const TELLING = 3;
const MOST_DRAWS = 30;

/**
 * Draws inputs until what is right lies apart from what a mistake gives, so that no mistake passes
 * by chance.
 *
 * @param apart how far they lie apart, in tolerances
 * @param discard disposes what is not taken
 * @throws InputError when no draw tells
 */
export async function drawTelling<T>(
  draw: (attempt: number) => Promise<T>,
  apart: (drawn: T) => number,
  discard: (drawn: T) => void = () => undefined,
): Promise<T> {
  for (let attempt = 0; attempt < MOST_DRAWS; attempt++) {
    const drawn = await draw(attempt);
    if (apart(drawn) >= TELLING) return drawn;
    discard(drawn);
  }
  throw new InputError(
    'network: at all points that this check tries, right and wrong answers would have about the ' +
      'same figures, or none that are finite; take a network that depends on its weights',
  );
}

/** How far the nearest of the candidates lies from what is wanted, in tolerances. */
export function separation(
  wanted: readonly number[],
  others: Candidates,
  tolerance: Tolerance,
): number {
  if (!wanted.every(Number.isFinite)) return 0;
  return Math.min(...Object.values(others).map((other) => deviation(other, wanted, tolerance)));
}

/**
 * Nothing when a list is the wanted one; otherwise a hint that says which other list it is, or
 * where it first differs.
 *
 * @param words what a list of this kind is called, and what has the wanted values
 */
export function compareFigures(
  answer: unknown,
  wanted: readonly number[],
  others: Candidates,
  place: (i: number) => string,
  tolerance: Tolerance,
  words = { these: 'these are', wanted: 'the network there has' },
): string | undefined {
  const got = asList(answer);
  if (!Array.isArray(got)) return `expected a list of ${wanted.length} numbers, got ${told(got)}`;
  if (got.length !== wanted.length) {
    return `expected ${wanted.length} numbers, got ${got.length}`;
  }
  if (deviation(got, wanted, tolerance) <= 1) return undefined;
  const fitting = Object.entries(others)
    .map(([name, list]) => ({ name, off: deviation(got, list, tolerance) }))
    .filter(({ off }) => off <= 1);
  const least = Math.min(...fitting.map(({ off }) => off));
  // Those that are as near, where several are about the same.
  const names = fitting.filter(({ off }) => off <= 10 * least + 0.01).map(({ name }) => name);
  if (names.length > 0) return `${words.these} ${names.join(', or ')}`;
  const i = wanted.findIndex((value, k) => !(deviation([got[k]], [value], tolerance) <= 1));
  return `${place(i)} you have ${told(got[i])}, ${words.wanted} ${told(wanted[i])}`;
}

/** A list, also of what tfjs gives as one: a typed array. */
export function asList(value: unknown): unknown {
  return ArrayBuffer.isView(value) ? Array.from(value as Float32Array) : value;
}

/** A value in a few words, with what is amiss if it is no number. */
export function told(value: unknown): string {
  if (typeof value === 'number') return value.toPrecision(4);
  if (typeof value === 'string') return `'${value}', which is a text and no number`;
  if (value instanceof Promise) return 'a promise (is an await missing?)';
  if (isTensor(value)) return 'a tensor (dataSync()[0] gives its number)';
  if (Array.isArray(value) || ArrayBuffer.isView(value)) return 'a list';
  return typeof value === 'function' ? 'a function' : String(value);
}

const isTensor = (value: unknown) =>
  typeof (value as { dataSync?: unknown } | null)?.dataSync === 'function';

/** The largest difference of two lists, in tolerances; ∞ where one has no number. */
function deviation(
  got: readonly unknown[],
  wanted: readonly number[],
  { absolute, relative }: Tolerance,
): number {
  if (got.length !== wanted.length) return Number.POSITIVE_INFINITY;
  const off = wanted.map((value, i) => {
    const other = got[i];
    if (Object.is(other, value)) return 0;
    const both = typeof other === 'number' && Number.isFinite(other) && Number.isFinite(value);
    if (!both) return Number.POSITIVE_INFINITY;
    return Math.abs(other - value) / (absolute + relative * Math.abs(value));
  });
  return Math.max(0, ...off);
}
