import { unparse } from 'papaparse';
import type { Grade } from '../judge/grade';
import { scoreOf, type Tasks } from '../marks/byTask';
import type { Marks } from '../marks/marks';
import { type Listed, type Roster, titleOf } from './roster';

/** A file for upload, by its name. */
export type Files = Readonly<Record<string, string>>;

/** What Moodle's import of a grading worksheet looks for. */
const MODIFIED = 'Last modified (grade)';
/** By these its gradebook finds a student. */
const OF_MOODLE = ['First name', 'Last name', 'ID number', 'Username', 'Email address'];

/** The whole points that a course gives without those on top. */
const FULL_MARKS = 10;

/**
 * The gradebook in the form of the system whose list it is, everybody on the list once: points out of
 * 10, and those on top in a column of their own, or, where the system takes one grade alone, a file.
 */
export function gradebook(
  roster: Roster,
  grades: readonly Grade[],
  marks: Marks,
  tasks: Tasks,
): Files {
  const { system, columns, students, assignment, delimiter } = roster;
  const byStudent = new Map(grades.map((grade) => [grade.student, grade]));
  const scores = students.map(({ student }) => {
    const grade = byStudent.get(student);
    return grade ? scoreOf(grade, marks, tasks) : { points: 0, bonus: 0 };
  });
  const bonus = { [titleOf(`${assignment} bonus`, columns)]: (i: number) => scores[i]!.bonus };
  const both = { [titleOf(assignment, columns)]: (i: number) => scores[i]!.points, ...bonus };
  if (system === 'canvas') {
    const known = columns.slice(0, columns.indexOf('Section') + 1);
    const possible = known.map((_, i) => (i === 0 ? '    Points Possible' : ''));
    const { fields, data } = table(students, known, both);
    return csv('gradebook.csv', fields, [[...possible, FULL_MARKS, 0], ...data]);
  }
  if (system === 'csv') {
    const { fields, data } = table(students, columns, both);
    return csv('gradebook.csv', fields, asIn(data, delimiter), delimiter);
  }
  const known = OF_MOODLE.filter((name) => columns.includes(name));
  if (!columns.includes('Identifier')) return asTable('gradebook.csv', students, known, both);
  const worksheet = students.map(({ row }, i) => [
    ...[row.Identifier ?? '', scores[i]!.points, row[MODIFIED] ?? '-'],
  ]);
  return {
    ...csv('gradebook.csv', ['Identifier', 'Grade', MODIFIED], worksheet),
    ...(known.length > 0 && asTable('gradebook-bonus.csv', students, known, bonus)),
  };
}

/** A note where the platform gives other points for the lab than the gradebook does: it scales none. */
export function scaleNotes({ assignment, outOf = FULL_MARKS }: Roster): string[] {
  if (outOf === FULL_MARKS) return [];
  return [
    `${assignment} is out of ${outOf} in the roster, and the gradebook is out of ${FULL_MARKS}: set ` +
      `the assignment to ${FULL_MARKS} points before you upload it`,
  ];
}

type Column = (row: number) => number;

function table(
  students: readonly Listed[],
  known: readonly string[],
  more: Readonly<Record<string, Column>>,
) {
  const fields = [...known.filter((name) => !Object.hasOwn(more, name)), ...Object.keys(more)];
  const data = students.map(({ row }, i) =>
    fields.map((name) => (Object.hasOwn(more, name) ? more[name]!(i) : (row[name] ?? ''))),
  );
  return { fields, data };
}

function asTable(name: string, ...of: Parameters<typeof table>): Files {
  const { fields, data } = table(...of);
  return csv(name, fields, data);
}

/** Columns are set apart by semicolons where a comma stands in numbers: there 8.5 would be a date in May. */
function asIn(data: readonly (string | number)[][], delimiter = ','): (string | number)[][] {
  const written = (value: string | number) =>
    typeof value === 'number' ? String(value).replace('.', ',') : value;
  return data.map((row) => (delimiter === ';' ? row.map(written) : row));
}

function csv(
  name: string,
  fields: readonly string[],
  data: readonly (string | number)[][],
  delimiter = ',',
): Files {
  const text = unparse({ fields: [...fields], data: [...data] }, { newline: '\n', delimiter });
  return { [name]: `${text}\n` };
}
