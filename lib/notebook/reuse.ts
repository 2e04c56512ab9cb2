import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import * as tf from '@tensorflow/tfjs';
import * as v from 'valibot';
import { InputError } from '../errors';
import { requireRoom, writeAtomically } from '../files';
import { shortPath } from '../root';
import { readSealed, sealed } from '../saved';
import { asJson, difference, fromJson, type Json, parsed } from '../settings';
import type { HistoryRow } from '../training';
import { disposeStateDict, loadStateDict, type StateDict, saveStateDict } from '../weights';
import { mentions } from './mentions';

/** Weights that took long to find, and how they were found. */
export interface Result {
  readonly weights: StateDict;
  readonly history: HistoryRow[];
}

/**
 * Takes a result from `path` if it is there and came from the very same settings; otherwise makes
 * it and keeps it there with them, atomically. Says which, and what differs. The caller disposes
 * the weights.
 *
 * @param path the file, a `.safetensors`
 * @param settings everything the result depends on: numbers, texts, lists, datasets, state dicts. A
 *   function counts with its text, and in a notebook with the notebook's functions and variables
 *   that it mentions, and those that these mention (`mentions`). What else it rests on cannot be
 *   known: delete the file, `lab.forget(name)`, where that has changed
 * @param make what takes long
 * @throws InputError when the folder takes no files, before anything is made; when the file cannot
 *   be read, a setting cannot be compared, or the result is no state dict
 * @example
 * ```ts
 * const make = async () => ({ weights: clone(w1), history: [] });
 * const { weights } = await reuse('minimum.safetensors', { network, seed: 1, epochs: 100 }, make);
 * equal(weights, w1); // → true
 * disposeStateDict(weights);
 * ```
 */
export async function reuse(
  path: string,
  settings: object,
  make: () => Promise<Result>,
): Promise<Result> {
  return await takeOrMake(path, settings, make, {
    read() {
      const { stateDict, metadata } = loadStateDict(path);
      const kept = fromJson(parsed(metadata.history) ?? []);
      const history = (Array.isArray(kept) ? kept : []) as HistoryRow[];
      return { settings: parsed(metadata.settings), result: { weights: stateDict, history } };
    },
    leave: ({ weights }) => disposeStateDict(weights),
    write(key, result) {
      const history = JSON.stringify(asJson('the history', result.history ?? []));
      const metadata = { settings: JSON.stringify(key), history };
      saveStateDict(path, result.weights, metadata);
    },
    check: ({ weights }) => requireWeights(weights),
  });
}

/**
 * As `reuse`, for figures: numbers and texts in lists and plain objects, kept as JSON with NaN and ∞
 * as they are. What cannot be kept so is given back all the same, and told.
 *
 * @param path the file, a `.json`
 * @param settings everything that the figures depend on, as for `reuse`
 * @param make what takes long
 * @throws InputError when the folder takes no files, or the file cannot be read
 * @example
 * ```ts
 * const make = async () => evaluatePath(network, line(w1, w2), [0, 1], datasets);
 * const { ts } = await reuseFigures('line.json', { ends: [w1, w2], network }, make);
 * ts; // → [ 0, 1 ]
 * ```
 */
export async function reuseFigures<Figures>(
  path: string,
  settings: object,
  make: () => Promise<Figures>,
): Promise<Figures> {
  return await takeOrMake(path, settings, make, {
    read() {
      const { settings: from, result } = readFigures(path);
      return { settings: from, result: fromJson(result) as Figures };
    },
    write(key, figures) {
      const result = asJson('the result', figures);
      if (!isDeepStrictEqual(fromJson(result), figures)) {
        throw new InputError('the result is more than numbers and texts in lists and objects');
      }
      writeAtomically(path, `${sealed({ settings: key, result })}\n`);
    },
  });
}

const FIGURES = v.strictObject({ settings: v.unknown(), result: v.unknown() });

/** Figures and their settings; where they cannot be read it says why, and they are of no settings. */
function readFigures(path: string): { readonly settings: Json | undefined; readonly result: Json } {
  const told = { file: shortPath(path), what: 'file of figures', remedy: 'it is made again' };
  try {
    const { settings, result } = readSealed(readFileSync(path, 'utf8'), FIGURES, told);
    return { settings: settings as Json, result: result as Json };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    console.log(error.message);
    return { settings: undefined, result: null };
  }
}

/** How one kind of result lies in its file. */
interface Keeping<T> {
  read(): { readonly settings: Json | undefined; readonly result: T };
  /** Gives up what was read and is of other settings. */
  leave?(result: T): void;
  write(settings: Json, result: T): void;
  /** Throws on what is no such result. */
  check?(result: T): void;
}

async function takeOrMake<T>(
  path: string,
  settings: object,
  make: () => Promise<T>,
  { read, leave, write, check }: Keeping<T>,
): Promise<T> {
  const key = asJson('reuse: settings', settings, (f) => ({ '': String(f), ...mentions(f) }));
  const file = shortPath(path);
  if (existsSync(path)) {
    const saved = read();
    if (isDeepStrictEqual(saved.settings, key)) {
      const made = statSync(path).mtime.toLocaleString('sv').slice(0, -3);
      const from = [`made ${made}`, ...describe(settings)].join(', ');
      console.log(
        `taken from ${file} (${from}): the same settings and code, as far as can be known; ` +
          `lab.forget('${basename(path)}') and run again to make it anew`,
      );
      return saved.result;
    }
    leave?.(saved.result);
    const told = saved.settings === undefined ? '' : ` (${difference(saved.settings, key)})`;
    console.log(`${file} came from other settings${told} and is computed again`);
  }
  requireRoom(dirname(path));
  const result = await make();
  check?.(result);
  try {
    write(key, result);
  } catch (error) {
    // What took long to find is not thrown away with the file.
    if (!(error instanceof InputError)) throw error;
    console.log(`NOT KEPT in ${file}: ${error.message}`);
  }
  return result;
}

/** Before they are saved: what a student's training returns may be anything. */
function requireWeights(weights: StateDict): void {
  for (const [name, tensor] of Object.entries(weights ?? {})) {
    if (!(tensor instanceof tf.Tensor)) {
      throw new InputError(
        `reuse: the result should be a state dict, and '${name}' in it is no tensor; return the ` +
          'weights alone',
      );
    }
    if (!tensor.isDisposed) continue;
    throw new InputError(
      `reuse: '${name}' of the result is disposed; an epoch puts new weights into model.weights, so ` +
        'return model.weights',
    );
  }
  if (Object.keys(weights ?? {}).length > 0) return;
  throw new InputError(
    `reuse: expected a state dict as the result, got ${weights}; is there a return?`,
  );
}

/** The settings that a few words can tell. */
function describe(settings: object): string[] {
  return Object.entries(settings)
    .filter(([, value]) => ['number', 'boolean'].includes(typeof value))
    .map(([name, value]) => `${name} ${value}`);
}
