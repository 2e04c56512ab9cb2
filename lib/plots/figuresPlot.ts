import { InputError } from '../errors';
import { extent } from '../extent';
import { colourChannel, legendName } from './colours';
import { AXIS_FORMAT, drawable } from './numbers';
import { type PlotOptions, type PlotSpec, VEGA_LITE } from './spec';
import { VEGA_LITE_CONFIG } from './theme';

/** One panel: figures over others, a curve or a cloud of points a name. */
export interface FiguresPanel {
  readonly xTitle: string;
  readonly yTitle: string;
  /** By default `'line'`. */
  readonly marks?: 'line' | 'points';
  readonly xLog?: boolean;
  readonly yLog?: boolean;
  readonly series: Readonly<
    Record<string, { readonly x: ArrayLike<number>; readonly y: ArrayLike<number> }>
  >;
}

/**
 * Panels side by side, of any figures; a name has one colour in all of them. What cannot be drawn
 * (NaN, ±∞, or ≤ 0 on a log axis) leaves a gap.
 *
 * @param panels at least one
 * @throws InputError when there is none, or a name has not as many x as y
 * @example
 * ```ts
 * const sharpness = { x: [1, 2, 3], y: [4, 9, 10] };
 * const panel = { xTitle: 'epoch', yTitle: 'largest eigenvalue', series: { sharpness } };
 * await display(figuresPlot([panel], { title: 'Sharpness' }));
 * ```
 */
export function figuresPlot(
  panels: readonly FiguresPanel[],
  { title = 'Figures', description }: PlotOptions = {},
): PlotSpec {
  if (panels.length === 0) throw new InputError('figuresPlot: no panel; give at least one');
  const names = [...new Set(panels.flatMap(({ series }) => Object.keys(series)))];
  const told = panels.map(({ xTitle, yTitle }) => `${yTitle} over ${xTitle}`).join('; ');
  return {
    $schema: VEGA_LITE,
    description: description ?? `${title}: ${told}; ${names.join(', ')}.`,
    title: { text: title },
    hconcat: panels.map((panel) => panelSpec(panel, names)),
    config: VEGA_LITE_CONFIG,
  };
}

/** A little more than the figures take, so that none lies on the frame; what is not negative needs nothing below 0. */
function roomAround(figures: readonly (number | null)[]) {
  const drawn = figures.filter((one) => one !== null);
  if (drawn.length === 0) return {};
  const [low, high] = extent(drawn);
  const room = 0.04 * (high - low);
  return {
    domainMin: low < 0 ? low - room : Math.max(0, low - room),
    domainMax: high > 0 ? high + room : Math.min(0, high + room),
  };
}

function panelSpec({ xTitle, yTitle, marks, xLog, yLog, series }: FiguresPanel, names: string[]) {
  const values = Object.entries(series).flatMap(([name, { x, y }]) => {
    if (x.length !== y.length) {
      throw new InputError(
        `figuresPlot: ${name} has ${x.length} x and ${y.length} y; give each point both`,
      );
    }
    return Array.from(x, (at, i) => ({
      name: legendName(name),
      x: drawable(at, xLog ?? false),
      y: drawable(y[i]!, yLog ?? false),
    }));
  });
  const channel = (field: 'x' | 'y', title: string, log = false) => ({
    field,
    type: 'quantitative',
    title: log ? `${title} (log axis)` : title,
    scale: log
      ? { type: 'log' }
      : { zero: false, nice: true, ...(field === 'y' && roomAround(values.map(({ y }) => y))) },
    axis: { format: AXIS_FORMAT, tickCount: 6 },
  });
  const mark = marks === 'points' ? { type: 'point', size: 40, opacity: 0.8 } : { type: 'line' };
  return {
    width: 280,
    height: 240,
    data: { values },
    mark: { ...mark, strokeWidth: 1.75, clip: true, aria: false },
    encoding: {
      x: channel('x', xTitle, xLog),
      y: channel('y', yTitle, yLog),
      color: colourChannel('name', 'what', names),
      tooltip: [
        { field: 'name', type: 'nominal', title: 'what' },
        { field: 'x', type: 'quantitative', title: xTitle, format: '.4g' },
        { field: 'y', type: 'quantitative', title: yTitle, format: '.4g' },
      ],
    },
  };
}
