import { join } from 'node:path';
import { writeAtomically } from '../../files';
import { summaryFrame, textTable } from '../../tables';
import type { Grade } from '../judge/grade';
import type { Tasks } from '../marks/byTask';
import { pageOf } from '../marks/fileName';
import { type Marks, totalOf } from '../marks/marks';
import { overridden } from '../marks/override';
import { gradebook } from '../roster/gradebook';
import { keptRoster } from '../roster/roster';
import { gradesCsv } from './gradesCsv';
import { overviewPage } from './overviewPage';
import { studentPage } from './studentPage';
import { tasksCsv } from './tasksCsv';

/**
 * Writes the pages and tables of a class, and gives the table for the terminal.
 *
 * @throws InputError when they cannot be written
 */
export function writeReports(
  grades: readonly Grade[],
  marks: Marks,
  out: string,
  tasks: Tasks = {},
): string {
  for (const grade of grades) writePage(grade, marks, out);
  writeTables(grades, marks, out, tasks);
  return textTable(table(grades, marks), { rows: 1000 });
}

/** Writes one student's page; where it cannot be made, one that says so, and keeps no other back. */
export function writePage(grade: Grade, marks: Marks, out: string): void {
  const path = join(out, pageOf(grade.student));
  let text: string;
  try {
    text = studentPage(grade, marks);
  } catch (error) {
    const bare = { ...grade, notebooks: [], written: [] };
    console.error(`note: the page of ${grade.student} is without pictures and answers: ${error}`);
    text = studentPage(bare, marks);
  }
  writeAtomically(path, text);
}

/**
 * Writes what is about the class as a whole: `overview.html`, `grades.json`, `grades.csv`, `tasks.csv`,
 * and where the folder has a roster its gradebook.
 *
 * @throws InputError when they cannot be written, or the roster is damaged
 */
export function writeTables(
  grades: readonly Grade[],
  marks: Marks,
  out: string,
  tasks: Tasks = {},
): void {
  const all = grades.map((grade) => brief(grade, marks));
  writeAtomically(join(out, 'overview.html'), overviewPage(grades, marks, tasks));
  writeAtomically(join(out, 'grades.json'), `${JSON.stringify(all, null, 1)}\n`);
  writeAtomically(join(out, 'grades.csv'), gradesCsv(grades, marks));
  writeAtomically(join(out, 'tasks.csv'), tasksCsv(grades, marks, tasks));
  const roster = keptRoster(out);
  if (roster === undefined) return;
  const files = Object.entries(gradebook(roster, grades, marks, tasks));
  for (const [name, text] of files) writeAtomically(join(out, name), text);
}

/** Without the pictures, which are in the student's page. */
function brief(judged: Grade, marks: Marks) {
  const grade = overridden(judged, marks);
  const given = Object.hasOwn(marks, grade.student) ? marks[grade.student] : {};
  const notebooks = grade.notebooks.map(({ outputs: _, ...rest }) => rest);
  return { ...grade, notebooks, marks: given, ...totalOf(grade, marks) };
}

function table(grades: readonly Grade[], marks: Marks) {
  const verdicts = grades.flatMap((grade) => grade.verdicts);
  const tasks = [...new Set(verdicts.map(({ task }) => task))].sort();
  const shortNames = cutNames(grades.map(({ student }) => student));
  const rows = grades.map((judged) => {
    const grade = overridden(judged, marks);
    const of = (task: string) =>
      grade.verdicts.filter((one) => one.task === task).reduce((sum, one) => sum + one.earned, 0);
    const { words, total, unread } = totalOf(grade, marks);
    const remark = grade.notebooks.map(({ unreadable, stopped }) => unreadable ?? stopped);
    const note = remark.some((one) => one !== undefined) ? 'unreadable or stopped' : '';
    const byTask = Object.fromEntries(tasks.map((task) => [task, of(task)]));
    return [
      shortNames.get(grade.student)!,
      { ...byTask, automatic: grade.earned, words, unread, total, note },
    ];
  });
  return summaryFrame(Object.fromEntries(rows) as Record<string, object>);
}

/** Characters of a name in the terminal's table, whose rows one long name makes as long. */
const MOST_NAME = 40;

/** Names cut for the terminal, but for those that would then be the same. */
function cutNames(names: readonly string[]): Map<string, string> {
  const cut = (name: string) => {
    const characters = [...name];
    return characters.length <= MOST_NAME
      ? name
      : `${characters.slice(0, MOST_NAME - 1).join('')}…`;
  };
  const count = new Map<string, number>();
  for (const name of names) count.set(cut(name), (count.get(cut(name)) ?? 0) + 1);
  return new Map(names.map((name) => [name, count.get(cut(name)) === 1 ? cut(name) : name]));
}
