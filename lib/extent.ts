/** Least and largest of any number of values; NaN if one is NaN, [∞, −∞] of none. */
export function extent(values: readonly number[]): [low: number, high: number] {
  const low = values.reduce((least, value) => Math.min(least, value), Infinity);
  return [low, values.reduce((most, value) => Math.max(most, value), -Infinity)];
}
