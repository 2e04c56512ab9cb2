import { InputError } from '../errors';
import type { PlanePoint, TrainGrid } from '../plane';
import { readable, rounded } from './numbers';
import { isocontourGrid, type PlaneAxis, type PlanePicture } from './planeAxes';
import { type LabelledPoint, labelPoints } from './planeMarks';
import type { Relief } from './relief';

/** Which of a grid's figures is drawn. */
export type Quantity = (typeof QUANTITIES)[number];

const QUANTITIES = ['trainLoss', 'testLoss', 'trainAcc', 'testAcc'] as const;

/** Which of a grid's figures there are: those of test only where there was one. */
export function quantitiesOf(grid: TrainGrid): Quantity[] {
  return QUANTITIES.filter((quantity) => grid[quantity] !== undefined);
}

/** What the marks stand for: contours, cells, the chain, points. */
export function planeData(
  grid: TrainGrid,
  picture: PlanePicture,
  relief: Relief,
  chain: readonly PlanePoint[],
  points: readonly LabelledPoint[],
) {
  const line = chain.map(({ a, b }) => ({ a: rounded(a), b: rounded(b) }));
  return [
    { name: 'grid', values: [isocontourGrid(relief.heights, picture)] },
    {
      name: 'contours',
      source: 'grid',
      transform: [{ type: 'isocontour', thresholds: relief.thresholds }],
    },
    ...cellData(grid, picture, relief.values),
    { name: 'chain', values: line },
    { name: 'points', values: labelPoints(points, picture.y.domain, picture.height) },
  ];
}

/**
 * The figures of every cell, for the pointer: lists side by side, which Vega turns into one datum
 * a cell, `k` its number row by row.
 */
function cellData(grid: TrainGrid, { x, y }: PlanePicture, values: readonly number[]) {
  const fields = quantitiesOf(grid);
  const lists = fields.map((field) => [field, grid[field]!.flat().map(asJson)]);
  const position = ({ first, step }: PlaneAxis, index: string) => `${first} + ${step} * ${index}`;
  return [
    {
      name: 'cells',
      values: [Object.fromEntries(lists)],
      transform: [
        { type: 'flatten', fields, index: 'k' },
        { type: 'formula', as: 'a', expr: position(x, `(datum.k % ${x.count})`) },
        { type: 'formula', as: 'b', expr: position(y, `floor(datum.k / ${x.count})`) },
      ],
    },
    {
      name: 'notFinite',
      source: 'cells',
      transform: [
        {
          type: 'filter',
          expr: `indexof(${JSON.stringify(notFinite(values))}, datum.k) >= 0`,
        },
      ],
    },
  ];
}

function notFinite(values: readonly number[]): number[] {
  return values.flatMap((value, k) => (Number.isFinite(value) ? [] : [k]));
}

/** JSON has no NaN and no ∞: they are kept as words. */
function asJson(value: number): number | string {
  return Number.isFinite(value) ? rounded(value) : readable(value);
}

/** @throws InputError on a grid that is empty, ragged or unevenly spaced */
export function requireGrid(grid: TrainGrid): void {
  for (const axis of ['as', 'bs'] as const) {
    if (grid[axis].length === 0 || !evenlySpaced(grid[axis])) {
      throw new InputError(
        `planePlot: ${axis} must be at least one number, evenly spaced, got [${grid[axis].map(readable).join(', ')}]`,
      );
    }
  }
  for (const quantity of quantitiesOf(grid)) {
    const rows = grid[quantity]!;
    if (rows.length !== grid.bs.length || rows.some((row) => row.length !== grid.as.length)) {
      throw new InputError(
        `planePlot: ${quantity} must have ${grid.bs.length} rows (bs) of ${grid.as.length} ` +
          `figures (as), got ${rows.length} rows of ${[...new Set(rows.map((row) => row.length))].join(', ')}`,
      );
    }
  }
}

function evenlySpaced(values: readonly number[]): boolean {
  const step = (values.at(-1)! - values[0]!) / (values.length - 1);
  if (values.length === 1) return Number.isFinite(values[0]);
  return (
    step !== 0 &&
    values.every((value, k) => Math.abs(value - (values[0]! + k * step)) <= 1e-6 * Math.abs(step))
  );
}
