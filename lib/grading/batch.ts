import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { availableParallelism, freemem } from 'node:os';
import { sideBySide } from '../training';
import type { GradingOptions } from './gradeNotebook';
import { type Grade, gradeSubmission, type Written } from './gradeSubmission';
import { keepGrade, keptGrade } from './kept';
import type { Submission } from './submissions';

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
  const memoryMB = Math.max(...Object.values(options.limits).map((limits) => limits.memoryMB));
  const room = Math.floor(freemem() / 1e6 / memoryMB);
  const atOnce = Math.max(1, Math.min(availableParallelism(), room));
  const begun = Date.now();
  const toDo = submissions.map((submission) => {
    const key = keyOf(submission, options);
    return { submission, key, kept: keptGrade(out, submission.student, key) };
  });
  let left = toDo.filter(({ kept }) => kept === undefined).length;
  if (left < toDo.length) {
    console.error(`${toDo.length - left} of ${toDo.length} were graded before, and are kept`);
  }
  const all = left;
  return await sideBySide(
    toDo.map(({ submission, key, kept }) => async () => {
      if (kept) return kept;
      const started = Date.now();
      const grade = await gradeSubmission(submission, written, options);
      const took = ((Date.now() - started) / 1000).toFixed(1);
      keepGrade(out, grade, key);
      left--;
      const seconds = Math.round((left * (Date.now() - begun)) / 1000 / (all - left));
      const { student, earned, most } = grade;
      console.error(
        `${all - left}/${all} · ${student}: ${earned} of ${most} in ${took} s · about ${seconds} s left`,
      );
      return grade;
    }),
    { atOnce },
  );
}

/** Whatever a grade depends on; a file that cannot be read counts as such. */
function keyOf({ notebooks, saved }: Submission, options: GradingOptions): string {
  const hash = createHash('sha256').update(JSON.stringify(options));
  for (const path of [...notebooks, ...saved]) {
    hash.update(`\n${path}\n`);
    try {
      hash.update(readFileSync(path));
    } catch (error) {
      hash.update(String(error));
    }
  }
  return hash.digest('hex');
}
