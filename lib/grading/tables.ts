import type { Grade } from './gradeSubmission';

/** A row a student, a column a criterion and one for the sum, as a spreadsheet reads it. */
export function gradesCsv(grades: readonly Grade[]): string {
  const ids = grades[0]?.verdicts.map(({ id }) => id) ?? [];
  const all = [...new Set([...ids, ...grades.flatMap((g) => g.verdicts.map(({ id }) => id))])];
  const header = ['student', ...all, 'automatic', 'of'];
  const rows = grades.map(({ student, verdicts, earned, most }) => [
    student,
    ...all.map((id) => verdicts.find((verdict) => verdict.id === id)?.earned ?? 0),
    earned,
    most,
  ]);
  return `${[header, ...rows].map((row) => row.map(field).join(',')).join('\n')}\n`;
}

/** A spreadsheet takes what begins with = + - @ for a formula; a name is none. */
function field(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
