import { escapeHtml } from '../../text';
import type { Grade } from '../judge/grade';
import { pageOf } from '../marks/fileName';
import { type Marks, totalOf } from '../marks/marks';
import { overridden } from '../marks/override';
import { shortened } from '../sandbox/messages';
import { nameHtml, page } from './page';

/** Of one student, in a row. */
const MOST_NOTES = 5;

/** The class at a glance: how the points are spread, and which criterion costs most. */
export function overviewPage(judged: readonly Grade[], marks: Marks): string {
  const grades = judged.map((grade) => overridden(grade, marks));
  const rows = grades.map((grade) => {
    const { student, earned, most, notebooks } = grade;
    const { words, total, most: all, unread } = totalOf(grade, marks);
    const notes = [
      ...(unread > 0 ? [`${unread} to read`] : []),
      ...(notebooks.some(({ remarks }) => remarks?.length) ? ['to look at'] : []),
      ...whyLess(grade),
    ];
    const link = `<a href="${encodeURIComponent(pageOf(student))}">${nameHtml(student)}</a>`;
    return tableRow(
      `${link}${list(notes)}`,
      earned,
      words,
      `${total} of ${all}`,
      bar(earned, most),
    );
  });
  const steps = spread(grades);
  const highest = Math.max(1, ...steps.map(({ count }) => count));
  const distribution = steps.map(({ from, to, count }) =>
    tableRow(`${from} to ${to}`, count, bar(count, highest)),
  );
  const criteria = byCriterion(grades).map(({ id, full, part, none, share }) =>
    tableRow(escapeHtml(id), full, part, none, `${Math.round(100 * share)} %`, bar(share, 1)),
  );
  const body = `<h1>${grades.length} ${grades.length === 1 ? 'submission' : 'submissions'}</h1>
<h2>How the automatic points are spread</h2>
${table(['points', ' students', ''], distribution)}
<h2>Criteria, the hardest first</h2>
${table(['criterion', ' all points', ' some', ' none', 'earned', ''], criteria)}
<h2>Students</h2>
${table(['student', ' automatic', ' words', 'total', 'automatic points'], rows)}`;
  return page('Grades', body);
}

/** What kept the submission, or a part of it, from being graded. */
function whyLess({ notes = [], notebooks, earned }: Grade): string[] {
  const ofNotebooks = notebooks.flatMap(({ file, stopped, unreadable, tasks }) => {
    if (unreadable?.startsWith(file)) return [unreadable];
    if (unreadable !== undefined) return [`${file}: ${unreadable}`];
    if (stopped !== undefined) return [`${file} was stopped: ${stopped}`];
    return earned === 0 && tasks?.length === 0
      ? [`${file} has no cell with the name of a task`]
      : [];
  });
  return [...notes, ...ofNotebooks].map(shortened);
}

function list(notes: readonly string[]): string {
  const shown = notes.slice(0, MOST_NOTES);
  const more = notes.length - shown.length;
  const all = more > 0 ? [...shown, `${more} more on the student's page`] : shown;
  return all.map((note) => `<div class="note">${escapeHtml(note)}</div>`).join('');
}

/** A name that begins with a space is that of a column of numbers. */
function table(names: readonly string[], rows: readonly string[]): string {
  const head = names
    .map((name) => `<th${name.startsWith(' ') ? ' class="n"' : ''}>${name.trim()}</th>`)
    .join('');
  return `<table><thead><tr>${head}</tr></thead><tbody>${rows.join('\n')}</tbody></table>`;
}

/** Numbers to the right. The text is HTML. */
function tableRow(...cells: readonly (string | number)[]): string {
  const html = cells.map((cell) =>
    typeof cell === 'number' ? `<td class="n">${cell}</td>` : `<td>${cell}</td>`,
  );
  return `<tr>${html.join('')}</tr>`;
}

function bar(value: number, most: number): string {
  const share = most > 0 ? (100 * value) / most : 0;
  return `<div class="bar" role="img" aria-label="${value} of ${most}"><div style="width: ${share.toFixed(1)}%"></div></div>`;
}

/** How many students earned from 0 to 1, 1 to 2, … points; the last step has its end. */
function spread(grades: readonly Grade[]) {
  const most = Math.max(1, Math.ceil(Math.max(0, ...grades.map((grade) => grade.most))));
  return Array.from({ length: most }, (_, from) => ({
    from,
    to: from + 1,
    count: grades.filter(({ earned }) => Math.min(Math.floor(earned), most - 1) === from).length,
  }));
}

function byCriterion(grades: readonly Grade[]) {
  const ids = [...new Set(grades.flatMap(({ verdicts }) => verdicts.map(({ id }) => id)))];
  return ids
    .map((id) => {
      const all = grades.flatMap(({ verdicts }) => verdicts.filter((one) => one.id === id));
      const points = all.reduce((sum, one) => sum + one.points, 0);
      return {
        id,
        full: all.filter(({ earned, points: worth }) => earned === worth).length,
        part: all.filter(({ earned, points: worth }) => earned > 0 && earned < worth).length,
        none: all.filter(({ earned }) => earned === 0).length,
        share: points === 0 ? 0 : all.reduce((sum, one) => sum + one.earned, 0) / points,
      };
    })
    .sort((a, b) => a.share - b.share);
}
