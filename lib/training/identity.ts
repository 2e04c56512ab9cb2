import type { DataLoader } from '../data';
import { ownFunctions } from '../data/loader';
import { crossEntropy, type LossFunction, type Network } from '../nn';
import type { Optimizer, Schedule } from '../optim';
import { ruleOf } from '../optim/optimizer';
import { asJson, isPlain, type Json } from '../settings';

/** All that the end of a run of epochs depends on, as its checkpoint keeps it. */
export interface Identity {
  readonly [name: string]: Json;
  readonly epochs: number;
  /** The factor of each epoch's rate, or that there is no schedule. */
  readonly schedule: Json;
}

/** What every run of epochs has. */
export interface Run {
  readonly network: Network;
  readonly loader: DataLoader;
  readonly optimizer: Optimizer;
  readonly epochs: number;
  readonly schedule: Schedule | undefined;
  readonly lossFunction: LossFunction | undefined;
  readonly settings: Readonly<Record<string, unknown>> | undefined;
}

/** What the lab's loss counts as: its text changes with the lab's code, its figures do not. */
const CROSS_ENTROPY = 'crossEntropy';
/** What every text of it says that was kept: a helper of its own, and the form of its logarithm. */
const FORMER_TEXT = ['requireLabels(', '.atanh().mul(2)'];

/**
 * What a run is told apart by: `more` and network, data, batches, optimizer, rates, loss and settings.
 *
 * @param where names the run in errors
 * @throws InputError on what cannot be compared
 */
export function identityOf(where: string, run: Run, more: Readonly<Record<string, unknown>>) {
  const { network, loader, optimizer, epochs, schedule, settings = {} } = run;
  const { lossFunction = crossEntropy } = run;
  return asJson(where, {
    network,
    ...more,
    data: loader.dataset,
    batches: batchesOf(loader),
    optimizer: optimizer.name,
    ...(ruleOf(optimizer) === undefined && { step: optimizer.step }),
    learningRate: optimizer.learningRate,
    epochs,
    schedule: schedule && Array.from({ length: epochs }, (_, epoch) => schedule(epoch)),
    loss: lossFunction === crossEntropy ? CROSS_ENTROPY : lossFunction,
    settings,
  }) as Identity;
}

/** Settings of a run in which cross-entropy stood by its text, as it did before it had a name. */
export function byName(run: Json | undefined): Json | undefined {
  if (!isPlain(run) || !isPlain(run.loss)) return run;
  const text = String(run.loss.$function);
  const isOurs = FORMER_TEXT.every((part) => text.includes(part));
  return isOurs ? ({ ...run, loss: CROSS_ENTROPY } as Json) : run;
}

/** What of a loader tells its batches apart, besides the dataset. */
export function batchesOf(loader: DataLoader) {
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
