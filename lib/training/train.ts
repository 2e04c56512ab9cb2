import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { DataLoader } from '../data';
import { isWhole, ownFunctions } from '../data/loader';
import type { Engine, Figures } from '../engine';
import { InputError, requireInteger } from '../errors';
import { requireRoom } from '../files';
import { crossEntropy, type LossFunction } from '../nn';
import type { Optimizer, Schedule } from '../optim';
import { ruleOf } from '../optim/optimizer';
import { asJson, difference, fromJson, type Json, parsed } from '../settings';
import { disposeStateDict, loadStateDict, type StateDict, saveStateDict } from '../weights';
import { type Model, performEpoch } from './performEpoch';

/** One row of a training's history. Losses in nats, accuracies in [0, 1]. */
export interface HistoryRow {
  readonly epoch: number;
  readonly learningRate: number;
  readonly trainLoss: number;
  readonly trainAcc: number;
  readonly testLoss?: number;
  readonly testAcc?: number;
}

/** What a training needs, and what it keeps and tells. */
export interface TrainOptions {
  readonly loader: DataLoader;
  readonly optimizer: Optimizer;
  readonly epochs: number;
  /** Factor of the optimizer's learning rate at each epoch, counted from 0. */
  readonly schedule?: Schedule;
  readonly lossFunction?: LossFunction;
  /** Evaluated after each epoch when given. */
  readonly testLoader?: DataLoader;
  /**
   * A file that keeps the training after every epoch. If it is there when the training starts,
   * the training goes on from it. It must come from the same network and weights to begin with,
   * data, batches, optimizer, rates, loss and `settings`, else it is refused; a loss, an optimizer
   * or a loader of one's own counts by the text of its function.
   */
  readonly checkpoint?: string;
  /** What else the training depends on, for the checkpoint: numbers, texts, lists, datasets. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly engine?: Engine;
  readonly signal?: AbortSignal | undefined;
  readonly onEpoch?: (row: HistoryRow) => void;
}

/**
 * Trains a model for `epochs` epochs and returns its history, one row an epoch. Stopped by its
 * signal, and started again with the same checkpoint, it ends at the same weights, bit for bit, as
 * if it had never stopped: the loader's order is a function of seed and epoch, and the checkpoint
 * holds the optimizer's state.
 *
 * @param model is trained in place: `model.weights` is replaced, and what was there disposed
 * @param options the loader, the optimizer, the number of epochs, and more
 * @throws InputError on bad options, when the checkpoint is of other settings, or, before it begins,
 *   when there is no room for one
 * @example
 * ```ts
 * const model = { network, weights: clone(w1) };
 * const optimizer = SGD({ learningRate: 0.1, momentum: 0.9 });
 * const history = await train(model, { loader, optimizer, epochs: 2 });
 * history.map(({ epoch }) => epoch); // → [ 1, 2 ]
 * optimizer.dispose();
 * disposeStateDict(model.weights);
 * ```
 */
export async function train(model: Model, options: TrainOptions): Promise<HistoryRow[]> {
  const { loader, optimizer, epochs, schedule, testLoader, checkpoint, onEpoch } = options;
  const { lossFunction = crossEntropy, ...epochOptions } = options;
  requireInteger('train', 'epochs', epochs, 1);
  if (checkpoint !== undefined) requireRoom(dirname(checkpoint));
  const from = checkpoint === undefined ? null : describe(model, options);
  const history = checkpoint === undefined ? [] : resume(checkpoint, from, model, optimizer);
  const baseRate = optimizer.learningRate;
  try {
    for (let epoch = history.length; epoch < epochs; epoch++) {
      loader.epoch = epoch;
      if (testLoader !== undefined) testLoader.epoch = epoch;
      optimizer.learningRate = baseRate * (schedule?.(epoch) ?? 1);
      const seen = await performEpoch(model, loader, lossFunction, optimizer, epochOptions);
      const test =
        testLoader &&
        (await performEpoch(model, testLoader, lossFunction, undefined, epochOptions));
      const row = historyRow(epoch + 1, optimizer.learningRate, seen, test);
      history.push(row);
      if (checkpoint !== undefined) save(checkpoint, from, model, optimizer, history);
      onEpoch?.(row);
    }
  } finally {
    optimizer.learningRate = baseRate;
  }
  return history;
}

function historyRow(epoch: number, learningRate: number, seen: Figures, test?: Figures) {
  const row = { epoch, learningRate, trainLoss: seen.loss, trainAcc: seen.accuracy };
  return test === undefined ? row : { ...row, testLoss: test.loss, testAcc: test.accuracy };
}

const WEIGHTS = 'weights/';
const OPTIMIZER = 'optimizer/';

function save(
  path: string,
  from: Json,
  model: Model,
  optimizer: Optimizer,
  history: HistoryRow[],
): void {
  const state = optimizer.state();
  const tensors = { ...prefixed(WEIGHTS, model.weights), ...prefixed(OPTIMIZER, state) };
  try {
    saveStateDict(path, tensors, {
      training: JSON.stringify(from),
      history: JSON.stringify(asJson('history', history)),
    });
  } finally {
    disposeStateDict(state);
  }
}

/** Takes up the checkpoint's weights and optimizer state; the history so far, [] if no file. */
function resume(path: string, from: Json, model: Model, optimizer: Optimizer): HistoryRow[] {
  if (!existsSync(path)) return [];
  const { stateDict, metadata } = loadStateDict(path);
  const before = parsed(metadata.training);
  if (before === undefined) {
    disposeStateDict(stateDict);
    throw new InputError(
      `train: ${path} is no checkpoint of a training; name another one or delete this file`,
    );
  }
  if (!isDeepStrictEqual(before, from)) {
    disposeStateDict(stateDict);
    throw new InputError(
      `train: ${path} is of another training, which differs in: ${difference(before, from)}; name ` +
        'another checkpoint or delete this one',
    );
  }
  const state = unprefixed(OPTIMIZER, stateDict);
  try {
    optimizer.load(state);
  } catch (error) {
    disposeStateDict(stateDict);
    throw error;
  }
  disposeStateDict(state, model.weights);
  model.weights = unprefixed(WEIGHTS, stateDict);
  return fromJson(parsed(metadata.history) ?? []) as HistoryRow[];
}

/** All that a training's end depends on; a schedule counts by its factors. */
function describe({ network, weights }: Model, options: TrainOptions): Json {
  const { loader, optimizer, epochs, schedule, testLoader, settings = {} } = options;
  const { lossFunction = crossEntropy } = options;
  return asJson('train', {
    network,
    weights,
    data: loader.dataset,
    test: testLoader?.dataset,
    batches: batchesOf(loader),
    ...(testLoader && !isWhole(testLoader) && { testBatches: batchesOf(testLoader) }),
    optimizer: optimizer.name,
    ...(ruleOf(optimizer) === undefined && { step: optimizer.step }),
    learningRate: optimizer.learningRate,
    epochs,
    schedule: schedule && Array.from({ length: epochs }, (_, epoch) => schedule(epoch)),
    loss: lossFunction,
    settings,
  });
}

function batchesOf(loader: DataLoader) {
  const { batchSize, shuffle, length: batches } = loader;
  const functions = ownFunctions(loader);
  return { batchSize, shuffle, batches, ...(functions.length > 0 && { functions }) };
}

function prefixed(prefix: string, stateDict: StateDict): StateDict {
  return Object.fromEntries(Object.entries(stateDict).map(([k, v]) => [prefix + k, v]));
}

function unprefixed(prefix: string, stateDict: StateDict): StateDict {
  const entries = Object.entries(stateDict).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(entries.map(([name, v]) => [name.slice(prefix.length), v]));
}
