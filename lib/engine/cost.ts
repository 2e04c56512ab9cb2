import { type DataLoader, type Dataset, dataLoader, take } from '../data';
import { isPlain, ownFunctions, requireLength } from '../data/loader';
import { crossEntropy, initialize, type Network, stateDictShapes, valueSizes } from '../nn';
import { SGD } from '../optim';
import { sizeOf } from '../shape';
import { disposeStateDict, type StateDict } from '../weights';
import { defaultEngine } from './defaultEngine';
import type { Engine } from './engine';
import { requireMemory } from './freeMemory';
import { guarded } from './guard';
import { evaluationBatch } from './tfjs/evaluate';

/** What something will take: time by this machine's measure, memory by its sizes. */
export interface Cost {
  readonly seconds: number;
  readonly bytes: number;
}

/** Batches that a training is judged by, and samples and points that an evaluation is. */
const TRIAL_BATCHES = 24;
const TRIAL_SAMPLES = 4096;
const TRIAL_POINTS = 33;
const FLOAT_BYTES = 4;

/**
 * What `epochs` epochs over a loader will take on an engine, from a few dozen batches. The weights
 * count four times: themselves, their gradient and up to two memories of the optimizer.
 *
 * @param network the network that is trained
 * @param engine who computes
 * @throws InputError when there is not enough memory, or the loader's length does not follow
 * @example
 * ```ts
 * const cost = await estimateTraining(network, loader, 100);
 * cost.seconds > 0; // → true
 * ```
 */
export async function estimateTraining(
  network: Network,
  loader: DataLoader,
  epochs: number,
  engine: Engine = defaultEngine,
): Promise<Cost> {
  const { dataset, batchSize } = loader;
  if (ownFunctions(loader).length === 0) requireLength(loader, dataset.length);
  const bytes = 4 * weightBytes(network) + datasetBytes(dataset) + batchSize * valueBytes(network);
  requireMemory('this training', bytes);
  const trial = firstBatches(loader, Math.min(loader.length, TRIAL_BATCHES));
  const point = { weights: initialize(network, 0) };
  const optimizer = SGD({ learningRate: 0, momentum: 0.9 });
  const lossFunction = crossEntropy;
  try {
    const seconds = await secondsOf(() =>
      guarded(engine).descend({ network, point, loader: trial, lossFunction, optimizer }),
    );
    return { seconds: (seconds / trial.length) * loader.length * epochs, bytes };
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
 * What evaluating `points` points between `anchors` on some datasets will take on an engine, from
 * a few dozen points on a part of the samples.
 *
 * @param network the network that is evaluated
 * @param datasets each point is evaluated on all of each
 * @param engine who computes
 * @throws InputError when there is not enough memory
 * @example
 * ```ts
 * const cost = await estimateEvaluation(network, [w1, w2], 31, [small]);
 * cost.seconds > 0; // → true
 * ```
 */
export async function estimateEvaluation(
  network: Network,
  anchors: readonly StateDict[],
  points: number,
  datasets: readonly Dataset[],
  engine: Engine = defaultEngine,
): Promise<Cost> {
  const samples = datasets.reduce((sum, { length }) => sum + length, 0);
  const bytes =
    anchors.length * weightBytes(network) +
    datasets.reduce((sum, dataset) => sum + datasetBytes(dataset), 0) +
    Math.min(samples, evaluationBatch(network)) * valueBytes(network);
  requireMemory('this evaluation', bytes);
  const [largest] = [...datasets].sort((a, b) => b.length - a.length);
  if (largest === undefined || largest.length === 0) return { seconds: 0, bytes };
  const few = take(largest, Math.min(largest.length, TRIAL_SAMPLES));
  const evaluator = guarded(engine).evaluator(network, anchors, few);
  const at = (count: number) =>
    Array.from({ length: count }, (_, i) => anchors.map((_, k) => (i + k) / count));
  try {
    const one = await secondsOf(() => evaluator.evaluate(at(1)));
    const many = await secondsOf(() => evaluator.evaluate(at(TRIAL_POINTS)));
    const aPoint = Math.max(0, many - one) / (TRIAL_POINTS - 1);
    return { seconds: ((one + (points - 1) * aPoint) / few.length) * samples, bytes };
  } finally {
    evaluator.dispose();
  }
}

/**
 * An estimate in words, time and memory rounded.
 *
 * @example
 * ```ts
 * describeCost({ seconds: 40, bytes: 120e6 }); // → 'about 40 s and 120 MB'
 * ```
 */
export function describeCost({ seconds, bytes }: Cost): string {
  const time =
    seconds < 1
      ? 'less than a second'
      : seconds < 120
        ? `about ${Math.round(seconds)} s`
        : seconds < 7200
          ? `about ${Math.round(seconds / 60)} min`
          : `about ${(seconds / 3600).toFixed(1)} h`;
  return `${time} and ${Math.max(1, Math.round(bytes / 1e6))} MB`;
}

/** The second of two runs: the first finds things cold. */
async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  await work();
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}

function weightBytes(network: Network): number {
  const sizes = Object.values(stateDictShapes(network)).map(sizeOf);
  return FLOAT_BYTES * sizes.reduce((sum, size) => sum + size, 0);
}

/** What a sample's values take in all layers. */
function valueBytes(network: Network): number {
  return FLOAT_BYTES * valueSizes(network).reduce((sum, size) => sum + size, 0);
}

/** As sparse pixels: three bytes for each that is not 0, of which a part of the images tells. */
function datasetBytes({ images, length }: Dataset): number {
  const step = Math.max(1, Math.floor(images.length / 1e6));
  let [seen, filled] = [0, 0];
  for (let i = 0; i < images.length; i += step) {
    seen++;
    if (images[i] !== 0) filled++;
  }
  return seen === 0 ? 0 : Math.round(((3 * filled) / seen) * images.length + 5 * length);
}
