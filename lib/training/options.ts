import type { DataLoader } from '../data';
import type { Engine } from '../engine';
import type { LossFunction } from '../nn';
import type { Optimizer, Schedule } from '../optim';

/** One row of a training's history. Losses in nats, accuracies in [0, 1]. */
export interface HistoryRow {
  readonly epoch: number;
  readonly learningRate: number;
  readonly trainLoss: number;
  readonly trainAcc: number;
  readonly testLoss?: number;
  readonly testAcc?: number;
  /** What plots call the loss, with its unit; not there for cross-entropy. */
  readonly lossName?: string;
}

/** What a training needs, and what it keeps and tells. */
export interface TrainOptions {
  /** The training batches. */
  readonly loader: DataLoader;
  /** Moves the weights; the caller disposes it. */
  readonly optimizer: Optimizer;
  /** Passes over the loader, at least 1. */
  readonly epochs: number;
  /** Factor of the optimizer's learning rate at each epoch, counted from 0. */
  readonly schedule?: Schedule;
  /** The mean loss of a batch; by default `crossEntropy`. */
  readonly lossFunction?: LossFunction;
  /** Evaluated after each epoch when given. */
  readonly testLoader?: DataLoader;
  /**
   * A file that keeps the training after every epoch. If it is there when the training starts,
   * the training goes on from it. It must come from the same network and weights to begin with,
   * data, batches (their size, their order's seed, their augmentation), optimizer, learning rate,
   * loss and `settings`, else it is refused, and what differs is said; a loss, an optimizer or a
   * loader of one's own counts by the text of its function, or a loss by its `identity`. `epochs` may
   * be another number where the rates of the epochs that are done stay the same: with no schedule,
   * or one that does not depend on the number.
   */
  readonly checkpoint?: string;
  /** What else the training depends on, for the checkpoint: numbers, texts, lists, datasets. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Who computes; by default `defaultEngine`. */
  readonly engine?: Engine;
  /** Stops between two batches; by default the notebook cell's interrupt does. */
  readonly signal?: AbortSignal | undefined;
  readonly onEpoch?: (row: HistoryRow) => void;
}
