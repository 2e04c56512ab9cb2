import { escapeHtml } from '../../text';
import type { Grade } from '../judge/grade';
import type { Tasks } from '../marks/byTask';
import { pageOf } from '../marks/fileName';
import { type Marks, totalOf } from '../marks/marks';
import { overridden } from '../marks/override';
import { shortened } from '../sandbox/messages';
import { criterionName } from './criterionName';
import { nameHtml, page } from './page';
import { sameWeights } from './sameWeights';
import { criteriaOf, findingsOf, type OfCriterion, type OfFinding } from './statistics';

/** Of one student, in a row. */
const MOST_NOTES = 5;
/** Of one finding. */
const MOST_HINTS = 3;
/** Of students who have the same. */
const MOST_NAMES = 10;

/**
 * The class at a glance: how the points are spread, which criterion costs most, and what most of the
 * class have missed.
 */
export function overviewPage(judged: readonly Grade[], marks: Marks, tasks: Tasks = {}): string {
  const grades = judged.map((grade) => overridden(grade, marks));
  const rows = grades.map((grade) => {
    const { student, earned, most, notebooks } = grade;
    const { words, total, most: all, unread } = totalOf(grade, marks);
    const notes = [
      ...(unread > 0 ? [`${unread} to read`] : []),
      ...(notebooks.some(({ remarks }) => remarks?.length) ? ['to look at'] : []),
      ...whyLess(grade),
    ];
    return tableRow(
      `${studentLink(student)}${list(notes)}`,
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
  const inWords = (one: OfCriterion | OfFinding) => escapeHtml(criterionName(one, tasks));
  const findings = findingsOf(judged).map((one) => findingRow(inWords(one), one));
  const criteria = criteriaOf(grades).map((one) => {
    const { full, part, none, handedIn, share } = one;
    return tableRow(inWords(one), full, part, none, percent(full / handedIn), bar(share, 1));
  });
  const body = `<h1>${grades.length} ${grades.length === 1 ? 'submission' : 'submissions'}</h1>
<h2>How the automatic points are spread</h2>
${table(['points', ' students', ''], distribution)}
<h2>What was missed, what most have missed first</h2>
<p>Of those who handed in the task.</p>
${findings.length === 0 ? '<p>Nothing was missed.</p>' : table(['what must hold, and the commonest hints', ' met', ' missed', ' not answered', 'met by'], findings)}
<h2>Criteria, the hardest first</h2>
<p>Of those who handed in the task; a task that nobody handed in is left out.</p>
${table(['criterion', ' all points', ' some', ' none', 'met by', 'points earned'], criteria)}
${sameSection(judged, tasks)}
<h2>Students</h2>
${table(['student', ' automatic', ' words', 'total', 'automatic points'], rows)}`;
  return page('Grades', body);
}

/** Nets that two students have, if there are such. */
function sameSection(grades: readonly Grade[], tasks: Tasks): string {
  const rows = sameWeights(grades).map(({ students, nets, ...of }) => {
    const named = students.map((some) => {
      const links = some.slice(0, MOST_NAMES).map(studentLink);
      const more = some.length - links.length;
      return [...links, ...(more > 0 ? [`${more} more`] : [])].join(', ');
    });
    const how = named.length === 1 ? '<br>from the same seeds' : '';
    const names = named.join('<br>and, begun elsewhere: ') + how;
    return tableRow(escapeHtml(criterionName(of, tasks)), nets, names);
  });
  if (rows.length === 0) return '';
  return `<h2>To look at: the same trained weights</h2>
<p>Nets that are equal to the bit. No two honest trainings that began at different places end so. From the same seeds they do: the same seeds and settings give the same net to everybody, and those of two who chose the same seeds, other than the workbook's, stand here as well. This is no verdict.</p>
${table(['criterion', ' nets', 'students'], rows)}`;
}

const studentLink = (student: string) =>
  `<a href="${encodeURIComponent(pageOf(student))}">${nameHtml(student)}</a>`;

/** What must hold, and the hints that were given most often, as they stood with the first student. */
function findingRow(
  criterion: string,
  { what, met, missed, unanswered, hints }: OfFinding,
): string {
  const often = hints
    .slice(0, MOST_HINTS)
    .map(({ hint, count }) => `${count} ×: ${shortened(hint)}`);
  const text = `${criterion}: <b>${escapeHtml(what)}</b>${often.map(hintHtml).join('')}`;
  return tableRow(text, met, missed, unanswered, percent(met / (met + missed + unanswered)));
}

const hintHtml = (text: string) => `<div class="hint">${escapeHtml(text)}</div>`;
const percent = (share: number) => `${Math.round(100 * share)} %`;

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
