import { existsSync } from 'node:fs';
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
 * JSON); otherwise makes it and keeps it there, with the settings, atomically. Says which.
 * The caller disposes the weights.
 *
 * @throws InputError when the file cannot be read, or not written
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
      console.log(`taken from ${shortPath(path)}; delete that file to compute it again`);
      return { weights: stateDict, history: JSON.parse(metadata.history ?? '[]') as HistoryRow[] };
    }
    for (const tensor of Object.values(stateDict)) tensor.dispose();
    console.log(`${shortPath(path)} came from other settings and is computed again`);
  }
  const result = await make();
  saveStateDict(path, result.weights, { settings: key, history: JSON.stringify(result.history) });
  return result;
}
