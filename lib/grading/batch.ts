import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { availableParallelism, freemem } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../errors';
import { writeAtomically } from '../files';
import { sideBySide } from '../training';
import type { GradingOptions } from './gradeNotebooks';
import { type Grade, gradeSubmission, type Written } from './gradeSubmission';
import { fileName } from './names';
import type { Submission } from './submissions';

/** A grade as it is kept, with what it was made of. */
interface Saved {
  readonly key: string;
  readonly grade: Grade;
}

/**
 * Grades submissions, as many at once as there are cores and memory, each being kept in `out` as
 * soon as it is there: stopped and started again, those that are kept are taken up.
 */
export async function gradeAll(
  submissions: readonly Submission[],
  written: readonly Omit<Written, 'text'>[],
  options: GradingOptions,
  out: string,
): Promise<Grade[]> {
  const atOnce = Math.max(
    1,
    Math.min(availableParallelism(), Math.floor(freemem() / 1e6 / options.limits.memoryMB)),
  );
  const begun = Date.now();
  let [done, graded] = [0, 0];
  return await sideBySide(
    submissions.map((submission) => async () => {
      const file = join(out, 'students', `${fileName(submission.student)}.json`);
      const key = keyOf(submission, options);
      let result = takeUp(file, key);
      if (result === undefined) {
        result = await gradeSubmission(submission, written, options);
        const saved: Saved = { key, grade: result };
        writeAtomically(file, JSON.stringify(saved));
        graded++;
      }
      done++;
      const each = (Date.now() - begun) / 1000 / Math.max(graded, 1);
      const left = Math.round((submissions.length - done) * each);
      console.error(
        `${done}/${submissions.length} · ${result.student}: ${result.earned} of ${result.most} · about ${left} s left`,
      );
      return result;
    }),
    { atOnce },
  );
}

/** A grade that was made of the same notebooks in the same way. */
function takeUp(file: string, key: string): Grade | undefined {
  if (!existsSync(file)) return undefined;
  const saved = JSON.parse(readFileSync(file, 'utf8')) as Saved;
  return saved.key === key ? saved.grade : undefined;
}

function keyOf({ notebooks }: Submission, options: GradingOptions): string {
  const hash = createHash('sha256').update(JSON.stringify(options));
  for (const path of notebooks) hash.update(path).update(readFileSync(path));
  return hash.digest('hex');
}

/**
 * The i-th of n shares of the submissions, for the i-th of n machines.
 *
 * @throws InputError when it is no share, or the seed is not given, which all must have in common
 */
export function share(
  submissions: readonly Submission[],
  shard: string | undefined,
  seed: string | undefined,
): readonly Submission[] {
  if (shard === undefined) return submissions;
  const [i = 0, n = 0] = /^(\d+)\/(\d+)$/.exec(shard)?.slice(1).map(Number) ?? [];
  if (!(i >= 1 && i <= n)) {
    throw new InputError(`grade: --shard must be i/n with i from 1 to n, got ${shard}`);
  }
  if (seed === undefined) {
    throw new InputError('grade: --shard needs --seed, the same on every machine');
  }
  return submissions.filter((_, k) => k % n === i - 1);
}

/** The grades that several runs have left in their folders. @throws InputError when one has none */
export function merge(folders: readonly string[]): Grade[] {
  const grades = folders.flatMap((folder) => {
    const saved = join(folder, 'students');
    if (!existsSync(saved)) throw new InputError(`grade: ${folder} holds no grades to merge`);
    return readdirSync(saved)
      .filter((name) => name.endsWith('.json'))
      .map((name) => (JSON.parse(readFileSync(join(saved, name), 'utf8')) as Saved).grade);
  });
  const byStudent = new Map(grades.map((grade) => [grade.student, grade]));
  return [...byStudent.values()].sort((a, b) => (a.student < b.student ? -1 : 1));
}
