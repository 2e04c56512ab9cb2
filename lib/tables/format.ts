import { extent } from '../extent';

const DIGITS = 4;
const MOST_DIGITS = 6;

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
 * Whole numbers as they are; else four digits of the smallest number, with the same decimals for
 * the whole column, so that the points stand below each other. Where that would take long tails
 * of zeros (numbers a hundredfold apart, or very small or large), four digits of each.
 */
function numberFormat(numbers: readonly number[]): (value: number) => string {
  if (numbers.every(Number.isInteger)) return String;
  const sizes = numbers.filter((value) => value !== 0).map(Math.abs);
  const [least, most] = extent(sizes);
  if (least < 1e-3 || most / least > 100 || most >= 1e6) return significant;
  let decimals = Math.max(0, DIGITS - 1 - Math.floor(Math.log10(least)));
  while (decimals < MOST_DIGITS && numbers.some((x) => looksWhole(x, x.toFixed(decimals)))) {
    decimals++;
  }
  return (value) => value.toFixed(decimals);
}

function significant(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return value.toExponential(DIGITS - 1);
  let digits = DIGITS;
  while (digits < MOST_DIGITS && looksWhole(value, value.toPrecision(digits))) digits++;
  return String(Number(value.toPrecision(digits)));
}

/** An accuracy of 0.99998 is not 1, and must not look like it as long as six digits can tell. */
function looksWhole(value: number, text: string): boolean {
  return Math.abs(value) < 1 && Math.abs(Number(text)) === 1;
}
