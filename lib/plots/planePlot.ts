import { InputError } from '../errors';
import type { Grid, PlanePoint } from '../plane';
import { counted, readable, rounded } from './numbers';
import {
  isocontourGrid,
  onAxis,
  type PlaneAxis,
  pictureSize,
  planeAxis,
  planeTicks,
} from './planeAxes';
import { chainMarks, labelPoints, notFiniteMark, pointerTargets, pointMarks } from './planeMarks';
import { accuracyRelief, lossRelief } from './relief';
import { type PlotOptions, type PlotSpec, VEGA } from './spec';
import { AXIS, CARD, LEGEND, TITLE } from './theme';

/** Which of a grid's figures is drawn. */
export type Quantity = 'trainLoss' | 'testLoss' | 'trainAcc' | 'testAcc';

/** A point with the name it has on the plot: w₁, w₂, θ. */
export interface LabelledPoint extends PlanePoint {
  readonly label: string;
}

export interface PlanePlotOptions extends PlotOptions {
  /** The chain, if there is one, in plane coordinates: its points are joined in order. */
  readonly chain?: readonly PlanePoint[];
  /** Points to mark and name. */
  readonly points: readonly LabelledPoint[];
  /** |û| and |v̂|: with them a unit of weight space is as long across as it is up. */
  readonly lengths: { readonly u: number; readonly v: number };
  readonly quantity?: Quantity;
  /** Losses above this share one colour; by default nine tenths of the cells lie below it. */
  readonly clip?: number;
}

const QUANTITIES: Record<Quantity, string> = {
  trainLoss: 'train loss',
  testLoss: 'test loss',
  trainAcc: 'train accuracy',
  testAcc: 'test accuracy',
};

/**
 * The loss (or accuracy) on the plane as filled contours, with the chain as a line and the given
 * points marked. Levels of loss are log-spaced from the valley's floor (2 % of the cells lie at or
 * below it) up to `clip`; between grid points log loss is taken as linear. Dark is low loss, or
 * high accuracy. Both axes have the same scale in weight space. A pointer over a cell shows its
 * figures.
 *
 * A single row or column is drawn as a band; cells without a finite value are grey.
 *
 * @throws InputError on a grid that is empty, ragged or unevenly spaced, on lengths that are not
 *   positive, or on a clip that is not positive or given for an accuracy
 */
export function planePlot(grid: Grid, options: PlanePlotOptions): PlotSpec {
  const { chain = [], points, lengths, quantity = 'trainLoss' } = options;
  requireGrid(grid);
  requireLengths(lengths);
  const isLoss = quantity === 'trainLoss' || quantity === 'testLoss';
  const name = QUANTITIES[quantity];
  const relief = isLoss ? lossRelief(grid[quantity], options.clip) : accuracyRelief(grid[quantity]);
  if (!isLoss && options.clip !== undefined) {
    throw new InputError(`planePlot: clip is for losses; leave it out for ${quantity}`);
  }
  const x = planeAxis(grid.as, lengths.u);
  const y = planeAxis(grid.bs, lengths.v);
  const { width, height } = pictureSize(x.span, y.span);
  const inside = ({ a, b }: PlanePoint) => onAxis(a, x) && onAxis(b, y);
  const shown = points.filter(inside);
  const title = options.title ?? `${name[0]!.toUpperCase()}${name.slice(1)} on the plane`;
  // The chain leaves a single row or column at once, so it is no part of a band.
  const line = x.count === 1 || y.count === 1 ? [] : chain;
  const outside = points.length - shown.length;
  const notes = [
    ...(line.length > 0 ? ['white line: the chain'] : []),
    ...(x.count === 1 ? [`only a = ${readable(x.first)}`] : []),
    ...(y.count === 1 ? [`only b = ${readable(y.first)}`] : []),
    ...(outside > 0 ? [`${counted(outside, 'point')} outside the picture`] : []),
    ...(relief.grey > 0 ? [`grey: ${counted(relief.grey, 'cell')} not finite`] : []),
  ];
  const description =
    options.description ??
    `${title}: ${relief.summary}; marked: ${shown.map((p) => p.label).join(', ') || 'no point'}.`;
  return {
    $schema: VEGA,
    description,
    ...CARD,
    width,
    height,
    title: {
      ...TITLE,
      text: title,
      subtitle: [relief.note, notes.join('; ')].filter((line) => line !== ''),
    },
    config: { axis: AXIS },
    data: [
      { name: 'grid', values: [isocontourGrid(relief.heights, x, y, width, height)] },
      {
        name: 'contours',
        source: 'grid',
        transform: [{ type: 'isocontour', thresholds: relief.thresholds }],
      },
      ...cellData(grid, relief.values, x, y),
      { name: 'chain', values: line.map(({ a, b }) => ({ a: rounded(a), b: rounded(b) })) },
      { name: 'points', values: labelPoints(shown, y.domain, height) },
    ],
    scales: [
      { name: 'x', domain: x.domain, range: 'width', zero: false, nice: false },
      { name: 'y', domain: y.domain, range: 'height', zero: false, nice: false },
      {
        name: 'colour',
        type: 'threshold',
        domain: relief.thresholds,
        range: {
          scheme: 'viridis',
          count: relief.thresholds.length + 1,
          extent: isLoss ? [0, 1] : [1, 0],
        },
      },
    ],
    axes: [
      {
        scale: 'x',
        orient: 'bottom',
        title: `a (in units of |û| = ${readable(lengths.u)})`,
        ...planeTicks(x, width, 55),
      },
      {
        scale: 'y',
        orient: 'left',
        title: `b (in units of |v̂| = ${readable(lengths.v)})`,
        ...planeTicks(y, height, 35),
      },
    ],
    legends:
      relief.thresholds.length === 0
        ? []
        : [
            {
              ...LEGEND,
              fill: 'colour',
              title: `${name}${isLoss ? ' (nats)' : ''}`,
              orient: 'right',
              offset: 16,
              gradientLength: { signal: 'max(height - 30, 170)' },
              gradientThickness: 18,
              encode: { labels: { update: { text: { signal: relief.label } } } },
            },
          ],
    marks: [
      {
        type: 'group',
        clip: true,
        encode: {
          enter: {
            width: { signal: 'width' },
            height: { signal: 'height' },
            fill: { scale: 'colour', value: -1e9 },
          },
        },
        marks: [
          {
            type: 'path',
            from: { data: 'contours' },
            encode: {
              enter: {
                fill: { scale: 'colour', field: 'contour.value' },
                stroke: { value: '#ffffff' },
                strokeOpacity: { value: 0.35 },
                strokeWidth: { value: 0.6 },
              },
            },
            transform: [{ type: 'geopath', field: 'datum.contour' }],
          },
          ...(relief.grey > 0 ? [notFiniteMark(x, y)] : []),
          ...chainMarks(),
          pointerTargets(x, y),
        ],
      },
      ...pointMarks(),
    ],
  };
}

/**
 * The figures of every cell, for the pointer: lists side by side, which Vega turns into one datum
 * a cell, `k` its number row by row.
 */
function cellData(grid: Grid, values: readonly number[], x: PlaneAxis, y: PlaneAxis) {
  const fields = Object.keys(QUANTITIES) as Quantity[];
  const lists = fields.map((field) => [field, grid[field].flat().map(asJson)]);
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

function requireLengths({ u, v }: { readonly u: number; readonly v: number }): void {
  if (!(u > 0 && v > 0 && Number.isFinite(u + v))) {
    throw new InputError(
      `planePlot: lengths must be |û| and |v̂|, both above 0, got u = ${u} and v = ${v}`,
    );
  }
}

function requireGrid(grid: Grid): void {
  for (const axis of ['as', 'bs'] as const) {
    if (grid[axis].length === 0 || !evenlySpaced(grid[axis])) {
      throw new InputError(
        `planePlot: ${axis} must be at least one number, evenly spaced, got [${grid[axis].map(readable).join(', ')}]`,
      );
    }
  }
  for (const quantity of Object.keys(QUANTITIES) as Quantity[]) {
    const rows = grid[quantity];
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
