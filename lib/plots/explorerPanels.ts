import type { Dataset } from '../data';
import type { PathFigures } from '../paths';
import { legendName } from './colours';
import { digitUrl } from './digits';
import { directionsOf, lossUnit, trainLossTitle, wrapped } from './names';
import { drawable, readable, rounded } from './numbers';

/** A path to move along: its figures, and the labels of some digits at each t. */
export interface ExploredPath {
  readonly figures: PathFigures;
  /** What `labelsAlong` gave at the figures' ts. */
  readonly labels: readonly (readonly number[])[];
}

const DIGIT_SIZE = 40;
const WIDTH = 480;
/** Characters a line of a row's name. */
const NAME_WIDTH = 26;

/** An axis of such names alone. */
const NAMES = {
  domain: false,
  ticks: false,
  labelLimit: 400,
  labelPadding: 8,
  labelExpr: "split(datum.label, '\\n')",
} as const;

/** The loss along each path, with a mark at the slider's t. */
export function lossPanel(
  names: readonly string[],
  paths: readonly ExploredPath[],
  here: object,
  color: object,
) {
  const values = paths.flatMap(({ figures: { ts, trainLoss } }, k) =>
    ts.map((t, i) => ({
      path: legendName(names[k]!),
      t: rounded(t),
      loss: drawable(trainLoss[i]!, true),
    })),
  );
  const figures = paths.map((path) => path.figures);
  const { xTitle } = directionsOf(Object.fromEntries(names.map((name, k) => [name, figures[k]!])));
  const x = { field: 't', type: 'quantitative', title: xTitle };
  const y = {
    field: 'loss',
    type: 'quantitative',
    title: trainLossTitle(figures, true),
    scale: { type: 'log' },
    axis: { tickCount: 5, format: '~g' },
  };
  return {
    width: WIDTH,
    height: 180,
    data: { values },
    layer: [
      { mark: { type: 'line', strokeWidth: 1.75 }, encoding: { x, y, color } },
      {
        transform: [here],
        mark: { type: 'point', filled: true, size: 90, opacity: 1 },
        encoding: { x, y, color },
      },
    ],
  };
}

/** Loss and accuracy of each path at the slider's t, in words. */
export function wordsPanel(
  names: readonly string[],
  paths: readonly ExploredPath[],
  here: object,
  color: object,
) {
  const values = paths.flatMap(({ figures: f }, k) =>
    f.ts.map((t, i) => ({
      path: legendName(names[k]!),
      t: rounded(t),
      row: wrapped(legendName(names[k]!), NAME_WIDTH),
      told:
        `train loss ${readable(f.trainLoss[i]!)}${lossUnit(f)}, accuracy ${readable(f.trainAcc[i]!)}; ` +
        `test loss ${readable(f.testLoss[i]!)}${lossUnit(f)}, accuracy ${readable(f.testAcc[i]!)}`,
    })),
  );
  return {
    width: WIDTH,
    height: 32 * names.length,
    view: { stroke: null },
    data: { values },
    transform: [here],
    mark: { type: 'text', align: 'left', fontSize: 12, fontWeight: 'bold' },
    encoding: {
      x: { value: 0 },
      y: {
        field: 'row',
        type: 'nominal',
        title: null,
        scale: { domain: names.map((name) => wrapped(legendName(name), NAME_WIDTH)) },
        axis: NAMES,
      },
      text: { field: 'told' },
      color,
    },
  };
}

/** The digits, and below them the label that each path gives each of them here. */
export function digitsPanel(
  names: readonly string[],
  paths: readonly ExploredPath[],
  chosen: readonly number[],
  dataset: Dataset,
  here: object,
) {
  const rows = names.map((name) => wrapped(`label on ${legendName(name)}`, NAME_WIDTH));
  const images = chosen.map((sample) => ({
    row: 'digit',
    sample,
    url: digitUrl(dataset, sample),
    label: dataset.labels[sample],
  }));
  const values = paths.flatMap((path, k) => labelsOf(path, rows[k]!, chosen, dataset));
  const x = { field: 'sample', type: 'ordinal', sort: chosen, axis: null };
  const y = {
    field: 'row',
    type: 'nominal',
    title: null,
    scale: { domain: ['digit', ...rows] },
    axis: NAMES,
  };
  const color = { condition: { test: 'datum.right', value: '#222' }, value: '#C00000' };
  return {
    width: WIDTH,
    height: DIGIT_SIZE * (1 + rows.length),
    view: { stroke: null },
    layer: [
      {
        data: { values: images },
        mark: { type: 'image', width: DIGIT_SIZE - 8, height: DIGIT_SIZE - 8 },
        encoding: { x, y, url: { field: 'url' }, tooltip: { field: 'label' } },
      },
      {
        data: { values },
        transform: [here],
        mark: { type: 'text', fontSize: 15 },
        encoding: { x, y, text: { field: 'label' }, color },
      },
    ],
  };
}

function labelsOf(
  { figures, labels }: ExploredPath,
  row: string,
  chosen: readonly number[],
  dataset: Dataset,
) {
  return figures.ts.flatMap((t, i) =>
    chosen.map((sample) => {
      const label = labels[i]![sample]!;
      const right = label === dataset.labels[sample];
      return { row, t: rounded(t), sample, label: right ? `${label}` : `${label} ✗`, right };
    }),
  );
}
