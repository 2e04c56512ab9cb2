import type { Dataset } from '../data';
import { defaultEngine, type Figures, guarded, type Metrics } from '../engine';
import { InputError } from '../errors';
import { lossNameOf, type Network } from '../nn';
import { checkedOptions, type EvaluationOptions, OPTIONS } from './options';
import { penalties } from './penalties';
import { pointStatistics } from './pointStatistics';
import type { Path, PathEnds } from './points';

/**
 * Loss (nats, if the loss is) and accuracy (in [0, 1]) at each t of a path on train, and on test
 * where there was one.
 */
export interface TrainFigures {
  readonly ts: number[];
  /** The mean of the loss alone: no weight decay is in it. */
  readonly trainLoss: number[];
  readonly trainAcc: number[];
  readonly testLoss?: number[];
  readonly testAcc?: number[];
  /** The metrics that were asked for, by their names. */
  readonly trainMetrics?: Readonly<Record<string, number[]>>;
  readonly testMetrics?: Readonly<Record<string, number[]>>;
  /** ½·weightDecay·|w|² at each t, where `weightDecay` was asked for; to be added to a loss. */
  readonly penalty?: number[];
  /** What plots call the loss, with its unit; not there for cross-entropy. */
  readonly lossName?: string;
  /** What is at t = 0 and at t = 1, as the path says it. */
  readonly ends?: PathEnds;
}

/** The figures on train and on test. */
export interface PathFigures extends TrainFigures {
  readonly testLoss: number[];
  readonly testAcc: number[];
}

/** What figures are measured on, each dataset in full; `test` may be left out. */
export interface TrainDatasets {
  readonly train: Dataset;
  readonly test?: Dataset | undefined;
}

/** The two datasets that figures are measured on, each of them in full. */
export interface Datasets extends TrainDatasets {
  readonly test: Dataset;
}

/**
 * Evaluates the network at every t of a path on all of train and, where it is given, all of test.
 * `ts` may be any numbers in any order; outside [0, 1] the path is extrapolated as its definition
 * says. With BatchNorm each point has the statistics that `statistics` says.
 *
 * @param network the network that is evaluated
 * @param path `line`, `chain`, or one of one's own
 * @param datasets `{ train, test }` or `{ train }`: without a test set there are no figures of one
 * @param options the loss and what else is measured, and how
 * @throws InputError when `ts` is empty, the anchors' structures differ, an option is not known, or
 *   a loss or metric gives no number
 * @example
 * ```ts
 * const { ts, trainLoss } = await evaluatePath(network, line(w1, w2), linspace(0, 1, 3), datasets);
 * ts; // → [ 0, 0.5, 1 ]
 * trainLoss.length; // → 3
 * const smooth = { lossFunction: labelSmoothing(0.1), metrics: { nats: crossEntropy }, weightDecay: 5e-4 };
 * const { trainMetrics } = await evaluatePath(network, line(w1, w2), ts, { train: small }, smooth);
 * Object.keys(trainMetrics ?? {}); // → [ 'nats' ]
 * ```
 */
export async function evaluatePath<D extends TrainDatasets>(
  network: Network,
  path: Path,
  ts: readonly number[],
  datasets: D,
  options: EvaluationOptions = {},
): Promise<D extends Datasets ? PathFigures : TrainFigures> {
  if (ts.length === 0) throw new InputError('evaluatePath: ts is empty; give it at least one t');
  const { train, test } = datasets;
  const asked = checkedOptions('evaluatePath', options, OPTIONS);
  const { engine = defaultEngine, signal, onPoint, lossFunction, metrics, weightDecay } = asked;
  const { statistics = 'recomputed', statisticsFrom = train } = asked;
  const { anchors, ends } = path;
  const lossName = lossNameOf(lossFunction);
  const points = ts.map((t) => path.coefficients(t));
  const known = pointStatistics(network, anchors, statisticsFrom, statistics, engine, signal);
  try {
    const onTrain = await evaluateOn(train, 0);
    const onTest = test && (await evaluateOn(test, ts.length));
    const figures: TrainFigures = {
      ts: [...ts],
      trainLoss: onTrain.map((f) => f.loss),
      trainAcc: onTrain.map((f) => f.accuracy),
      ...(onTest && { testLoss: onTest.map((f) => f.loss) }),
      ...(onTest && { testAcc: onTest.map((f) => f.accuracy) }),
      ...listsOf('trainMetrics', metrics, onTrain),
      ...listsOf('testMetrics', metrics, onTest),
      ...(weightDecay !== undefined && { penalty: penalties(weightDecay, anchors, points) }),
      ...(lossName !== undefined && { lossName }),
      ...(ends && { ends }),
    };
    return figures as D extends Datasets ? PathFigures : TrainFigures;
  } finally {
    known.dispose();
  }

  async function evaluateOn(dataset: Dataset, before: number) {
    const measured = { atPoint: known.atPoint, lossFunction, metrics };
    const evaluator = guarded(engine).evaluator(network, anchors, dataset, measured);
    const total = test ? 2 * ts.length : ts.length;
    const onProgress = (share: number) => onPoint?.(before + Math.floor(share * ts.length), total);
    try {
      return await evaluator.evaluate(points, { signal, onProgress });
    } finally {
      evaluator.dispose();
    }
  }
}

/** Each metric's figures at the points, by its name; nothing where none was asked for. */
function listsOf(key: string, metrics: Metrics | undefined, figures?: readonly Figures[]) {
  if (!metrics || !figures) return {};
  const entries = Object.keys(metrics).map((name) => {
    return [name, figures.map((f) => f.metrics?.[name] ?? Number.NaN)] as const;
  });
  return { [key]: Object.fromEntries(entries) };
}
