import type { Dataset } from '../data';
import { defaultEngine, type Figures, guarded, type Metrics } from '../engine';
import { InputError, requireInteger } from '../errors';
import { crossEntropy, lossNameOf, type Network } from '../nn';
import {
  checkedOptions,
  type Datasets,
  type EvaluationOptions,
  linspace,
  OPTIONS,
  penalties,
  pointStatistics,
  type TrainDatasets,
} from '../paths';
import { asJson } from '../settings';
import { addRows, inRows } from './addRows';
import type { Plane } from './basis';
import { keptRows, type Row } from './keptRows';

/** A rectangle of the plane, in units of |û| (a) and |v̂| (b), and how many points either way. */
export interface Rectangle {
  readonly aRange: readonly [from: number, to: number];
  readonly bRange: readonly [from: number, to: number];
  /** Points along a and along b, at least 1 each; both edges of a range are among them. */
  readonly nx: number;
  readonly ny: number;
}

/**
 * Figures on a grid of the plane on train, and on test where there was one: `[j][i]` stands at
 * (as[i], bs[j]). Losses in nats, if the loss is, accuracies in [0, 1].
 */
export interface TrainGrid {
  readonly as: number[];
  readonly bs: number[];
  /** The mean of the loss alone: no weight decay is in it. */
  readonly trainLoss: number[][];
  readonly trainAcc: number[][];
  readonly testLoss?: number[][];
  readonly testAcc?: number[][];
  /** The metrics that were asked for, by their names. */
  readonly trainMetrics?: Readonly<Record<string, number[][]>>;
  readonly testMetrics?: Readonly<Record<string, number[][]>>;
  /** ½·weightDecay·|w|², where `weightDecay` was asked for; to be added to a loss. */
  readonly penalty?: number[][];
  /** What plots call the loss, with its unit; not there for cross-entropy. */
  readonly lossName?: string;
}

/** The figures on train and on test. */
export interface Grid extends TrainGrid {
  readonly testLoss: number[][];
  readonly testAcc: number[][];
}

/** How a grid is evaluated, and where it is kept. */
export interface GridOptions extends EvaluationOptions {
  /**
   * Where finished rows are kept, so that a grid that was stopped goes on where it was. A file
   * that holds another network, plane, rectangle, loss, metric or kind of statistics, or other images
   * or labels, is started afresh.
   */
  readonly file?: string;
}

/**
 * Evaluates the network on a rectangle of the plane, every point on all of train and, where it is
 * given, test, row by row. Stopped and started again with the same `file`, it goes on at the first row not finished.
 *
 * @param network the network that is evaluated
 * @param plane the origin and the two directions that `a` and `b` count in
 * @param datasets `{ train, test }` or `{ train }`: without a test set there are no figures of one
 * @param options the loss and what else is measured, and where it is kept
 * @throws InputError on a rectangle with a bound that is not finite or a count below 1, on an option
 *   that is not known, or, before it begins, when there is no room for `file`
 * @example
 * ```ts
 * const basis = orthogonalBasis(w1, w2, theta);
 * const grid = await evaluateGrid(network, basis, { aRange: [0, 1], bRange: [0, 1], nx: 3, ny: 2 }, datasets);
 * grid.as; // → [ 0, 0.5, 1 ]
 * [grid.trainLoss.length, grid.trainLoss[0].length]; // → [ 2, 3 ]
 * disposeBasis(basis);
 * ```
 */
export async function evaluateGrid<D extends TrainDatasets>(
  network: Network,
  plane: Plane,
  { aRange, bRange, nx, ny }: Rectangle,
  datasets: D,
  options: GridOptions = {},
): Promise<D extends Datasets ? Grid : TrainGrid> {
  const { origin, u, v } = plane;
  requireInteger('evaluateGrid', 'nx', nx, 1);
  requireInteger('evaluateGrid', 'ny', ny, 1);
  const asked = checkedOptions('evaluateGrid', options, [...OPTIONS, 'file']);
  requireDirections(plane);
  const { train, test } = datasets;
  const { engine = defaultEngine, signal, onPoint, file, lossFunction, metrics } = asked;
  const { statistics = 'recomputed', statisticsFrom = train, weightDecay } = asked;
  const [as, bs] = [linspace(...aRange, nx), linspace(...bRange, ny)];
  // Everything the figures depend on, so that saved rows are used for nothing else.
  const from = { origin, u, v, network, as, bs, train, test, statistics, statisticsFrom };
  const loss = lossFunction === crossEntropy ? undefined : lossFunction;
  const other = { ...(loss && { loss }), ...(metrics && { metrics }) };
  const { rows, keep } = keptRows(file, { nx, ny }, () =>
    asJson('evaluateGrid', { ...from, ...other }),
  );
  const anchors = [origin, u, v];
  if (rows.length < ny) {
    const known = pointStatistics(network, anchors, statisticsFrom, statistics, engine, signal);
    const measured = { atPoint: known.atPoint, lossFunction, metrics };
    const on = (set: Dataset) => guarded(engine).evaluator(network, anchors, set, measured);
    try {
      await addRows(rows, { as, bs }, datasets, on, { signal, keep, onPoint });
    } finally {
      known.dispose();
    }
  }
  onPoint?.(nx * ny, nx * ny);
  const grid = gridOf(as, bs, rows, metrics);
  const points = bs.map((b) => as.map((a) => [1, a, b]));
  const penalty =
    weightDecay !== undefined && inRows(penalties(weightDecay, anchors, points.flat()), nx);
  const lossName = lossNameOf(loss);
  const more = { ...(penalty && { penalty }), ...(lossName !== undefined && { lossName }) };
  return { ...grid, ...more } as D extends Datasets ? Grid : TrainGrid;
}

function gridOf(as: number[], bs: number[], rows: readonly Row[], metrics: Metrics = {}) {
  const pick = (set: 'train' | 'test', f: (figures: Figures) => number) =>
    rows.map((row) => row.map((cell) => f(cell[set]!)));
  const own = Object.keys(metrics);
  const listsOf = (set: 'train' | 'test') =>
    own.map((name) => [name, pick(set, (f) => f.metrics?.[name] ?? Number.NaN)] as const);
  const hasTest = rows[0]?.[0]?.test !== undefined;
  return {
    as,
    bs,
    trainLoss: pick('train', ({ loss }) => loss),
    trainAcc: pick('train', ({ accuracy }) => accuracy),
    ...(hasTest && { testLoss: pick('test', ({ loss }) => loss) }),
    ...(hasTest && { testAcc: pick('test', ({ accuracy }) => accuracy) }),
    ...(own.length > 0 && { trainMetrics: Object.fromEntries(listsOf('train')) }),
    ...(own.length > 0 && hasTest && { testMetrics: Object.fromEntries(listsOf('test')) }),
  };
}

function requireDirections({ u, v }: Plane): void {
  for (const [name, direction] of Object.entries({ u, v })) {
    if (Object.keys(direction).length > 0) continue;
    throw new InputError(
      `evaluateGrid: plane.${name} has no tensors; run the cell that finds the directions first`,
    );
  }
}
