/** Part 3.1's networks that are timed: hidden layers × neurons in each. */
export const WIDE = ['1x512', '3x128', '3x512'] as const;

type Wide = (typeof WIDE)[number];

const LAB = {
  step: 'training step, one net (ms)',
  sideBySide: 'two nets side by side, step of one (ms)',
  epoch: 'training epoch with shuffle and figures (s)',
  evaluation: 'one full evaluation, 60k + 10k (s)',
  line: '30-point line, 60k + 10k (s)',
  plane: '30×30 plane, 60k + 10k (s)',
  bendEpoch: 'bend epoch (s)',
  lab: 'the whole lab (s)',
  command: '`npm run lab`, all of it (s)',
} as const;

type WideRow = `${'epoch' | 'pair' | 'point'}-${Wide}`;

export type Row = keyof typeof LAB | WideRow | 'sweep' | 'vgg';

const wideRows = WIDE.flatMap((net): [WideRow, string][] => [
  [`epoch-${net}`, `epoch of ${net}, Adam (s)`],
  [`pair-${net}`, `two of ${net} side by side, epoch of one (s)`],
  [`point-${net}`, `a point of a line of five, ${net}, 60k + 10k (s)`],
]);

/** What is timed, on all sides. */
export const ROWS = {
  ...LAB,
  ...Object.fromEntries(wideRows),
  sweep: 'Part 3.1, put together (s)',
  vgg: 'training step of VGG11/8, batch 64 (ms)',
} as Readonly<Record<Row, string>>;

export type Side = 'ours' | 'tuned' | 'jax' | 'template';

/** What JAX is not written for: the bend, the whole of a part, convolutions. */
const WITHOUT_JAX: readonly Row[] = ['bendEpoch', 'lab', 'command', 'sweep', 'vgg'];
/** Of the template's way what does not take hours; its whole lab is put together from that. */
const OF_TEMPLATE: readonly Row[] = ['step', 'epoch', 'evaluation', 'bendEpoch', 'lab'];

/** Whether a side has a row at all. */
export function has(side: Side, row: Row): boolean {
  if (side === 'template') return OF_TEMPLATE.includes(row);
  return side !== 'jax' || !WITHOUT_JAX.includes(row);
}

/** Whether a peer says what it computes; the template's is the tuned one's, and the sweep's in other rows. */
export function tellsFigures(side: Side, row: Row): boolean {
  return side !== 'template' && row !== 'sweep';
}

/** What a peer is asked for instead: the lab's command is held against its whole lab, computed once more. */
export function askedOf(side: Side, row: Row): Row {
  return side !== 'ours' && row === 'command' ? 'lab' : row;
}

/** The network of a row. */
export function netOf(row: Row): Wide | 'vgg' | 'lab' {
  if (row === 'vgg') return row;
  return WIDE.find((net) => row.endsWith(`-${net}`)) ?? 'lab';
}

/** Rows under a second are measured several times a round, of which the median counts. */
export const SHORT: readonly Row[] = [
  'step',
  'sideBySide',
  'epoch',
  'evaluation',
  'bendEpoch',
  'vgg',
];
export const REPEATS = 15;

/** Loss (nats) and accuracy. */
export type Pair = readonly [loss: number, accuracy: number];

/** One measurement, as the programs of all sides print it, a line of JSON each. */
export interface Measurement {
  readonly row: Row | 'versions' | 'memory' | 'figures';
  readonly value: number | string | readonly Pair[];
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.length === 0
    ? Number.NaN
    : (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
}
