import { existsSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { DataLoader } from '../data';
import { isWhole, ownFunctions } from '../data/loader';
import { InputError } from '../errors';
import { crossEntropy } from '../nn';
import type { Optimizer } from '../optim';
import { ruleOf } from '../optim/optimizer';
import { asJson, difference, fromJson, isPlain, type Json, parsed } from '../settings';
import { disposeStateDict, loadStateDict, type StateDict, saveStateDict } from '../weights';
import type { HistoryRow, TrainOptions } from './options';
import type { Model } from './performEpoch';

const WEIGHTS = 'weights/';
const OPTIMIZER = 'optimizer/';

/** What the lab's loss counts as: its text changes with the lab's code, its figures do not. */
const CROSS_ENTROPY = 'crossEntropy';
/** What every text of it says that was kept: a helper of its own, and the form of its logarithm. */
const FORMER_TEXT = ['requireLabels(', '.atanh().mul(2)'];

/** Keeps a training as it is after an epoch; `from` is what `trainingOf` gave at its start. */
export function save(
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

/**
 * Takes up the checkpoint's weights and optimizer state; the history so far, [] if there is no file.
 *
 * @throws InputError when it is no checkpoint, or of another training
 */
export function resume(path: string, from: Json, model: Model, optimizer: Optimizer): HistoryRow[] {
  if (!existsSync(path)) return [];
  const { stateDict, metadata } = loadStateDict(path);
  const before = byName(parsed(metadata.training));
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
export function trainingOf({ network, weights }: Model, options: TrainOptions): Json {
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
    loss: lossFunction === crossEntropy ? CROSS_ENTROPY : lossFunction,
    settings,
  });
}

/** Training settings in which cross-entropy stood by its text, as it did before it had a name. */
function byName(training: Json | undefined): Json | undefined {
  if (!isPlain(training) || !isPlain(training.loss)) return training;
  const text = String(training.loss.$function);
  const isOurs = FORMER_TEXT.every((part) => text.includes(part));
  return isOurs ? ({ ...training, loss: CROSS_ENTROPY } as Json) : training;
}

function batchesOf(loader: DataLoader) {
  const { batchSize, shuffle, length: batches, augmentation } = loader;
  const functions = ownFunctions(loader);
  return {
    batchSize,
    shuffle,
    batches,
    ...(augmentation && { augmentation }),
    ...(functions.length > 0 && { functions }),
  };
}

function prefixed(prefix: string, stateDict: StateDict): StateDict {
  return Object.fromEntries(Object.entries(stateDict).map(([k, v]) => [prefix + k, v]));
}

function unprefixed(prefix: string, stateDict: StateDict): StateDict {
  const entries = Object.entries(stateDict).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(entries.map(([name, v]) => [name.slice(prefix.length), v]));
}
