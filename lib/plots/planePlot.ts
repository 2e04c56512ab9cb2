import { InputError } from '../errors';
import type { Grid, PlanePoint } from '../plane';
import { counted, readable, rounded } from './numbers';
import { accuracyRelief, lossRelief } from './relief';
import { type PlotOptions, type PlotSpec, POINTER_TARGETS, VEGA } from './spec';
import { AXIS, CARD, FONT, LEGEND, TITLE } from './theme';

/** Which of a grid's figures is drawn. */
export type Quantity = 'trainLoss' | 'testLoss' | 'trainAcc' | 'testAcc';

/** A point with the name it has on the plot: w₁, w₂, θ. */
export interface LabelledPoint extends PlanePoint {
  readonly label: string;
}

export interface PlanePlotOptions extends PlotOptions {
  /** The chain in plane coordinates: its points are joined in order. */
  readonly chain: readonly PlanePoint[];
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
 * Sides of the picture in pixels: the longer one is 440, or more where that leaves less than 120
 * for the shorter one, but never over 900. A single row or column is a band of 120.
 */
const LONG_SIDE = 440;
const SHORT_SIDE = 120;
const LONGEST_SIDE = 900;
const CHAIN = '#ffffff';
const INK = '#111111';
const NOT_FINITE = '#9a9a9a';

/** Pixels that a point's name needs above or below the point. */
const LABEL_ROOM = 30;

/**
 * The loss (or accuracy) on the plane as filled contours, with the chain as a line and the given
 * points marked. Levels of loss are log-spaced from the least loss of the grid up to `clip`;
 * between grid points log loss is taken as linear. Dark is low loss, or high accuracy. Both axes
 * have the same scale in weight space. A pointer over a cell shows its figures.
 *
 * A single row or column is drawn as a band; cells without a finite value are grey.
 *
 * @throws InputError on a grid that is empty, ragged or unevenly spaced, on lengths that are not
 *   positive, or on a clip that is not positive or given for an accuracy
 */
export function planePlot(grid: Grid, options: PlanePlotOptions): PlotSpec {
  const { chain, points, lengths, quantity = 'trainLoss' } = options;
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
        ...ticks(x, width),
      },
      {
        scale: 'y',
        orient: 'left',
        title: `b (in units of |v̂| = ${readable(lengths.v)})`,
        ...ticks(y, height),
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
          ...(relief.grey > 0
            ? [
                cellMark('not finite', 'notFinite', x, y, {
                  fill: { value: NOT_FINITE },
                  stroke: { value: NOT_FINITE },
                }),
              ]
            : []),
          ...chainMarks(),
          pointerTargets(x, y),
        ],
      },
      ...pointMarks(),
    ],
  };
}

/** One axis of the grid, as it is drawn. */
interface PlaneAxis {
  readonly count: number;
  readonly first: number;
  readonly step: number;
  readonly domain: readonly [number, number];
  /** Length in weight space; 0 for a single row or column. */
  readonly span: number;
}

function planeAxis(values: readonly number[], length: number): PlaneAxis {
  const [first, last] = [values[0]!, values.at(-1)!];
  if (values.length === 1) {
    return { count: 1, first, step: 0, domain: [first - 0.5, first + 0.5], span: 0 };
  }
  const step = (last - first) / (values.length - 1);
  const domain: [number, number] = first < last ? [first, last] : [last, first];
  return { count: values.length, first, step, domain, span: Math.abs(last - first) * length };
}

/** One tick for about 45 pixels; for a single row or column, its own place alone. */
function ticks({ count, first }: PlaneAxis, pixels: number) {
  if (count === 1) return { values: [first], format: '.3~g' };
  return { tickCount: Math.max(2, Math.round(pixels / 45)), labelOverlap: true };
}

/** The same number of pixels for a unit of weight space both ways; see `LONG_SIDE`. */
function pictureSize(across: number, up: number): { width: number; height: number } {
  const [short, long] = across < up ? [across, up] : [up, across];
  if (long === 0) return { width: SHORT_SIDE, height: SHORT_SIDE };
  const roomy = short === 0 ? 0 : Math.min(SHORT_SIDE / short, LONGEST_SIDE / long);
  const scale = Math.max(LONG_SIDE / long, roomy);
  const side = (span: number) => (span === 0 ? SHORT_SIDE : Math.max(1, Math.round(scale * span)));
  return { width: side(across), height: side(up) };
}

/**
 * The grid as `isocontour` takes it. Its contours have value (i, j) at (i + ½, j + ½), so scale
 * and translate put that on the pixel of (as[i], bs[j]). A single row or column is doubled, the
 * copies on the two edges of its band.
 */
function isocontourGrid(
  heights: readonly number[],
  x: PlaneAxis,
  y: PlaneAxis,
  width: number,
  height: number,
) {
  const columns = x.count === 1 ? [0, 0] : Array.from({ length: x.count }, (_, i) => i);
  const rows = y.count === 1 ? [0, 0] : Array.from({ length: y.count }, (_, j) => j);
  const dx = (x.step < 0 ? -1 : 1) * (width / (columns.length - 1));
  const dy = (y.step < 0 ? 1 : -1) * (height / (rows.length - 1));
  return {
    width: columns.length,
    height: rows.length,
    values: rows.flatMap((j) => columns.map((i) => rounded(heights[j * x.count + i]!))),
    scale: [dx, dy],
    translate: [(dx > 0 ? 0 : width) - dx / 2, (dy > 0 ? 0 : height) - dy / 2],
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

/** A rectangle over each cell of a data set: half a step around its grid point. */
function cellMark(
  name: string,
  data: string,
  x: PlaneAxis,
  y: PlaneAxis,
  enter: Record<string, unknown>,
) {
  const size = ({ count }: PlaneAxis, side: string) =>
    count === 1 ? side : `${side} / ${count - 1}`;
  return {
    name,
    type: 'rect',
    from: { data },
    encode: {
      enter: {
        xc: { scale: 'x', field: 'a' },
        yc: { scale: 'y', field: 'b' },
        width: { signal: size(x, 'width') },
        height: { signal: size(y, 'height') },
        ...enter,
      },
    } as Record<string, unknown>,
  };
}

/** Unseen rectangles that show a cell's figures under the pointer. */
function pointerTargets(x: PlaneAxis, y: PlaneAxis) {
  const loss = (field: string) => figure(field, '.4g');
  const accuracy = (field: string) => figure(field, '.4f');
  const tooltip = `{ a: format(datum.a, '.3f'), b: format(datum.b, '.3f'), ${[
    `'train loss': ${loss('trainLoss')}`,
    `'train accuracy': ${accuracy('trainAcc')}`,
    `'test loss': ${loss('testLoss')}`,
    `'test accuracy': ${accuracy('testAcc')}`,
  ].join(', ')} }`;
  const mark = cellMark(POINTER_TARGETS, 'cells', x, y, {
    fill: { value: 'transparent' },
    tooltip: { signal: tooltip },
  });
  Object.assign(mark.encode, {
    update: { stroke: { value: 'transparent' } },
    hover: { stroke: { value: CHAIN } },
  });
  return mark;
}

function figure(field: string, format: string): string {
  return `isNumber(datum.${field}) ? format(datum.${field}, '${format}') : datum.${field}`;
}

/** A dark line under the white one, so that it shows on any colour. */
function chainMarks() {
  return [
    { stroke: INK, strokeWidth: 3.2 },
    { stroke: CHAIN, strokeWidth: 1.4 },
  ].map(({ stroke, strokeWidth }) => ({
    type: 'line',
    interactive: false,
    from: { data: 'chain' },
    encode: {
      enter: {
        x: { scale: 'x', field: 'a' },
        y: { scale: 'y', field: 'b' },
        stroke: { value: stroke },
        strokeWidth: { value: strokeWidth },
        strokeJoin: { value: 'round' },
        strokeCap: { value: 'round' },
      },
    },
  }));
}

/** Dots, and their names with a halo. */
function pointMarks() {
  const place = { x: { scale: 'x', field: 'a' }, y: { scale: 'y', field: 'b' } };
  const dots = {
    type: 'symbol',
    interactive: false,
    from: { data: 'points' },
    encode: {
      enter: {
        ...place,
        size: { value: 70 },
        fill: { value: CHAIN },
        stroke: { value: INK },
        strokeWidth: { value: 2 },
      },
    },
  };
  const halo = {
    stroke: { value: INK },
    strokeWidth: { value: 4 },
    strokeJoin: { value: 'round' },
  };
  const names = [halo, {}].map((extra) => ({
    type: 'text',
    interactive: false,
    from: { data: 'points' },
    encode: {
      enter: {
        ...place,
        text: { field: 'label' },
        dy: { field: 'dy' },
        align: { value: 'center' },
        baseline: { value: 'middle' },
        font: { value: FONT },
        fontSize: { value: 15 },
        fontWeight: { value: 'bold' },
        fill: { value: CHAIN },
        ...extra,
      },
    },
  }));
  return [dots, ...names];
}

/** Names stand away from the other points, above or below, but inside the picture. */
function labelPoints(
  points: readonly LabelledPoint[],
  [bottom, top]: readonly [number, number],
  height: number,
) {
  const mean = points.reduce((sum, { b }) => sum + b, 0) / points.length;
  return points.map(({ a, b, label }) => {
    const fromTop = (height * (top - b)) / (top - bottom);
    const above = b >= mean ? fromTop > LABEL_ROOM : fromTop > height - LABEL_ROOM;
    return { a: rounded(a), b: rounded(b), label, dy: above ? -17 : 17 };
  });
}

/** Whether a coordinate is in the picture; of a single row or column, whether it is the very one. */
function onAxis(value: number, { count, first, domain: [low, high] }: PlaneAxis): boolean {
  return count === 1 ? Math.abs(value - first) <= 1e-9 : value >= low && value <= high;
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
