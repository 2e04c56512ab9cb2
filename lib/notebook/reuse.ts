import { existsSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { InputError } from '../errors';
import { shortPath } from '../root';
import type { HistoryRow } from '../training';
import { loadStateDict, type StateDict, saveStateDict } from '../weights';

/** Weights that took long to find, and how they were found. */
export interface Result {
  readonly weights: StateDict;
  readonly history: HistoryRow[];
}

/**
 * Takes a result from `path` if it is there and came from the very same settings (compared as
 * JSON); otherwise makes it and keeps it there, with the settings, atomically. Says which, and
 * what differs. The caller disposes the weights.
 *
 * @param settings everything the result depends on; a function counts with its text, so that a
 *   corrected one is not answered with what the old one gave: `{ …, code: String(train) }`
 * @throws InputError when the file cannot be read or written, or the result is no state dict
 */
export async function reuse(
  path: string,
  settings: object,
  make: () => Promise<Result>,
): Promise<Result> {
  const key = JSON.stringify(settings);
  if (existsSync(path)) {
    const { stateDict, metadata } = loadStateDict(path);
    if (metadata.settings === key) {
      const from = describe(JSON.parse(key) as Settings);
      console.log(
        `taken from ${shortPath(path)}${from && ` (${from})`}; delete that file to compute it again`,
      );
      return { weights: stateDict, history: JSON.parse(metadata.history ?? '[]') as HistoryRow[] };
    }
    for (const tensor of Object.values(stateDict)) tensor.dispose();
    const other = difference(metadata.settings, JSON.parse(key) as Settings);
    console.log(`${shortPath(path)} came from other settings${other} and is computed again`);
  }
  const result = await make();
  requireWeights(result.weights);
  saveStateDict(path, result.weights, { settings: key, history: JSON.stringify(result.history) });
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

type Settings = Readonly<Record<string, unknown>>;

/** The settings that a few words can tell. */
function describe(settings: Settings): string {
  return Object.entries(settings)
    .filter(([, value]) => ['number', 'boolean'].includes(typeof value))
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}

/** What differs, as far as a few words can tell it. */
function difference(saved: string | undefined, now: Settings): string {
  if (saved === undefined) return '';
  const before = JSON.parse(saved) as Settings;
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])];
  const other = names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(now[name]));
  const told = other.map((name) =>
    typeof before[name] === 'number' ? `${name} ${before[name]}, now ${now[name]}` : name,
  );
  return ` (${told.join('; ')})`;
}
