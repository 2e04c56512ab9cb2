import type { Dataset } from '../data';
import type { Evaluator, Figures } from '../engine';
import type { TrainDatasets } from '../paths';
import type { Row } from './keptRows';

/** Finished rows are kept about this often: each call makes the first layers anew. */
const KEEP_EVERY_MS = 5000;

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
  const { onTest, onTrain, images, testImages, dispose } = evaluatorsOf(datasets, on);
  const rowOf = (b: number) => as.map((a) => [1, a, b]);
  let seen = rows.length * as.length * images;
  const evaluate = async (evaluator: Evaluator, points: number[][]) => {
    const work = points.length * (evaluator === onTest ? testImages : images - testImages);
    const onProgress = (share: number) =>
      onPoint?.(Math.floor((seen + share * work) / images), as.length * bs.length);
    const figures = await evaluator.evaluate(points, { signal, onProgress });
    seen += work;
    return figures;
  };
  try {
    let together = 1;
    let tested: Figures[] = [];
    if (onTest && rows.length < bs.length) {
      // A row on the smaller set, to know how many to do at once from the first one on.
      const begun = performance.now();
      tested = await evaluate(onTest, rowOf(bs[rows.length]!));
      together = rowsIn(((performance.now() - begun) * images) / testImages);
    }
    while (rows.length < bs.length) {
      const begun = performance.now();
      const some = bs.slice(rows.length, rows.length + together);
      const points = some.flatMap(rowOf);
      const untested = points.slice(tested.length);
      if (onTest && untested.length > 0) tested.push(...(await evaluate(onTest, untested)));
      const trained = await evaluate(onTrain, points);
      const cells = trained.map((train, i) => ({ train, ...(onTest && { test: tested[i]! }) }));
      rows.push(...inRows(cells, as.length));
      keep(rows);
      tested = [];
      together = rowsIn((performance.now() - begun) / some.length);
    }
  } finally {
    dispose();
  }
}

/** How many rows that take so long each are done before they are kept. */
const rowsIn = (ms: number) => (ms > 0 ? Math.max(1, Math.floor(KEEP_EVERY_MS / ms)) : Infinity);

/** A list cut into rows of `nx`. */
export function inRows<T>(cells: readonly T[], nx: number): T[][] {
  const rows = Array.from({ length: cells.length / nx }, (_, j) => j);
  return rows.map((j) => cells.slice(j * nx, (j + 1) * nx));
}

/** What evaluates on either set, and how many images there are in both and in the test set. */
function evaluatorsOf({ train, test }: TrainDatasets, on: (dataset: Dataset) => Evaluator) {
  const onTest = test && on(test);
  let onTrain: Evaluator;
  try {
    onTrain = on(train);
  } catch (error) {
    onTest?.dispose();
    throw error;
  }
  const testImages = test?.length ?? 0;
  const dispose = () => {
    onTest?.dispose();
    onTrain.dispose();
  };
  return { onTest, onTrain, images: train.length + testImages, testImages, dispose };
}
