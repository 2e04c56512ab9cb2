import { InputError } from '../errors';
import { colourChannel } from './colours';
import { onOneLine } from './names';
import { AXIS_FORMAT, drawable, readable, rounded } from './numbers';
import { type PlotOptions, type PlotSpec, VEGA_LITE } from './spec';
import { VEGA_LITE_CONFIG } from './theme';

/** A measured point of a series. */
export interface SeriesPoint {
  /** Which series it belongs to; the legend shows it. */
  readonly name: string;
  readonly x: number;
  readonly y: number;
}

/** What the axes of a `seriesPlot` are. */
export interface SeriesOptions extends PlotOptions {
  readonly xTitle: string;
  readonly yTitle: string;
  readonly logX?: boolean;
  readonly logY?: boolean;
}

/**
 * One measure against another: dots where it was measured, and a line for each name through the mean
 * of its dots at each x. What a log axis cannot show is left out.
 *
 * @param points in any order
 * @throws InputError when there is no point
 * @example
 * ```ts
 * const points = [{ name: 'raw', x: 64, y: 1.2 }, { name: 'raw', x: 128, y: 0.5 }];
 * await display(seriesPlot(points, { xTitle: 'width', yTitle: 'barrier (nats)', logX: true }));
 * ```
 */
export function seriesPlot(
  points: readonly SeriesPoint[],
  { xTitle, yTitle, logX = false, logY = false, title = yTitle, description }: SeriesOptions,
): PlotSpec {
  if (points.length === 0) throw new InputError('seriesPlot: no points; give at least one');
  const names = [...new Set(points.map(({ name }) => name))];
  const values = points.map(({ name, x, y }) => ({
    name,
    x: drawable(x, logX),
    y: drawable(y, logY),
  }));
  const axis = (field: string, title: string, log: boolean) => ({
    field,
    type: 'quantitative',
    title: onOneLine(title),
    scale: log ? { type: 'log', nice: false, padding: 12 } : { zero: true },
    axis: { format: AXIS_FORMAT, tickCount: 6 },
  });
  const [x, y] = [axis('x', xTitle, logX), axis('y', yTitle, logY)];
  const color = colourChannel('name', 'series', names);
  const told = names.map((name) => {
    const own = points.filter((point) => point.name === name);
    return `${name}: ${own.map((p) => `${readable(p.y)} at ${readable(p.x)}`).join(', ')}`;
  });
  return {
    $schema: VEGA_LITE,
    description: description ?? `${title}, against ${xTitle}. ${told.join('; ')}.`,
    title: { text: title },
    width: 420,
    height: 260,
    data: { values: values.filter((value) => value.x !== null && value.y !== null) },
    layer: [
      {
        mark: { type: 'line', strokeWidth: 1.75, aria: false },
        encoding: { x, y: { ...y, aggregate: 'mean' }, color },
      },
      {
        mark: { type: 'point', filled: true, size: 36, opacity: 0.8, aria: false },
        encoding: { x, y, color, tooltip: [{ field: 'name' }, { field: 'x' }, { field: 'y' }] },
      },
    ],
    config: VEGA_LITE_CONFIG,
  };
}

/**
 * A matrix as coloured squares with its numbers in them: row i, column j. Dark is small.
 *
 * @param matrix rows of equally many numbers
 * @param options `quantity` is what the numbers are, with their unit
 * @throws InputError when it is empty or ragged
 * @example
 * ```ts
 * await display(matrixPlot([[0, 0.4], [0.4, 0]], { quantity: 'barrier (nats)' }));
 * ```
 */
export function matrixPlot(
  matrix: readonly (readonly number[])[],
  { quantity, title = quantity, description }: PlotOptions & { readonly quantity: string },
): PlotSpec {
  const columns = matrix[0]?.length ?? 0;
  if (columns === 0 || matrix.some((row) => row.length !== columns)) {
    throw new InputError('matrixPlot: expected rows of equally many numbers, at least one');
  }
  const values = matrix.flatMap((row, i) =>
    row.map((value, j) => ({ i: i + 1, j: j + 1, value: rounded(value), text: shortest(value) })),
  );
  const off = matrix.flatMap((row, i) => row.filter((_, j) => j !== i));
  const [low, high] = [Math.min(...off), Math.max(...off)];
  const place = (field: string) => ({
    field,
    type: 'ordinal',
    title: null,
    axis: { labelAngle: 0 },
  });
  const middle = (low + high) / 2;
  return {
    $schema: VEGA_LITE,
    description:
      description ??
      `${title}, ${matrix.length} by ${columns}: beside the diagonal from ${readable(low)} to ${readable(high)}.`,
    title: { text: title },
    width: 38 * columns,
    height: 26 * matrix.length,
    data: { values },
    encoding: { x: place('j'), y: place('i') },
    layer: [
      {
        mark: { type: 'rect', aria: false },
        encoding: {
          color: {
            field: 'value',
            type: 'quantitative',
            title: onOneLine(quantity),
            scale: { scheme: 'viridis', domain: [Math.min(0, low), high] },
            legend: { orient: 'right' },
          },
        },
      },
      {
        mark: { type: 'text', fontSize: 11, aria: false },
        encoding: {
          text: { field: 'text' },
          color: { condition: { test: `datum.value > ${middle}`, value: 'black' }, value: 'white' },
        },
      },
    ],
    config: VEGA_LITE_CONFIG,
  };
}

/** Two digits, for a small square. */
function shortest(value: number): string {
  const short = Number(value.toPrecision(2));
  return short !== 0 && Math.abs(short) < 0.01 ? short.toExponential() : String(short);
}
