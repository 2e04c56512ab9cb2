import { availableParallelism } from 'node:os';
import { freeMemory } from '../../engine/freeMemory';
import { duration } from '../../text';
import { sideBySide } from '../../training';
import type { Grade, Wanted } from '../judge/grade';
import type { GradingOptions } from '../judge/gradeNotebook';
import { NoSandbox } from '../sandbox/run';
import type { Submission } from '../submitted/submission';
import { JUDGE_MB, judgeApart } from './judgeApart';
import { isKept, keptGrade, openKept } from './kept';
import { keyOf, keyOfFiles, keyOfGrader } from './key';
import { accountName, changeOf, noteRegrade } from './regrades';

/**
 * Grades submissions, as many at once as there are cores and memory, each being kept in `out` as
 * soon as it is there: stopped and started again, those that are kept are taken up.
 *
 * @returns those that this machine could not carry out, and why; they are not kept
 * @throws InputError when a grade that is kept is damaged
 */
export async function gradeAll(
  submissions: readonly Submission[],
  written: readonly Wanted[],
  options: GradingOptions,
  out: string,
): Promise<{ student: string; why: string }[]> {
  openKept(out);
  const open = notYetGraded(submissions, keyOfGrader(written, options), out);
  const atOnce = howManyAtOnce(options);
  const progress = progressOf(open.length, atOnce);
  const failed: { student: string; why: string }[] = [];
  await sideBySide(
    open.map(({ submission, ...keys }) => async () => {
      const started = Date.now();
      const { student } = submission;
      const before = isKept(out, student) ? keptGrade(out, student) : undefined;
      try {
        const grade = await judgeApart({ submission, written, options, out, ...keys });
        noteAnew(out, before, keptGrade(out, student)!);
        progress.graded(student, grade, (Date.now() - started) / 1000);
      } catch (error) {
        if (!(error instanceof NoSandbox)) throw error;
        failed.push({ student, why: error.message });
        progress.failed();
      }
    }),
    { atOnce },
  );
  return failed;
}

/** Notes where a grade of before was another. */
function noteAnew(out: string, before: Grade | undefined, after: Grade): void {
  const change = before && changeOf(before, after);
  if (change === undefined) return;
  const why = 'carried out anew, with other files, checks, seed or options';
  noteRegrade(out, { why, by: accountName(), judged: 1, changed: [change] });
}

/** As many as there are cores, and memory for the sandbox and the judge of each. */
function howManyAtOnce({ limits }: GradingOptions): number {
  const sandboxMB = Math.max(...Object.values(limits).map(({ memoryMB }) => memoryMB));
  const room = Math.floor(freeMemory() / 1e6 / (sandboxMB + JUDGE_MB));
  return Math.max(1, Math.min(availableParallelism(), room));
}

/** Those of which no grade is kept that was made of the same; says how many there are of each. */
function notYetGraded(submissions: readonly Submission[], grader: string, out: string) {
  const all = submissions.map((submission) => {
    const files = keyOfFiles(submission);
    return { submission, keyOfFiles: files, key: keyOf(files, grader) };
  });
  const open = all.filter(
    ({ submission, key }) => keptGrade(out, submission.student, key) === undefined,
  );
  if (open.length < all.length) {
    console.error(`${all.length - open.length} of ${all.length} were graded before, and are kept`);
  }
  const anew = open.filter(({ submission }) => isKept(out, submission.student)).length;
  if (anew > 0) {
    console.error(
      `${anew} were graded before with other files, checks, seed or options, and are graded anew`,
    );
  }
  return open;
}

/** Tells of each that is graded, and how long the others will take about. */
function progressOf(all: number, atOnce: number) {
  let [graded, failed, worked] = [0, 0, 0];
  return {
    graded(student: string, grade: { earned: number; most: number }, took: number): void {
      graded++;
      worked += took;
      const left = all - graded - failed;
      const secondsLeft = (left * worked) / graded / Math.min(atOnce, Math.max(1, left));
      console.error(
        `${all - left}/${all} · ${student}: ${grade.earned} of ${grade.most} in ${took.toFixed(1)} s · ` +
          `about ${duration(secondsLeft)} left`,
      );
    },
    failed(): void {
      failed++;
    },
  };
}
