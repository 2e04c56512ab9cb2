import * as tf from '@tensorflow/tfjs';
import { breathe } from '../cancellation';
import { type Dataset, dataLoader } from '../data';
import { defaultEngine } from '../engine';
import { chooseBackend } from '../engine/tfjs/backend';
import { InputError, requireFinite } from '../errors';
import { apply, type Network, valueSizes, winnerOf } from '../nn';
import { hasBuffers } from '../nn/network';
import { type Path, pointStatistics, type StatisticsOptions } from '../paths';
import { disposeStateDict, linearCombination } from '../weights';

/** How what networks say is asked for. */
export interface ProbabilityOptions extends StatisticsOptions {
  /** Stops between two batches; by default the notebook cell's interrupt does. */
  readonly signal?: AbortSignal | undefined;
}

/** Numbers that the widest layer may hold for a batch. */
const VALUES = 4e6;
const LARGEST_BATCH = 1000;

/**
 * What the network says of each sample at each t of a path: `[i][s·classes + c]` is the probability
 * (softmax) that it gives class c for sample s at ts[i]. tfjs computes it, on every engine.
 *
 * @param network the network that is evaluated
 * @param path `line`, `chain`, or one of one's own; many networks are a path whose coefficients are
 *   1 for one of them
 * @param dataset the samples, in their order
 * @throws InputError when ts is empty or a t not finite, or with BatchNorm when `statisticsFrom` is left out: what it
 *   recomputes must come from training data
 * @example
 * ```ts
 * const said = await probabilitiesAlong(network, line(w2, w1), [0, 1], small);
 * [said.length, said[0].length]; // → [ 2, 36 ]
 * ```
 */
export async function probabilitiesAlong(
  network: Network,
  path: Path,
  ts: readonly number[],
  dataset: Dataset,
  { statistics = 'recomputed', statisticsFrom, signal }: ProbabilityOptions = {},
): Promise<Float32Array[]> {
  if (ts.length === 0) throw new InputError('probabilitiesAlong: ts is empty; give it one t');
  for (const t of ts) requireFinite('probabilitiesAlong', 't', t);
  if (hasBuffers(network) && statistics === 'recomputed' && statisticsFrom === undefined) {
    throw new InputError(
      'probabilitiesAlong: the network has BatchNorm; give statisticsFrom, the training data',
    );
  }
  await chooseBackend();
  const { anchors } = path;
  const from = statisticsFrom ?? dataset;
  const known = pointStatistics(network, anchors, from, statistics, defaultEngine, signal);
  const widest = Math.max(...valueSizes(network));
  const batchSize = Math.max(1, Math.min(LARGEST_BATCH, Math.floor(VALUES / widest)));
  const said: Float32Array[] = [];
  try {
    for (const t of ts) {
      const point = path.coefficients(t);
      let weights = linearCombination(point, anchors, 'probabilitiesAlong');
      try {
        if (known.atPoint) weights = await known.atPoint(weights, point);
        const own = new Float32Array(dataset.length * network.outputSize);
        let at = 0;
        for (const { x, size } of dataLoader(dataset, { batchSize })) {
          await breathe(signal);
          const some = tf.tidy(() => apply(network, weights, x).softmax().dataSync<'float32'>());
          own.set(some, at);
          at += size * network.outputSize;
        }
        said.push(own);
      } finally {
        disposeStateDict(weights);
      }
    }
    return said;
  } finally {
    known.dispose();
  }
}

/**
 * The share of a dataset that networks get right together: for each sample the class with the largest
 * mean probability. Of networks along a curve it is what Garipov et al. 2018 (arXiv 1802.10026) call
 * fast geometric ensembling; of one alone it is that one's accuracy.
 *
 * @param probabilities of each network, as `probabilitiesAlong` gives them
 * @param dataset the samples that they are of
 * @throws InputError on no network, or on other samples
 * @example
 * ```ts
 * const said = await probabilitiesAlong(network, line(w2, w1), [0, 0.5, 1], small);
 * const together = ensembleAccuracy(said, small);
 * together >= 0 && together <= 1; // → true
 * ```
 */
export function ensembleAccuracy(
  probabilities: readonly Float32Array[],
  { labels, length }: Dataset,
): number {
  const size = probabilities[0]?.length ?? 0;
  const classes = size / length;
  const isFit = Number.isInteger(classes) && classes >= 2 && !hasAbove(labels, length, classes);
  if (!isFit || probabilities.some((p) => p.length !== size)) {
    throw new InputError(
      'ensembleAccuracy: expected probabilities of all the classes of as many samples as the dataset ' +
        `has, ${length}, got lists of ${probabilities.map((p) => p.length).join(', ') || 'nothing'}`,
    );
  }
  const sums = new Float64Array(size);
  for (const own of probabilities) {
    for (let i = 0; i < size; i++) sums[i]! += own[i]!;
  }
  let right = 0;
  for (let s = 0; s < length; s++) {
    if (winnerOf(sums, s * classes, classes) === labels[s]) right++;
  }
  return right / length;
}

/** Whether a label is none of the classes: then the probabilities are of other samples. */
function hasAbove(labels: Dataset['labels'], length: number, classes: number): boolean {
  return labels.subarray(0, length).some((label) => label >= classes);
}

/**
 * The share of samples that two networks take for different classes, in [0, 1] (Fort et al. 2019,
 * arXiv 1912.02757).
 *
 * @param a one network's classes, as `labelsAlong` gives them
 * @param b the other's, of the same samples
 * @throws InputError when they are not equally many, or none
 * @example
 * ```ts
 * disagreement([0, 1, 2, 2], [0, 1, 1, 2]); // → 0.25
 * ```
 */
export function disagreement(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length || a.length === 0) {
    throw new InputError(
      `disagreement: expected classes of the same samples, got ${a.length} and ${b.length}`,
    );
  }
  return a.filter((label, s) => label !== b[s]).length / a.length;
}
