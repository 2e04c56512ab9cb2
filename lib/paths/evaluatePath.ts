import type { Dataset } from '../data';
import { defaultEngine, type Engine, guarded } from '../engine';
import { InputError } from '../errors';
import type { Network } from '../nn';
import { pointStatistics, type StatisticsOptions } from './pointStatistics';
import type { Path } from './points';

/** Loss (nats) and accuracy (in [0, 1]) on train and test at each t of a path. */
export interface PathFigures {
  readonly ts: number[];
  readonly trainLoss: number[];
  readonly trainAcc: number[];
  readonly testLoss: number[];
  readonly testAcc: number[];
}

/** Who evaluates, what it tells, and what stops it. */
export interface EvaluationOptions extends StatisticsOptions {
  /** Who computes; by default `defaultEngine`. */
  readonly engine?: Engine;
  /** Stops between two batches; by default the notebook cell's interrupt does. */
  readonly signal?: AbortSignal | undefined;
  /** Told while it runs, and at its end, how many of all points, train and test together, are done. */
  readonly onPoint?: (done: number, total: number) => void;
}

/** The two datasets that every figure is measured on, each of them in full. */
export interface Datasets {
  readonly train: Dataset;
  readonly test: Dataset;
}

/**
 * Evaluates the network at every t of a path on all of train and all of test. `ts` may be any
 * numbers in any order; outside [0, 1] the path is extrapolated as its definition says. With
 * BatchNorm each point has the statistics that `statistics` says.
 *
 * @param network the network that is evaluated
 * @param path `line`, `chain`, or one of one's own
 * @throws InputError when `ts` is empty or the anchors' structures differ
 * @example
 * ```ts
 * const { ts, trainLoss } = await evaluatePath(network, line(w1, w2), linspace(0, 1, 3), datasets);
 * ts; // → [ 0, 0.5, 1 ]
 * trainLoss.length; // → 3
 * ```
 */
export async function evaluatePath(
  network: Network,
  path: Path,
  ts: readonly number[],
  { train, test }: Datasets,
  {
    engine = defaultEngine,
    signal,
    onPoint,
    statistics = 'recomputed',
    statisticsFrom = train,
  }: EvaluationOptions = {},
): Promise<PathFigures> {
  if (ts.length === 0) throw new InputError('evaluatePath: ts is empty; give it at least one t');
  const { anchors } = path;
  const known = pointStatistics(network, anchors, statisticsFrom, statistics, signal);
  try {
    const onTrain = await evaluateOn(train, 0);
    const onTest = await evaluateOn(test, ts.length);
    return {
      ts: [...ts],
      trainLoss: onTrain.map((f) => f.loss),
      trainAcc: onTrain.map((f) => f.accuracy),
      testLoss: onTest.map((f) => f.loss),
      testAcc: onTest.map((f) => f.accuracy),
    };
  } finally {
    known.dispose();
  }

  async function evaluateOn(dataset: Dataset, before: number) {
    const evaluator = guarded(engine).evaluator(network, anchors, dataset, known);
    const onProgress = (share: number) =>
      onPoint?.(before + Math.floor(share * ts.length), 2 * ts.length);
    try {
      const points = ts.map((t) => path.coefficients(t));
      return await evaluator.evaluate(points, { signal, onProgress });
    } finally {
      evaluator.dispose();
    }
  }
}
