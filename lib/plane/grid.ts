import type { Dataset } from '../data';
import { defaultEngine, type Evaluator, guarded } from '../engine';
import { InputError, requireInteger } from '../errors';
import type { Network } from '../nn';
import { type Datasets, type EvaluationOptions, linspace, pointStatistics } from '../paths';
import { asJson } from '../settings';
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
 * Figures on a grid of the plane: `[j][i]` stands at (as[i], bs[j]). Losses in nats, accuracies in
 * [0, 1].
 */
export interface Grid {
  readonly as: number[];
  readonly bs: number[];
  readonly trainLoss: number[][];
  readonly trainAcc: number[][];
  readonly testLoss: number[][];
  readonly testAcc: number[][];
}

/** Finished rows are kept about this often; more rows at once are faster where they take less. */
const KEEP_EVERY_MS = 2000;

/** How a grid is evaluated, and where it is kept. */
export interface GridOptions extends EvaluationOptions {
  /**
   * Where finished rows are kept, so that a grid that was stopped goes on where it was. A file
   * that holds another network, plane, rectangle or kind of statistics, or other images or labels,
   * is started afresh.
   */
  readonly file?: string;
}

/**
 * Evaluates the network on a rectangle of the plane, every point on all of train and test, row by
 * row. Stopped and started again with the same `file`, it goes on at the first row not finished.
 *
 * @param network the network that is evaluated
 * @param plane the origin and the two directions that `a` and `b` count in
 * @param datasets train and test, each in full at every point
 * @throws InputError on a rectangle with a bound that is not finite or a count below 1, or, before it
 *   begins, when there is no room for `file`
 * @example
 * ```ts
 * const basis = orthogonalBasis(w1, w2, theta);
 * const grid = await evaluateGrid(network, basis, { aRange: [0, 1], bRange: [0, 1], nx: 3, ny: 2 }, datasets);
 * grid.as; // → [ 0, 0.5, 1 ]
 * [grid.trainLoss.length, grid.trainLoss[0].length]; // → [ 2, 3 ]
 * disposeBasis(basis);
 * ```
 */
export async function evaluateGrid(
  network: Network,
  plane: Plane,
  { aRange, bRange, nx, ny }: Rectangle,
  datasets: Datasets,
  {
    engine = defaultEngine,
    signal,
    onPoint,
    file,
    statistics = 'recomputed',
    statisticsFrom = datasets.train,
  }: GridOptions = {},
): Promise<Grid> {
  const { origin, u, v } = plane;
  requireInteger('evaluateGrid', 'nx', nx, 1);
  requireInteger('evaluateGrid', 'ny', ny, 1);
  for (const [name, direction] of Object.entries({ u, v })) {
    if (Object.keys(direction).length > 0) continue;
    throw new InputError(
      `evaluateGrid: plane.${name} has no tensors; run the cell that finds the directions first`,
    );
  }
  const [as, bs] = [linspace(...aRange, nx), linspace(...bRange, ny)];
  // Everything the figures depend on, so that saved rows are used for nothing else.
  const { train, test } = datasets;
  const from = { origin, u, v, network, as, bs, train, test, statistics, statisticsFrom };
  const { rows, keep } = keptRows(file, () => asJson('evaluateGrid', from));
  if (rows.length < ny) {
    const anchors = [origin, u, v];
    const known = pointStatistics(network, anchors, statisticsFrom, statistics, signal);
    const on = (dataset: Dataset) => guarded(engine).evaluator(network, anchors, dataset, known);
    const evaluators: Evaluator[] = [];
    try {
      for (const dataset of [test, train]) evaluators.push(on(dataset));
      const evaluate = onBoth(evaluators, test.length / (test.length + train.length), signal);
      const onDone = (done: number) => onPoint?.(done, nx * ny);
      await addRows(rows, as, bs, evaluate, onDone, keep);
    } finally {
      for (const evaluator of evaluators) evaluator.dispose();
      known.dispose();
    }
  }
  onPoint?.(nx * ny, nx * ny);
  return gridOf(as, bs, rows);
}

function gridOf(as: number[], bs: number[], rows: readonly Row[]): Grid {
  const pick = (f: (cell: Row[number]) => number) => rows.map((row) => row.map(f));
  return {
    as,
    bs,
    trainLoss: pick(({ train }) => train.loss),
    trainAcc: pick(({ train }) => train.accuracy),
    testLoss: pick(({ test }) => test.loss),
    testAcc: pick(({ test }) => test.accuracy),
  };
}

/** Evaluates points of the plane; says what share is done. */
type Evaluate = (points: number[][], onShare: (share: number) => void) => Promise<Row>;

/** On the test set, which is `testShare` of the work, then on the training set. */
function onBoth(
  [onTest, onTrain]: readonly Evaluator[],
  testShare: number,
  signal: AbortSignal | undefined,
): Evaluate {
  return async (points, onShare) => {
    const ofTest = (share: number) => onShare(share * testShare);
    const ofTrain = (share: number) => onShare(testShare + share * (1 - testShare));
    const tested = await onTest!.evaluate(points, { signal, onProgress: ofTest });
    const trained = await onTrain!.evaluate(points, { signal, onProgress: ofTrain });
    return trained.map((figures, i) => ({ train: figures, test: tested[i]! }));
  };
}

/** Adds the rows that are missing, one after the other or several at once where they take little. */
async function addRows(
  rows: Row[],
  as: readonly number[],
  bs: readonly number[],
  evaluate: Evaluate,
  onDone: (points: number) => void,
  keep: (rows: readonly Row[]) => void,
): Promise<void> {
  const nx = as.length;
  let together = 1;
  while (rows.length < bs.length) {
    const begun = performance.now();
    const done = rows.length * nx;
    const some = bs.slice(rows.length, rows.length + together);
    const points = some.flatMap((b) => as.map((a) => [1, a, b]));
    const cells = await evaluate(points, (share) =>
      onDone(done + Math.floor(share * points.length)),
    );
    for (let j = 0; j < some.length; j++) rows.push(cells.slice(j * nx, (j + 1) * nx));
    keep(rows);
    if (performance.now() - begun < KEEP_EVERY_MS) together *= 2;
  }
}
