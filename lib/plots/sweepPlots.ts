import { InputError } from '../errors';
import { extent } from '../extent';
import type { PathFigures } from '../paths';
import { colourChannel, legendName } from './colours';
import { onOneLine, runsOf, trainLossTitle } from './names';
import { drawable, readable, rounded } from './numbers';
import { type PlotOptions, type PlotSpec, VEGA_LITE } from './spec';
import { AXIS, CARD, VEGA_LITE_CONFIG } from './theme';

/** The two ways between one pair of minima of one configuration. */
export interface PathsOfPair {
  readonly configuration: string;
  readonly segment: PathFigures;
  readonly chain: PathFigures;
}

const MODES = ['linear_combination_of_two_minima', '1-bend_chain'] as const;

/**
 * Small multiples: train loss (log axis) along segment and chain, a panel a configuration, a
 * line a pair of minima, all panels on the same axes. The subtitle tells from where to where t runs.
 *
 * @param pairs the figures on segment and chain, a pair of minima each
 * @throws InputError when there is no pair
 * @example
 * ```ts
 * const figures = await evaluatePath(network, line(w1, w2), linspace(0, 1, 3), datasets);
 * await display(sweepPathsPlot([{ configuration: 'ReLU 1×64', segment: figures, chain: figures }]));
 * ```
 */
export function sweepPathsPlot(
  pairs: readonly PathsOfPair[],
  { title = 'Train loss on segment and chain', description, columns = 4 }: SweepOptions = {},
): PlotSpec {
  if (pairs.length === 0) throw new InputError('sweepPathsPlot: no pairs; give at least one');
  const configurations = [...new Set(pairs.map(({ configuration }) => configuration))];
  const all = pairs.flatMap(({ segment, chain }) => [segment, chain]);
  const values = pairs.flatMap(({ configuration, segment, chain }, pair) =>
    [segment, chain].flatMap(({ ts, trainLoss }, mode) =>
      ts.map((t, i) => ({
        configuration,
        pair,
        path: legendName(MODES[mode]!),
        t: rounded(t),
        loss: drawable(trainLoss[i]!, true),
      })),
    ),
  );
  return {
    $schema: VEGA_LITE,
    description:
      description ??
      `${title}; a panel for each of ${configurations.join(', ')}, a line for each pair of minima.`,
    title: { text: title, ...directionsIn(pairs) },
    data: { values },
    facet: {
      field: 'configuration',
      type: 'nominal',
      title: null,
      sort: configurations,
      header: { labelFontSize: 13, labelColor: AXIS.labelColor },
    },
    columns,
    spec: {
      width: 155,
      height: 150,
      mark: { type: 'line', strokeWidth: 1.5, clip: true },
      encoding: {
        x: {
          field: 't',
          type: 'quantitative',
          title: 't (fraction of the path)',
          axis: { tickCount: 3 },
        },
        y: {
          field: 'loss',
          type: 'quantitative',
          title: trainLossTitle(all, true),
          scale: { type: 'log' },
          axis: { tickCount: 5, format: '~g' },
        },
        color: colourChannel('path', 'path', MODES),
        detail: { field: 'pair' },
      },
    },
    config: VEGA_LITE_CONFIG,
  };
}

/** A subtitle that tells from where to where t runs, where the figures say so. */
function directionsIn(pairs: readonly PathsOfPair[]): { subtitle?: string[] } {
  const runs = pairs.flatMap(({ segment, chain }) =>
    runsOf({ [MODES[0]]: segment, [MODES[1]]: chain }),
  );
  return runs.length > 0 ? { subtitle: [...new Set(runs)] } : {};
}

/** How the small multiples of a sweep are laid out. */
export interface SweepOptions extends PlotOptions {
  /** Panels in a row. */
  readonly columns?: number;
}

/**
 * Small multiples: a panel a measure, a row a configuration, a dot a pair of minima and a tick at
 * their mean.
 *
 * @param rows one a pair: its configuration and its measures, numbers by the panels' titles
 * @throws InputError when there is no row
 * @example
 * ```ts
 * await display(spreadPlot([{ configuration: 'ReLU 1×64', 'barrier (nats)': 1.2 }]));
 * ```
 */
export function spreadPlot(
  rows: readonly { readonly configuration: string; readonly [measure: string]: number | string }[],
  { title = 'Measures of every pair', description, columns = 3 }: SweepOptions = {},
): PlotSpec {
  const [first] = rows;
  if (first === undefined) throw new InputError('spreadPlot: no rows; give at least one');
  const configurations = [...new Set(rows.map(({ configuration }) => configuration))];
  const measures = Object.keys(first).filter((name) => name !== 'configuration');
  const panel = (measure: string) => {
    const title = onOneLine(measure);
    const values = rows
      .filter((row) => Number.isFinite(row[measure]))
      .map(({ configuration, [measure]: value }) => ({
        configuration,
        value: rounded(value as number),
      }));
    const y = {
      field: 'configuration',
      type: 'nominal',
      sort: configurations,
      scale: { domain: configurations },
      title: null,
    };
    const x = { type: 'quantitative', title, scale: { zero: false, nice: true } };
    const axis = { tickCount: 4, format: '~g' };
    return {
      width: 160,
      height: 24 * configurations.length,
      data: { values },
      layer: [
        {
          mark: { type: 'point', filled: true, size: 40, opacity: 0.7, color: '#0072B2' },
          encoding: {
            x: { ...x, field: 'value', axis },
            y,
            tooltip: [
              { field: 'configuration', type: 'nominal' },
              { field: 'value', type: 'quantitative', title, format: '.4g' },
            ],
          },
        },
        {
          mark: { type: 'tick', thickness: 2.5, size: 18, color: '#D55E00' },
          encoding: { x: { ...x, field: 'value', aggregate: 'mean', axis }, y },
        },
      ],
    };
  };
  const told = measures.map((measure) => `${measure} from ${spread(rows, measure)}`).join('; ');
  return {
    $schema: VEGA_LITE,
    description: description ?? `${title}, dots for pairs and a tick for their mean: ${told}.`,
    title: { text: title },
    columns,
    concat: measures.map(panel),
    config: { ...VEGA_LITE_CONFIG, ...CARD },
  };
}

function spread(rows: readonly { readonly [measure: string]: number | string }[], measure: string) {
  const values = rows.map((row) => Number(row[measure])).filter(Number.isFinite);
  return extent(values).map(readable).join(' to ');
}
