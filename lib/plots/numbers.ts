/** Six significant digits: more than a plot can show, and a third of the bytes of a double. */
export function rounded(value: number): number {
  return Number(value.toPrecision(6));
}

/** A value as an axis shows it, rounded; null, a gap, where it cannot be drawn. */
export function drawable(value: number, onLogAxis: boolean): number | null {
  return Number.isFinite(value) && !(onLogAxis && value <= 0) ? rounded(value) : null;
}

/** A number for people to read: three significant digits, no trailing zeros, `1.2e-5` when small. */
export function readable(value: number): string {
  if (!Number.isFinite(value)) return String(value).replace('Infinity', '∞');
  const short = Number(value.toPrecision(3));
  return short !== 0 && Math.abs(short) < 1e-3 ? short.toExponential() : String(short);
}

/** `1 epoch`, `2 epochs`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** How an axis writes its numbers: 80 and not 8e+1, which Vega makes of it for a step of 20. */
export const AXIS_FORMAT = '.6~g';
