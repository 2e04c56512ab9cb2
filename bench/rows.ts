/** What is timed, on both sides. */
export const ROWS = {
  step: 'training step, one net (ms)',
  sideBySide: 'two nets side by side, step of one (ms)',
  epoch: 'training epoch with shuffle and figures (s)',
  evaluation: 'one full evaluation, 60k + 10k (s)',
  line: '30-point line, 60k + 10k (s)',
  plane: '30×30 plane, 60k + 10k (s)',
  bendEpoch: 'bend epoch (s)',
  lab: 'the whole lab (s)',
} as const;

export type Row = keyof typeof ROWS;

/** Rows under a second are measured several times a round, of which the median counts. */
export const SHORT: readonly Row[] = ['step', 'sideBySide', 'epoch', 'evaluation', 'bendEpoch'];
export const REPEATS = 5;

/** One measurement, as the programs of both sides print it, a line of JSON each. */
export interface Measurement {
  readonly row: Row | 'versions' | 'memory';
  readonly value: number | string;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.length === 0
    ? Number.NaN
    : (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
}
