import { InputError, requireInteger } from '../errors';
import { extent } from '../extent';
import type { Network } from '../nn';
import {
  type EvaluationOptions,
  evaluatePath,
  line,
  linspace,
  measurePath,
  type Path,
  type TrainDatasets,
} from '../paths';
import type { StateDict } from '../weights';

/** What stands between the ends of a path. */
export interface Barrier {
  /** The largest train loss on the path minus the mean of its ends' (nats, if the loss is). */
  readonly barrier: number;
  /**
   * The largest share of wrong answers on the path minus the mean of its ends', in [0, 1]; on test
   * where there is a test set, else on train. Frankle et al. 2020 (arXiv 1912.05671) call networks
   * linearly connected where it is below 0.02.
   */
  readonly errorRise: number;
}

/** How a barrier is measured. */
export interface BarrierOptions extends EvaluationOptions {
  /** Points on the path, both ends among them, at least 2; by default 25. */
  readonly points?: number;
}

const POINTS = 25;

/**
 * The barrier between the ends of a path, by the largest loss and error on `points` equally spaced
 * points of it. With a sharper ridge than their distance it is too small.
 *
 * @param network the network that is evaluated
 * @param path a line, a chain, a curve
 * @param datasets `{ train, test }` or `{ train }`
 * @throws InputError on fewer than two points, and as `evaluatePath`
 * @example
 * ```ts
 * const { barrier, errorRise } = await pathBarrier(network, line(w2, w1), datasets, { points: 11 });
 * barrier >= 0 && errorRise >= 0; // → true
 * ```
 */
export async function pathBarrier(
  network: Network,
  path: Path,
  datasets: TrainDatasets,
  { points = POINTS, ...options }: BarrierOptions = {},
): Promise<Barrier> {
  requireInteger('pathBarrier', 'points', points, 2);
  const ts = linspace(0, 1, points);
  const figures = await evaluatePath(network, path, ts, datasets, options);
  const errors = (figures.testAcc ?? figures.trainAcc).map((accuracy) => 1 - accuracy);
  return {
    barrier: measurePath(ts, figures.trainLoss).barrierA,
    errorRise: extent(errors)[1] - (errors[0]! + errors.at(-1)!) / 2,
  };
}

/** How the barriers between many minima are measured. */
export interface MatrixOptions extends BarrierOptions {
  /**
   * The path between minima i and j, i < j: a fitted one, to a matched minimum, say. By default the
   * straight line.
   */
  readonly pathBetween?: (i: number, j: number) => Path | Promise<Path>;
  /** Told after each pair how many of all are done. */
  readonly onPair?: (done: number, total: number) => void;
}

/**
 * The barriers between all pairs of minima: `[i][j]` is that between the ith and the jth, a symmetric
 * matrix with 0 on its diagonal. One pair is measured after the other. To go on where it was stopped
 * keep the paths: `fitBend` has a checkpoint, and a measurement takes little beside it.
 *
 * @param network the network that is evaluated
 * @param minima at least two
 * @param datasets `{ train, test }` or `{ train }`
 * @param options what is measured, and the path of each pair
 * @throws InputError on fewer than two minima, and as `pathBarrier`
 * @example
 * ```ts
 * const matrix = await barrierMatrix(network, [w1, w2, theta], { train: small });
 * matrix[0][1].barrier === matrix[1][0].barrier; // → true
 * spanningTree(matrix.map((row) => row.map(({ barrier }) => barrier))).length; // → 2
 * ```
 */
export async function barrierMatrix(
  network: Network,
  minima: readonly StateDict[],
  datasets: TrainDatasets,
  options: MatrixOptions = {},
): Promise<Barrier[][]> {
  const { pathBetween = (i, j) => line(minima[j]!, minima[i]!), onPair, ...measured } = options;
  if (minima.length < 2) {
    throw new InputError(`barrierMatrix: expected at least two minima, got ${minima.length}`);
  }
  const matrix = minima.map(() => minima.map((): Barrier => ({ barrier: 0, errorRise: 0 })));
  const pairs = minima.flatMap((_, j) => Array.from({ length: j }, (_, i) => [i, j] as const));
  for (const [done, [i, j]] of pairs.entries()) {
    const path = await pathBetween(i, j);
    const barrier = await pathBarrier(network, path, datasets, measured);
    matrix[i]![j] = barrier;
    matrix[j]![i] = barrier;
    onPair?.(done + 1, pairs.length);
  }
  return matrix;
}
