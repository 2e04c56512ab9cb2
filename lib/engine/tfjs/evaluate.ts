import * as tf from '@tensorflow/tfjs';
import { breathe } from '../../cancellation';
import { type DataLoader, type Dataset, dataLoader } from '../../data';
import { evaluationPass, isLoader, requireSize } from '../../data/loader';
import { InputError } from '../../errors';
import {
  apply,
  countCorrect,
  crossEntropy,
  type LossFunction,
  type Network,
  sumOverLogits,
  valueSizes,
  winnerOf,
} from '../../nn';
import { lossOf } from '../../nn/losses';
import { disposeStateDict, linearCombination, type StateDict } from '../../weights';
import type { EvaluateOptions, Evaluator, EvaluatorOptions, Figures, Metrics } from '../engine';
import { chooseBackend } from './backend';

/** Numbers that the widest layer of a forward pass may hold at once, when only figures are wanted. */
const LAYER_BUDGET = 4e6;
const LARGEST_BATCH = 2000;

/** Images and their labels, some of the samples. */
interface Some {
  readonly x: tf.Tensor4D;
  readonly labels: ArrayLike<number>;
}

/** The plain way: at each point the whole forward pass on tfjs. Losses are summed in doubles. */
export function tfjsEvaluator(
  network: Network,
  anchors: readonly StateDict[],
  samples: Dataset | DataLoader,
  {
    atPoint = async (weights) => weights,
    lossFunction = crossEntropy,
    metrics = {},
  }: EvaluatorOptions = {},
): Evaluator {
  const kept = isLoader(samples) ? [] : batchesOf(samples, evaluationBatch(network));
  const perPoint = isLoader(samples) ? samples.length : kept.length;

  /** Hands each batch's logits at each point to `take`. */
  async function visit(
    points: readonly (readonly number[])[],
    { signal, onProgress }: EvaluateOptions = {},
    take: (point: number, logits: tf.Tensor2D, labels: ArrayLike<number>) => void,
  ): Promise<void> {
    await chooseBackend();
    let done = 0;
    for (const [i, point] of points.entries()) {
      const combined = linearCombination(point, anchors, 'evaluate');
      let weights = combined;
      try {
        weights = await atPoint(combined, point);
        for (const { x, labels } of isLoader(samples) ? passOver(samples) : kept) {
          await breathe(signal);
          const logits = apply(network, weights, x);
          try {
            take(i, logits, labels);
          } finally {
            logits.dispose();
          }
          onProgress?.(Math.min(1, ++done / (points.length * perPoint)));
        }
      } finally {
        disposeStateDict(combined, weights);
      }
    }
  }

  return {
    async evaluate(points, options) {
      const tallies = points.map(() => tallyOf(lossFunction, metrics));
      await visit(points, options, (i, logits, labels) => tallies[i]!.add(logits, labels));
      if (isLoader(samples) && tallies.some((tally) => tally.isEmpty())) {
        throw new InputError('evaluate: the loader has no batch; give it samples');
      }
      return tallies.map((tally) => tally.means());
    },
    async labels(points, options) {
      const winners: number[][] = points.map(() => []);
      await visit(points, options, (i, logits) => void winners[i]!.push(...winnersOf(logits)));
      return winners;
    },
    dispose: () => tf.dispose(kept.map(({ x }) => x)),
  };
}

/** The class of the largest logit of each row. */
function winnersOf(logits: tf.Tensor2D): number[] {
  const [rows, classes] = logits.shape;
  const values = logits.dataSync();
  return Array.from({ length: rows }, (_, row) => winnerOf(values, row * classes, classes));
}

/** All batches of a dataset, whose images the caller disposes. */
function batchesOf(dataset: Dataset, batchSize: number): Some[] {
  const batches: Some[] = [];
  try {
    for (const { x, indices } of dataLoader(dataset, { batchSize })) {
      const labels = Int32Array.from(indices, (index) => dataset.labels[index]!);
      batches.push({ x: tf.keep(x.clone()), labels });
    }
    return batches;
  } catch (error) {
    for (const { x } of batches) x.dispose();
    throw error;
  }
}

function* passOver(loader: DataLoader): Generator<Some, void, undefined> {
  for (const batch of evaluationPass(loader)) {
    requireSize(batch);
    yield { x: batch.x, labels: batch.y.dataSync() };
  }
}

/** What is added up at one point: loss, right answers and metrics, batch by batch. */
function tallyOf(lossFunction: LossFunction, metrics: Metrics) {
  const own = Object.entries(metrics);
  const sums = own.map(() => 0);
  let [loss, correct, count] = [0, 0, 0];
  return {
    isEmpty: () => count === 0,
    add(logits: tf.Tensor2D, labels: ArrayLike<number>): void {
      const batch = sumsOf(logits, labels, lossFunction);
      loss += batch.loss;
      correct += batch.correct;
      count += labels.length;
      own.forEach(([, metric], k) => {
        sums[k]! += sumsOf(logits, labels, metric).loss;
      });
    },
    means(): Figures {
      const figures = { loss: loss / count, accuracy: correct / count };
      if (own.length === 0) return figures;
      const means = own.map(([name], k) => [name, sums[k]! / count] as const);
      return { ...figures, metrics: Object.fromEntries(means) };
    },
  };
}

/** A batch's loss times its size, and how many of its samples are right. */
function sumsOf(logits: tf.Tensor2D, labels: ArrayLike<number>, lossFunction: LossFunction) {
  if (lossFunction === crossEntropy) return sumOverLogits(logits.dataSync(), labels);
  return tf.tidy(() => {
    const y = tf.tensor1d(Int32Array.from(labels), 'int32');
    const loss = lossOf(lossFunction, logits, y).dataSync()[0]! * labels.length;
    return { loss, correct: countCorrect(logits, y) };
  });
}

/** Samples that a forward pass takes at once. */
export function evaluationBatch(network: Network): number {
  const widest = Math.max(...valueSizes(network));
  return Math.max(1, Math.min(LARGEST_BATCH, Math.floor(LAYER_BUDGET / widest)));
}
