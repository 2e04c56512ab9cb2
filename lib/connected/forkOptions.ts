import type { DataLoader } from '../data';
import type { Engine } from '../engine';
import type { LossFunction } from '../nn';
import type { Optimizer, Schedule } from '../optim';

/** One training, and where others branch off from it. */
export interface ForkOptions {
  /** Epochs after which two children branch off, each below `epochs`; 0 is the initialisation. */
  readonly at: readonly number[];
  /** Epochs that each child has in the end, its parent's counted. */
  readonly epochs: number;
  /** The batches in the order of a seed. */
  readonly loader: (seed: number) => DataLoader;
  /** The seeds of the parent's and the two children's orders. */
  readonly seeds: readonly [parent: number, first: number, second: number];
  /** A fresh optimizer, for each training its own. */
  readonly optimizer: () => Optimizer;
  /** Factor of the learning rate at each epoch; children go on where the parent is. */
  readonly schedule?: Schedule;
  /** The mean loss of a batch; by default `crossEntropy`. */
  readonly lossFunction?: LossFunction;
  /**
   * The file that keeps the training of child 0 or 1 of a fork, as `train` does, and without a child
   * that of the parent up to there; by default none.
   */
  readonly checkpoint?: (epoch: number, child?: number) => string;
  /** Told after each epoch of a training how many of all are done, those from files too. */
  readonly onEpoch?: (done: number, total: number) => void;
  /** Trainings at a time; by default as many as there are cores. */
  readonly atOnce?: number;
  /** Who computes; by default `defaultEngine`. */
  readonly engine?: Engine;
  /** Stops between two batches; by default the notebook cell's interrupt does. */
  readonly signal?: AbortSignal | undefined;
}

/** What of the options every training has. */
export function trainingOf({
  schedule,
  lossFunction,
  engine,
  signal,
}: Pick<ForkOptions, 'schedule' | 'lossFunction' | 'engine' | 'signal'>) {
  return {
    ...(schedule && { schedule }),
    ...(lossFunction && { lossFunction }),
    ...(engine && { engine }),
    signal,
  };
}
