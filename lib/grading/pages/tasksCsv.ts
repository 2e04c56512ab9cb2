import { unparse } from 'papaparse';
import type { Grade } from '../judge/grade';
import { byTask, type Tasks } from '../marks/byTask';
import type { Marks } from '../marks/marks';

/** A row for each student and task: what the checks gave, what was given by reading, of how much. */
export function tasksCsv(grades: readonly Grade[], marks: Marks, tasks: Tasks): string {
  const rows = grades.flatMap((grade) =>
    byTask(grade, marks).map(({ task, automatic, words, most, unread }) => ({
      ...{ student: grade.student, task, name: tasks[task]?.name ?? '' },
      ...{ automatic, words, points: Math.round(100 * (automatic + words)) / 100, most, unread },
    })),
  );
  return `${unparse(rows, { newline: '\n', escapeFormulae: true })}\n`;
}
