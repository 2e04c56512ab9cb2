import { text } from 'node:stream/consumers';
import { useBackend } from '../../engine';
import type { Grade, Wanted } from '../judge/grade';
import type { GradingOptions } from '../judge/gradeNotebook';
import { judgeSubmission, runSubmission } from '../judge/gradeSubmission';
import { questionsOf } from '../judge/questions';
import { NoSandbox } from '../sandbox/run';
import { endGroupWithParent } from '../sandbox/runner/endGroupWithParent';
import type { Submission } from '../submitted/submission';
import { type KeptEvidence, keepEvidence } from './evidence';
import { keepGrade } from './kept';

/**
 * Runs as a process of its own, for one submission: what a student left is read and judged here, so
 * that whatever it does to this process is done to no other student.
 */

/** What is to be graded, and where it is kept; comes as JSON on standard input. */
export interface Order {
  readonly submission: Submission;
  readonly written: readonly Wanted[];
  readonly options: GradingOptions;
  readonly out: string;
  readonly key: string;
  readonly keyOfFiles: string;
}

/** What is told of it; no word means that it failed. */
export type Answer =
  | { readonly earned: number; readonly most: number }
  | { readonly noSandbox: string };

async function main(): Promise<void> {
  endGroupWithParent(Number(process.argv[2]));
  const order = JSON.parse(await text(process.stdin)) as Order;
  const { submission, written, options } = order;
  await useBackend('wasm');
  try {
    const opened = await runSubmission(submission, options);
    const questions = opened.map(() => questionsOf());
    const grade = await judgeSubmission(submission, opened, written, options, questions);
    const asked = questions.map((one) => one.asked);
    keep(order, opened, asked, grade);
    answer({ earned: grade.earned, most: grade.most });
  } catch (error) {
    if (!(error instanceof NoSandbox)) throw error;
    answer({ noSandbox: error.message });
  }
}

/** @throws NoSandbox where it cannot be written, on a full disk say, which is no fault of the student */
function keep(
  { submission, options, out, key, keyOfFiles }: Order,
  opened: KeptEvidence['opened'],
  asked: KeptEvidence['asked'],
  grade: Grade,
): void {
  try {
    keepEvidence(out, { submission, keyOfFiles, options, opened, asked });
    keepGrade(out, grade, key);
  } catch (error) {
    throw new NoSandbox(error instanceof Error ? error.message : String(error));
  }
}

function answer(told: Answer): void {
  process.send!(told, () => process.exit(0));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
