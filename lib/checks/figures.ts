import { InputError } from '../errors';

/** Lists of numbers by what they are, the first being what is wanted. */
export type Candidates = Readonly<Record<string, readonly number[]>>;

/**
 * Engines differ by rounding, one sample of a thousand may fall on the other side, and a mean of
 * batches whose last one is shorter is off by less than this.
 */
const RELATIVE = 5e-3;
const ABSOLUTE = 2e-3;
/** The share by which the losses of points far apart differ at least; of random nets a half and more. */
const VARIED = 0.05;

/**
 * Nothing when a list is the wanted one; otherwise a hint that says which other list it is, or
 * where it first differs.
 *
 * @param words what a list of this kind is called, and what has the wanted values
 */
export function compareFigures(
  got: unknown,
  wanted: readonly number[],
  others: Candidates,
  place: (i: number) => string,
  words = { these: 'these are', wanted: 'the network there has' },
): string | undefined {
  if (!Array.isArray(got)) return `expected a list of ${wanted.length} numbers, got ${got}`;
  if (got.length !== wanted.length) {
    return `expected ${wanted.length} numbers, got ${got.length}`;
  }
  if (differing(got, wanted) < 0) return undefined;
  for (const [name, list] of Object.entries(others)) {
    if (differing(got, list) < 0) return `${words.these} ${name}`;
  }
  const i = differing(got, wanted);
  const told = (value: unknown) =>
    typeof value === 'number'
      ? value.toPrecision(4)
      : value instanceof Promise
        ? 'a promise (is an await missing?)'
        : value;
  return `${place(i)} you have ${told(got[i])}, ${words.wanted} ${told(wanted[i])}`;
}

/**
 * Ends a check whose right values could be guessed.
 *
 * @throws InputError unless the losses are finite and differ from one another
 */
export function requireVaried(losses: readonly number[]): void {
  const [least, most] = [Math.min(...losses), Math.max(...losses)];
  if (Number.isFinite(most) && most - least > VARIED * most) return;
  throw new InputError(
    `network: its loss is ${Number.isFinite(most) ? 'about the same' : 'not finite'} at every point that ` +
      'this check tries, so nothing can be told by it; take a network that depends on its weights',
  );
}

function differing(got: readonly unknown[], wanted: readonly number[]): number {
  return wanted.findIndex((value, i) => {
    if (!Number.isFinite(value)) return !Object.is(got[i], value);
    const off = Math.abs((got[i] as number) - value);
    return !(off <= ABSOLUTE || off <= RELATIVE * Math.abs(value));
  });
}
