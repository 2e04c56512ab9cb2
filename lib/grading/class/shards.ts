import { statSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../../errors';
import { belongsTo, readShare } from '../../share';
import type { Grade } from '../judge/grade';
import { type Marks, mergeMarks, readMarks } from '../marks/marks';
import { keepDownloaded, keptDownloaded } from '../roster/downloaded';
import { keepRoster, keptRoster } from '../roster/roster';
import type { Submission } from '../submitted/submission';
import { copyEvidence } from './evidence';
import { keepGrade, keptGrades } from './kept';
import { wasRejudged } from './regrades';
import { keepSeed, keptSeed } from './seed';

/**
 * The i-th of n shares of the submissions, for the i-th of n machines; i counts from 1.
 *
 * @throws InputError when it is no share, or the seed is not given, which all must have in common
 */
export function share(
  submissions: readonly Submission[],
  shard: string | undefined,
  seed: string | undefined,
): readonly Submission[] {
  if (shard === undefined) return submissions;
  const own = readShare('grade: --shard', shard);
  if (seed === undefined) {
    throw new InputError('grade: --shard needs --seed, the same on every machine');
  }
  return submissions.filter((_, k) => belongsTo(own, k));
}

/**
 * Puts what several runs have kept into one folder, marks included, and returns it by student. Of
 * two grades of one student the last folder's counts, of two marks the later.
 *
 * @throws InputError when nothing was graded in a folder, or with other inputs than in the next, or when `out`
 *   was judged again
 */
export function merge(folders: readonly string[], out: string): { grades: Grade[]; marks: Marks } {
  if (wasRejudged(out)) {
    throw new InputError(
      `grade: ${out} was judged again since it was merged, and the shares still have the old points; ` +
        'merge them into another folder, with this one named as the last of them',
    );
  }
  const kept = folders.flatMap(keptGrades);
  const seeds = new Set(folders.map(keptSeed));
  if (seeds.size > 1) {
    const told = [...seeds].map((seed) => seed ?? 'none').join(', ');
    throw new InputError(
      `grade: the folders were graded with different seeds (${told}); grade every share with the same --seed`,
    );
  }
  const [seed] = seeds;
  if (seed !== undefined) keepSeed(out, seed);
  for (const { grade, key } of kept) keepGrade(out, grade, key);
  for (const folder of folders) {
    for (const { grade } of keptGrades(folder)) copyEvidence(folder, out, grade.student);
  }
  const roster = folders.map(keptRoster).findLast((one) => one !== undefined);
  if (roster) keepRoster(out, roster);
  const names = folders.flatMap((folder) => [...keptDownloaded(folder)]);
  keepDownloaded(
    out,
    names.map(([student, downloaded]) => ({ student, downloaded })),
  );
  mergeMarks(out, folders);
  return { grades: gradesIn(out), marks: readMarks(out) };
}

/**
 * The grades kept in a folder, by student.
 *
 * @throws InputError when nothing was graded there, or one is damaged
 */
export function gradesIn(folder: string): Grade[] {
  const grades = keptGrades(folder).map(({ grade }) => grade);
  return grades.sort((a, b) => (a.student < b.student ? -1 : 1));
}

/**
 * The same each time that it is asked for, read again where one was kept since: marks are given for
 * hours, while others are judged again.
 */
export function gradesOf(folder: string): () => Grade[] {
  let [time, grades]: [number, Grade[]] = [Number.NaN, []];
  return () => {
    const status = statSync(join(folder, 'students'), { throwIfNoEntry: false });
    const now = status?.mtimeMs ?? Number.NaN;
    if (now !== time) [time, grades] = [now, gradesIn(folder)];
    return grades;
  };
}
