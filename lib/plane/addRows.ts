import type { Dataset } from '../data';
import type { Evaluator } from '../engine';
import type { TrainDatasets } from '../paths';
import type { Row } from './keptRows';

/** Finished rows are kept about this often: each call makes the first layers anew. */
const KEEP_EVERY_MS = 2000;

/** How the work on a grid is stopped, kept and told of. */
interface Watch {
  readonly signal: AbortSignal | undefined;
  readonly keep: (rows: readonly Row[]) => void;
  readonly onPoint: ((done: number, total: number) => void) | undefined;
}

/**
 * Adds to `rows` those that are missing, one after the other or several at once where they take
 * little. `on` readies the evaluation of points of the plane on a dataset.
 */
export async function addRows(
  rows: Row[],
  { as, bs }: { readonly as: readonly number[]; readonly bs: readonly number[] },
  datasets: TrainDatasets,
  on: (dataset: Dataset) => Evaluator,
  { signal, keep, onPoint }: Watch,
): Promise<void> {
  const nx = as.length;
  const { evaluate, dispose } = evaluatorsOf(datasets, on, signal);
  try {
    let together = 1;
    while (rows.length < bs.length) {
      const begun = performance.now();
      const done = rows.length * nx;
      const some = bs.slice(rows.length, rows.length + together);
      const points = some.flatMap((b) => as.map((a) => [1, a, b]));
      const onShare = (share: number) =>
        onPoint?.(done + Math.floor(share * points.length), nx * bs.length);
      rows.push(...inRows(await evaluate(points, onShare), nx));
      keep(rows);
      const each = (performance.now() - begun) / some.length;
      together = Math.max(1, Math.floor(KEEP_EVERY_MS / each));
    }
  } finally {
    dispose();
  }
}

/** A list cut into rows of `nx`. */
export function inRows<T>(cells: readonly T[], nx: number): T[][] {
  const rows = Array.from({ length: cells.length / nx }, (_, j) => j);
  return rows.map((j) => cells.slice(j * nx, (j + 1) * nx));
}

/** Evaluates on the test set, where there is one, and then on the training set. */
function evaluatorsOf(
  { train, test }: TrainDatasets,
  on: (dataset: Dataset) => Evaluator,
  signal: AbortSignal | undefined,
) {
  const onTest = test && on(test);
  let onTrain: Evaluator;
  try {
    onTrain = on(train);
  } catch (error) {
    onTest?.dispose();
    throw error;
  }
  const testShare = test ? test.length / (test.length + train.length) : 0;
  return {
    async evaluate(points: number[][], onShare: (share: number) => void): Promise<Row> {
      const ofTest = (share: number) => onShare(share * testShare);
      const ofTrain = (share: number) => onShare(testShare + share * (1 - testShare));
      const tested = await onTest?.evaluate(points, { signal, onProgress: ofTest });
      const trained = await onTrain.evaluate(points, { signal, onProgress: ofTrain });
      return trained.map((figures, i) => ({ train: figures, ...(tested && { test: tested[i]! }) }));
    },
    dispose() {
      onTest?.dispose();
      onTrain.dispose();
    },
  };
}
