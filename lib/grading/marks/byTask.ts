import type { Grade } from '../judge/grade';
import { type Marks, markOf } from './marks';
import { overridden } from './override';

/** Tasks by their numbers, as the workbook has them. */
export type Tasks = Readonly<
  Record<
    string,
    {
      readonly name: string;
      /** Its points come on top of the others. */
      readonly isExtra: boolean;
    }
  >
>;

/** What a student has in one task. */
export interface TaskPoints {
  readonly task: string;
  readonly automatic: number;
  readonly words: number;
  readonly most: number;
  /** Answers that nobody has read yet. */
  readonly unread: number;
}

/** A student's points, task by task, in the order of tasks. */
export function byTask(grade: Grade, marks: Marks): TaskPoints[] {
  const { student, verdicts, written } = overridden(grade, marks);
  const tasks = [...new Set([...verdicts, ...written].map(({ task }) => task))].sort();
  return tasks.map((task) => {
    const checks = verdicts.filter((one) => one.task === task);
    const answers = written.filter((one) => one.task === task);
    const given = answers.map((answer) => markOf(marks, student, answer)?.points);
    return {
      task,
      automatic: rounded(sumOf(checks.map(({ earned }) => earned))),
      words: rounded(sumOf(given.map((points) => points ?? 0))),
      most: rounded(sumOf([...checks, ...answers].map(({ points }) => points))),
      unread: given.filter((points, i) => points === undefined && answers[i]!.text !== '').length,
    };
  });
}

/** What a course counts: the points of the tasks, and those on top. */
export function scoreOf(
  grade: Grade,
  marks: Marks,
  tasks: Tasks,
): { points: number; bonus: number } {
  const all = byTask(grade, marks);
  const isExtra = ({ task }: TaskPoints) => tasks[task]?.isExtra ?? false;
  const of = (some: readonly TaskPoints[]) =>
    rounded(sumOf(some.map(({ automatic, words }) => automatic + words)));
  return { points: of(all.filter((one) => !isExtra(one))), bonus: of(all.filter(isExtra)) };
}

const sumOf = (numbers: readonly number[]) => numbers.reduce((sum, one) => sum + one, 0);
const rounded = (points: number) => Math.round(100 * points) / 100;
