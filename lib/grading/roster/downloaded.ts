import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { writeAtomically } from '../../files';
import { readJson, recordOf } from '../../saved';
import type { Submission } from '../submitted/submission';

/** What a learning platform called a student's work when it was downloaded, by the student. */
export type Downloaded = ReadonlyMap<string, string>;

const fileOf = (out: string) => join(out, 'downloaded.json');

/**
 * Keeps in a folder of grades what the platform called the submissions, beside what is kept there:
 * feedback goes back under these names.
 *
 * @throws InputError when it cannot be written, or what is kept is damaged
 */
export function keepDownloaded(
  out: string,
  submissions: readonly Pick<Submission, 'student' | 'downloaded'>[],
): void {
  const named = submissions.flatMap(({ student, downloaded }) =>
    downloaded === undefined ? [] : [[student, downloaded] as const],
  );
  if (named.length === 0) return;
  const all = Object.fromEntries([...keptDownloaded(out), ...named]);
  writeAtomically(fileOf(out), `${JSON.stringify(all, null, 1)}\n`);
}

/** @throws InputError when the file is damaged */
export function keptDownloaded(out: string): Downloaded {
  const file = fileOf(out);
  if (!existsSync(file)) return new Map();
  const told = { file, what: 'list of downloaded names', remedy: 'delete it, and grade again' };
  return new Map(Object.entries(readJson(readFileSync(file, 'utf8'), recordOf(v.string()), told)));
}
