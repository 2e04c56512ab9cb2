import { type DataLoader, type Dataset, take } from '../data';
import { ownFunctions, requireLength } from '../data/loader';
import { type Network, stateDictShapes, valueSizes } from '../nn';
import { sizeOf } from '../shape';
import type { StateDict } from '../weights';
import { defaultEngine } from './defaultEngine';
import type { Engine } from './engine';
import { requireMemory } from './freeMemory';
import { guarded } from './guard';
import { evaluationBatch } from './tfjs/evaluate';
import { secondsToEvaluate, secondsToTrain } from './trial';

/** What something will take: time by this machine's measure, memory by its sizes. */
export interface Cost {
  readonly seconds: number;
  readonly bytes: number;
}

/** Batches that a training is judged by, and samples and points that an evaluation is. */
const TRIAL_BATCHES = 24;
const TRIAL_SAMPLES = 4096;
const TRIAL_POINTS = 33;
/** The fastest of so many counts: beside it the kernel may compile the cells that wait. */
const RUNS = 8;
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
  const isPlain = ownFunctions(loader).length === 0;
  if (isPlain) requireLength(loader, dataset.length);
  const bytes = 4 * weightBytes(network) + datasetBytes(dataset) + batchSize * valueBytes(network);
  requireMemory('this training', bytes);
  const step = await secondsToTrain(guarded(engine), network, loader, {
    batches: TRIAL_BATCHES,
    // One's own may take long, or do more than to give batches.
    runs: isPlain ? RUNS : 1,
  });
  return { seconds: step * loader.length * epochs, bytes };
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
  const trial = { counts: [1, TRIAL_POINTS], runs: RUNS };
  const [one, many] = await secondsToEvaluate(guarded(engine), network, anchors, few, trial);
  const aPoint = Math.max(0, many! - one!) / (TRIAL_POINTS - 1);
  return { seconds: ((one! + (points - 1) * aPoint) / few.length) * samples, bytes };
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
