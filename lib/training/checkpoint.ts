import { existsSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { InputError } from '../errors';
import type { Optimizer } from '../optim';
import { asJson, difference, fromJson, isPlain, type Json, parsed } from '../settings';
import { disposeStateDict, loadStateDict, type StateDict, saveStateDict } from '../weights';
import { byName, type Identity } from './identity';

const WEIGHTS = 'weights/';
const OPTIMIZER = 'optimizer/';

/** A file that keeps a run of epochs. */
export interface Place {
  readonly path: string;
  /** The function that makes the run, for errors. */
  readonly where: string;
  /** What it is of: the name of its metadata, and how errors call it. */
  readonly kind: 'training' | 'bend';
}

/** Whatever an epoch moves. */
export interface Point {
  weights: StateDict;
}

/** Keeps a run as it is after an epoch; `from` is what it is told apart by. */
export function save(
  { path, kind }: Place,
  from: Identity,
  point: Point,
  optimizer: Optimizer,
  history: readonly unknown[],
): void {
  const state = optimizer.state();
  const tensors = { ...prefixed(WEIGHTS, point.weights), ...prefixed(OPTIMIZER, state) };
  try {
    saveStateDict(path, tensors, {
      [kind]: JSON.stringify(from),
      history: JSON.stringify(asJson('history', history)),
    });
  } finally {
    disposeStateDict(state);
  }
}

/**
 * Takes up the checkpoint's weights and optimizer state; the history so far, [] if there is no file.
 * It may be of fewer epochs, or of other rates from where it stands on: what has been done must be
 * what would have been done.
 *
 * @throws InputError when it is no checkpoint of this kind, of another run, or further than `from`
 */
export function resume(
  place: Place,
  from: Identity,
  point: Point,
  optimizer: Optimizer,
): unknown[] {
  const { path, where, kind } = place;
  if (!existsSync(path)) return [];
  const { stateDict, metadata } = loadStateDict(path);
  const state = unprefixed(OPTIMIZER, stateDict);
  const history = fromJson(parsed(metadata.history) ?? []);
  try {
    const before = byName(parsed(metadata[kind]));
    if (!isPlain(before) || !Array.isArray(history)) {
      throw new InputError(
        `${where}: ${path} is no checkpoint of a ${kind}; name another one or delete this file`,
      );
    }
    requireSame(place, before as Partial<Identity>, from, history.length);
    optimizer.load(state);
  } catch (error) {
    disposeStateDict(stateDict);
    throw error;
  }
  disposeStateDict(state, point.weights);
  point.weights = unprefixed(WEIGHTS, stateDict);
  return history as unknown[];
}

/** @throws InputError unless the run, as far as it has come, is `now`'s first `done` epochs */
function requireSame(
  { path, where, kind }: Place,
  before: Partial<Identity>,
  now: Identity,
  done: number,
): void {
  const remedy = 'name another checkpoint or delete this one';
  const { epochs: epochsBefore, schedule: scheduleBefore, ...rest } = before;
  const { epochs, schedule, ...others } = now;
  const differences: string[] = [];
  if (!isDeepStrictEqual(rest, others)) differences.push(difference(rest as Json, others as Json));
  const both = Math.min(done, epochs);
  if (!isDeepStrictEqual(ratesOf(scheduleBefore, both), ratesOf(schedule, both))) {
    const depends = `epochs ${epochsBefore}, now ${epochs}, on which the schedule depends`;
    differences.push(epochsBefore === epochs ? 'schedule' : depends);
  }
  if (differences.length > 0) {
    throw new InputError(
      `${where}: ${path} is of another ${kind}, which differs in: ${differences.join('; ')}; ${remedy}`,
    );
  }
  if (done <= epochs) return;
  throw new InputError(
    `${where}: ${path} has ${done} epochs of this ${kind} already, more than the ${epochs} asked for; ` +
      `ask for at least as many, or ${remedy}`,
  );
}

/** The schedule's factors in the first epochs; without a schedule they are 1. */
function ratesOf(schedule: Json | undefined, epochs: number): Json[] {
  const factors = Array.isArray(schedule) ? schedule : [];
  return Array.from({ length: epochs }, (_, epoch) => factors[epoch] ?? 1);
}

function prefixed(prefix: string, stateDict: StateDict): StateDict {
  return Object.fromEntries(Object.entries(stateDict).map(([k, v]) => [prefix + k, v]));
}

function unprefixed(prefix: string, stateDict: StateDict): StateDict {
  const entries = Object.entries(stateDict).filter(([name]) => name.startsWith(prefix));
  return Object.fromEntries(entries.map(([name, v]) => [name.slice(prefix.length), v]));
}
