import { text } from 'node:stream/consumers';
import { useBackend } from '../../engine';
import { judgeSubmission } from '../judge/gradeSubmission';
import { questionsOf } from '../judge/questions';
import { endGroupWithParent } from '../sandbox/runner/endGroupWithParent';
import { keptEvidence } from './evidence';
import { keepGrade } from './kept';
import { keyOf, keyOfGrader } from './key';
import type { Workbook } from './workbook';

/**
 * Runs as a process of its own, for some students in turn: judges again what they left. Where one ends
 * it, the next process goes on with the others.
 */

/** Comes as JSON on standard input. */
export interface Again {
  readonly students: readonly string[];
  readonly out: string;
  readonly workbook: Pick<Workbook, 'points' | 'checks' | 'written'>;
}

/** What became of one. */
export interface Judged {
  readonly student: string;
  /** Why the grade stays as it was. */
  readonly left?: string;
}

async function main(): Promise<void> {
  endGroupWithParent(Number(process.argv[2]));
  const { students, out, workbook } = JSON.parse(await text(process.stdin)) as Again;
  await useBackend('wasm');
  const graders = new Map<string, string>();
  for (const student of students) {
    const told: Judged = { student, ...(await judgedAgain(student, out, workbook, graders)) };
    await new Promise((resolve) => process.send!(told, resolve));
  }
  process.exit(0);
}

async function judgedAgain(
  student: string,
  out: string,
  { points, checks, written }: Again['workbook'],
  graders: Map<string, string>,
): Promise<{ left?: string }> {
  const evidence = keptEvidence(out, student);
  if (evidence === undefined) return { left: 'no evidence is kept' };
  const { submission, options, opened, asked } = evidence;
  // The cells that were carried out are those that were no checks then.
  const now = { ...options, points };
  const questions = opened.map((_, i) => questionsOf(asked[i]));
  const grade = await judgeSubmission(submission, opened, written, now, questions);
  const others = new Set(questions.flatMap((one) => [...one.others]));
  if (others.size > 0) {
    return { left: `${[...others].join(', ')} asks for what the notebook was not asked then` };
  }
  const name = JSON.stringify(options);
  const grader = graders.get(name) ?? keyOfGrader(written, { ...now, checks });
  graders.set(name, grader);
  keepGrade(out, grade, keyOf(evidence.keyOfFiles, grader));
  return {};
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
