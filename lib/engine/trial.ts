import { type DataLoader, type Dataset, dataLoader, take } from '../data';
import { isPlain } from '../data/loader';
import { crossEntropy, initialize, type Network } from '../nn';
import { SGD } from '../optim';
import { disposeStateDict, type StateDict } from '../weights';
import type { Engine } from './engine';

/** No more runs are timed once they have taken as long. */
const ENOUGH_SECONDS = 0.1;

/** The seconds that an engine takes to train by one batch: the least of some runs over a loader's first. */
export async function secondsToTrain(
  engine: Engine,
  network: Network,
  loader: DataLoader,
  { batches, runs }: { readonly batches: number; readonly runs: number },
): Promise<number> {
  const trial = firstBatches(loader, Math.min(loader.length, batches));
  const point = { weights: initialize(network, 0) };
  const optimizer = SGD({ learningRate: 0, momentum: 0.9 });
  const lossFunction = crossEntropy;
  try {
    const seconds = await secondsOf(runs, () =>
      engine.descend({ network, point, loader: trial, lossFunction, optimizer }),
    );
    return seconds / trial.length;
  } finally {
    optimizer.dispose();
    disposeStateDict(point.weights);
  }
}

/** A loader of the first few batches; one that is asked for its batches stays at its epoch. */
function firstBatches(loader: DataLoader, count: number): DataLoader {
  const { dataset, batchSize, augmentation } = loader;
  if (isPlain(loader)) {
    const few = take(dataset, Math.min(dataset.length, count * batchSize));
    return dataLoader(few, { batchSize, augmentation });
  }
  return {
    ...loader,
    length: count,
    *[Symbol.iterator]() {
      const { epoch } = loader;
      let left = count;
      try {
        for (const batch of loader) {
          yield batch;
          if (--left === 0) return;
        }
      } finally {
        loader.epoch = epoch;
      }
    },
  };
}

/**
 * The seconds that an engine takes to evaluate so many points between anchors, on the first few
 * samples: one figure for each of `counts`.
 */
export async function secondsToEvaluate(
  engine: Engine,
  network: Network,
  anchors: readonly StateDict[],
  dataset: Dataset,
  { counts, runs }: { readonly counts: readonly number[]; readonly runs: number },
): Promise<number[]> {
  const evaluator = engine.evaluator(network, anchors, dataset);
  const at = (count: number) =>
    Array.from({ length: count }, (_, i) => anchors.map((_, k) => (i + k) / count));
  const seconds: number[] = [];
  try {
    for (const count of counts) {
      seconds.push(await secondsOf(runs, () => evaluator.evaluate(at(count))));
    }
    return seconds;
  } finally {
    evaluator.dispose();
  }
}

/** The least of a few runs after a first one, which finds things cold. */
async function secondsOf(runs: number, work: () => Promise<unknown>): Promise<number> {
  await work();
  let [least, sum] = [Number.POSITIVE_INFINITY, 0];
  for (let run = 0; run < runs && sum < ENOUGH_SECONDS; run++) {
    const begun = performance.now();
    await work();
    const seconds = (performance.now() - begun) / 1000;
    least = Math.min(least, seconds);
    sum += seconds;
  }
  return least;
}
