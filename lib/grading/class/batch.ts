import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { projectRoot } from '../../root';
import { duration } from '../../text';
import { sideBySide } from '../../training';
import type { GradingOptions } from '../judge/gradeNotebook';
import type { Written } from '../judge/gradeSubmission';
import { NoSandbox } from '../sandbox/run';
import type { Submission } from '../submitted/find';
import { gradeApart, JUDGE_MB } from './judgeApart';
import { isKept, keptGrade, openKept } from './kept';

/**
 * Grades submissions, as many at once as there are cores and memory, each being kept in `out` as
 * soon as it is there: stopped and started again, those that are kept are taken up.
 *
 * @returns those that this machine could not carry out, and why; they are not kept
 */
export async function gradeAll(
  submissions: readonly Submission[],
  written: readonly Omit<Written, 'text'>[],
  options: GradingOptions,
  out: string,
): Promise<{ student: string; why: string }[]> {
  const sandboxMB = Math.max(...Object.values(options.limits).map((limits) => limits.memoryMB));
  const room = Math.floor(process.availableMemory() / 1e6 / (sandboxMB + JUDGE_MB));
  const atOnce = Math.max(1, Math.min(availableParallelism(), room));
  const grader = keyOfGrader(written, options);
  openKept(out);
  const toDo = submissions.map((submission) => {
    const key = keyOf(submission, grader);
    return { submission, key, kept: keptGrade(out, submission.student, key) };
  });
  const open = toDo.filter(({ kept }) => kept === undefined);
  if (open.length < toDo.length) {
    console.error(
      `${toDo.length - open.length} of ${toDo.length} were graded before, and are kept`,
    );
  }
  const anew = open.filter(({ submission }) => isKept(out, submission.student)).length;
  if (anew > 0) {
    console.error(
      `${anew} were graded before with other files, checks, seed or options, and are graded anew`,
    );
  }
  const failed: { student: string; why: string }[] = [];
  const all = open.length;
  let left = all;
  let worked = 0;
  await sideBySide(
    open.map(({ submission, key }) => async () => {
      const started = Date.now();
      const { student } = submission;
      let grade: { earned: number; most: number };
      try {
        grade = await gradeApart({ submission, written, options, out, key });
      } catch (error) {
        if (!(error instanceof NoSandbox)) throw error;
        failed.push({ student, why: error.message });
        left--;
        return;
      }
      const took = (Date.now() - started) / 1000;
      left--;
      worked += took;
      const graded = all - left - failed.length;
      const secondsLeft = (left * worked) / graded / Math.min(atOnce, Math.max(1, left));
      console.error(
        `${all - left}/${all} · ${student}: ${grade.earned} of ${grade.most} in ${took.toFixed(1)} s · ` +
          `about ${duration(secondsLeft)} left`,
      );
    }),
    { atOnce },
  );
  return failed;
}

/** What every grade depends on: the compiled lib with its checks, the points, the options. */
function keyOfGrader(written: readonly object[], options: GradingOptions): string {
  const hash = createHash('sha256').update(JSON.stringify([options, written]));
  const lib = join(projectRoot, 'lib', 'dist');
  const files = readdirSync(lib, { recursive: true, encoding: 'utf8' });
  for (const file of files.filter((name) => /\.(js|wasm)$/.test(name)).sort()) {
    hash.update(`\n${file}\n`).update(readFileSync(join(lib, file)));
  }
  return hash.digest('hex');
}

/** Whatever a grade depends on; a file that cannot be read counts as such. */
function keyOf({ notebooks, saved, beside, notes }: Submission, grader: string): string {
  const hash = createHash('sha256').update(grader).update(JSON.stringify(notes));
  for (const path of [...notebooks, ...saved, ...beside]) {
    hash.update(`\n${relative(dirname(notebooks[0] ?? path), path)}\n`);
    try {
      hash.update(readFileSync(path));
    } catch (error) {
      hash.update(String(error));
    }
  }
  return hash.digest('hex');
}
