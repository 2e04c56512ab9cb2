const DIGITS = 4;
const MOST_DECIMALS = 6;

/** The cells of one column as text. Anything but a column of numbers is shown as it is. */
export function formatColumn(values: readonly unknown[]): string[] {
  const numbers = values.filter((value): value is number => typeof value === 'number');
  const format = numberFormat(numbers.filter(Number.isFinite));
  return values.map((value) => {
    if (value === null || value === undefined) return '';
    return typeof value === 'number' && Number.isFinite(value) ? format(value) : String(value);
  });
}

/**
 * Whole numbers as they are; else four digits of the smallest number, the same decimals for the
 * whole column, so that the points stand below each other; over more than three powers of ten,
 * four digits of each. No number that is not whole is rounded to a whole one while six decimals
 * can help it: an accuracy of 0.99998 is not 1.
 */
function numberFormat(numbers: readonly number[]): (value: number) => string {
  if (numbers.every(Number.isInteger)) return String;
  const sizes = numbers.filter((value) => value !== 0).map(Math.abs);
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  if (least < 1e-3 || most / least > 1e3 || most >= 1e6) return significant;
  const wanted = Math.max(0, DIGITS - 1 - Math.floor(Math.log10(least)));
  const fractions = numbers.filter((value) => !Number.isInteger(value));
  let decimals = Math.min(wanted, MOST_DECIMALS);
  while (decimals < MOST_DECIMALS && fractions.some((value) => isWhole(value.toFixed(decimals)))) {
    decimals++;
  }
  return (value) => value.toFixed(decimals);
}

function significant(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return String(value);
  const size = Math.abs(value);
  if (size < 1e-3 || size >= 1e6) return value.toExponential(DIGITS - 1);
  let digits = DIGITS;
  while (digits < MOST_DECIMALS && isWhole(value.toPrecision(digits))) digits++;
  return value.toPrecision(digits);
}

function isWhole(text: string): boolean {
  return Number.isInteger(Number(text));
}
