import type { Grade } from '../judge/grade';
import { type Marks, markOf, totalOf } from '../marks/marks';
import { overridden } from '../marks/override';

/**
 * A row a student, as a spreadsheet or a course's site reads it: first the columns that nbgrader
 * exports, then the points of each criterion, and of each answer in words (empty until it is read).
 */
export function gradesCsv(grades: readonly Grade[], marks: Marks): string {
  const unique = (ids: readonly string[]) => [...new Set(ids)];
  const criteria = unique(grades.flatMap(({ verdicts }) => verdicts.map(({ id }) => id)));
  const answers = unique(grades.flatMap(({ written }) => written.map(({ id }) => id)));
  const header = [
    'assignment',
    'duedate',
    'timestamp',
    'student_id',
    'last_name',
    'first_name',
    'email',
    'raw_score',
    'late_submission_penalty',
    'score',
    'max_score',
    ...criteria,
    ...answers,
    'automatic',
    'words',
    'unread',
  ];
  const rows = grades.map((judged) => {
    const grade = overridden(judged, marks);
    const { student, time, verdicts, written, earned } = grade;
    const { words, total, most, unread } = totalOf(grade, marks);
    const handedIn = time > 0 ? new Date(time).toISOString() : '';
    return [
      ...['paths', '', handedIn, student, '', '', '', total, 0, total, most],
      ...criteria.map((id) => verdicts.find((verdict) => verdict.id === id)?.earned ?? 0),
      ...answers.map((id) => {
        const answer = written.find((one) => one.id === id);
        return (answer && markOf(marks, student, answer)?.points) ?? '';
      }),
      ...[earned, words, unread],
    ];
  });
  return `${[header, ...rows].map((row) => row.map(field).join(',')).join('\n')}\n`;
}

/** A spreadsheet takes what begins with = + - @ for a formula; a name is none. */
function field(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
