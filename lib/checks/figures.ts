/** Lists of numbers by what they are, the first being what is wanted. */
export type Candidates = Readonly<Record<string, readonly number[]>>;

/** Engines differ by rounding; one sample of a thousand may fall on the other side. */
const RELATIVE = 1e-3;
const ABSOLUTE = 2e-3;

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

function differing(got: readonly unknown[], wanted: readonly number[]): number {
  return wanted.findIndex((value, i) => {
    const off = Math.abs((got[i] as number) - value);
    return !(off <= ABSOLUTE || off <= RELATIVE * Math.abs(value));
  });
}
