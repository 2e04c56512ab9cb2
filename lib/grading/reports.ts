import { join } from 'node:path';
import { InputError } from '../errors';
import { writeAtomically } from '../files';
import { summaryFrame, textTable } from '../tables';
import type { Grade } from './gradeSubmission';
import { pageOf } from './names';
import { overviewPage } from './overviewPage';
import { studentPage } from './studentPage';
import { gradesCsv } from './tables';

/**
 * Writes the pages and tables of a class, and gives the table for the terminal.
 *
 * @throws InputError when there is no grade
 */
export function writeReports(grades: readonly Grade[], out: string): string {
  if (grades.length === 0) throw new InputError('grade: there is no submission in this share');
  for (const grade of grades) writeAtomically(join(out, pageOf(grade.student)), studentPage(grade));
  writeAtomically(join(out, 'overview.html'), overviewPage(grades, pageOf));
  writeAtomically(join(out, 'grades.json'), `${JSON.stringify(grades.map(brief), null, 1)}\n`);
  writeAtomically(join(out, 'grades.csv'), gradesCsv(grades));
  return textTable(table(grades), { rows: 1000 });
}

/** Without the pictures, which are in the student's page. */
function brief({ notebooks, ...grade }: Grade) {
  return { ...grade, notebooks: notebooks.map(({ outputs: _, ...rest }) => rest) };
}

function table(grades: readonly Grade[]) {
  const tasks = [
    ...new Set(grades.flatMap(({ verdicts }) => verdicts.map(({ task }) => task))),
  ].sort();
  const rows = grades.map(({ student, verdicts, earned }) => {
    const of = (task: string) =>
      verdicts.filter((one) => one.task === task).reduce((sum, one) => sum + one.earned, 0);
    return [student, { ...Object.fromEntries(tasks.map((task) => [task, of(task)])), sum: earned }];
  });
  return summaryFrame(Object.fromEntries(rows) as Record<string, object>);
}
