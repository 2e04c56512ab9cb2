import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findingText, SIGNS } from '../../checks/check';
import { FORMULA_STYLE, renderMarkdown } from '../../report/markdown';
import { projectRoot } from '../../root';
import { escapeHtml } from '../../text';
import type { Grade, Written } from '../judge/grade';
import { type Given, type Marks, markOf, totalOf } from '../marks/marks';
import { type Overridden, overridden } from '../marks/override';
import { nameHtml, page } from './page';

const FRAME_STYLE = `
body { font: 14px/1.4 system-ui, sans-serif; }
table { border-collapse: collapse; }
td, th { padding: .2rem .6rem; border-bottom: 1px solid #ddd; }${FORMULA_STYLE}`;

const SCRIPT = join(projectRoot, 'lib', 'grading', 'pages', 'leaving.js');

/** A table of little text can be a page of megabytes. */
const MOST_RENDERED = 300e3;

/** The form on a page that is served for giving points. */
export interface Form {
  /** The page of the next student. */
  readonly next: string;
  /** What was wrong with what was typed last, and what it was. */
  readonly wrong?: string;
  readonly typed?: URLSearchParams;
  /** What was typed last is kept. */
  readonly saved?: boolean;
}

/**
 * One student's page: each criterion with its reasons, the answers in words, and the pictures that
 * the notebooks showed. It opens with no network, and nothing of the student's runs in it. With a form
 * it asks before what was typed is left.
 */
export function studentPage(judged: Grade, marks: Marks, form?: Form): string {
  const grade = overridden(judged, marks);
  const { student, earned, most, verdicts, written, notebooks, notes = [] } = grade;
  const { words, total, most: all, unread } = totalOf(grade, marks);
  const toRead = unread > 0 ? `; ${unread} ${unread === 1 ? 'answer' : 'answers'} to read` : '';
  const answers = written.map((answer) =>
    writtenAnswer(answer, markOf(marks, student, answer), form),
  );
  const wrong = form?.wrong ? `<p class="wrong">Not saved: ${escapeHtml(form.wrong)}</p>` : '';
  const kept = form?.saved ? `<p>Saved: ${total} of ${all} points${toRead}.</p>` : '';
  const [begin, end] = form
    ? [
        '<form method="post">',
        `${kept}<button>Save</button> <a href="overview.html">all students</a> · <a href="${form.next}">next student</a></form>`,
      ]
    : ['', ''];
  const body = `${wrong}<h1>${nameHtml(student)}: ${total} of ${all} points</h1>
<p>${earned} of ${most} by the checks, ${words} for answers in words${toRead}.</p>
${notes.map((note) => `<p>${escapeHtml(note)}</p>`).join('\n')}
${begin}<table><thead><tr><th>criterion</th><th>points</th><th>what holds, and what does not</th></tr></thead>
<tbody>${verdicts.map((one) => criterionRow(one, form)).join('\n')}</tbody></table>
<h2 id="words">Answers in words</h2>
${answers.join('\n')}
${end}
${notebooks.map(notebookSection).join('\n')}`;
  return page(student, body, form && readFileSync(SCRIPT, 'utf8'));
}

function writtenAnswer(answer: Written, given: Given | undefined, form: Form | undefined): string {
  const { id, task, points: most, text } = answer;
  const points = form?.typed?.get(`points-${id}`) ?? given?.points ?? '';
  const comment = escapeHtml(form?.typed?.get(`comment-${id}`) ?? given?.comment ?? '');
  const was =
    hidden(`was-points-${id}`, String(given?.points ?? '')) +
    hidden(`was-comment-${id}`, given?.comment ?? '');
  const earlier =
    given?.earlier === undefined
      ? ''
      : `<p>An earlier version of this answer got ${given.earlier} points.</p>`;
  const unread = text === '' ? `0 of ${most}` : 'Not read yet';
  const judged = form
    ? `<fieldset><legend>Task ${escapeHtml(task)}</legend>
<label>Points, 0 to ${most}: <input name="points-${escapeHtml(id)}" inputmode="decimal" size="4" value="${escapeHtml(String(points))}"></label>
<label>Comment: <textarea name="comment-${escapeHtml(id)}" rows="2">${comment}</textarea></label>${was}</fieldset>`
    : `<p>${points === '' ? unread : `${points} of ${most}`}${comment && `: ${comment}`}</p>`;
  return `<h3>Task ${escapeHtml(task)}, in words (${most})</h3>${inWords(text)}${earlier}${judged}`;
}

/** With its formulas, in a frame, because Markdown may hold any HTML. */
export function inWords(text: string): string {
  if (text === '') return '<p>No answer.</p>';
  try {
    const html = renderMarkdown(text);
    if (html.length > MOST_RENDERED) return `<pre>${escapeHtml(text)}</pre>`;
    return frame(html, 'an answer in words', 60 + 20 * lengthOf(text));
  } catch {
    return `<pre>${escapeHtml(text)}</pre>`; // Nested deeper than there is room for.
  }
}

/** About how many lines a text takes. */
function lengthOf(text: string): number {
  const lines = text.split('\n').map((line) => Math.ceil(line.length / 110) || 0.5);
  return lines.reduce((sum, count) => sum + count, 0);
}

function criterionRow(verdict: Overridden, form: Form | undefined): string {
  const { id, task, earned, points, reason, note, findings, override } = verdict;
  const lines = findings.map(
    (finding) => `<div>${SIGNS[finding.verdict]} ${escapeHtml(findingText(finding))}</div>`,
  );
  const why = reason === undefined ? '' : `<div>not judged: ${escapeHtml(reason)}</div>`;
  const how = note === undefined ? '' : `<div>${escapeHtml(note)}</div>`;
  const more = override && override.given > points ? ` (${override.given} before it had less)` : '';
  const given = override
    ? `<div><b>By a person: ${earned} of ${points}</b>${more}, ${override.judged} by the check: ${escapeHtml(override.reason)}</div>`
    : '';
  const other = form ? overrideForm(verdict, form) : '';
  const name = id.replace(/^task-\d-\d-|-?check$/g, '');
  return `<tr><td>${escapeHtml(task)} ${escapeHtml(name)}</td><td class="n">${earned} of ${points}</td><td>${given}${why}${how}${lines.join('')}${other}</td></tr>`;
}

/** Points in the place of the check's, and why. */
function overrideForm({ id, points, override }: Overridden, { typed }: Form): string {
  const [name, why] = [`points-${id}`, `comment-${id}`];
  const now = String(override?.given ?? '');
  const reason = typed?.get(why) ?? override?.reason ?? '';
  return `<details${override ? ' open' : ''}><summary>other points</summary>
<label>Points, 0 to ${points}: ${input(name, typed?.get(name) ?? now, 4)}</label>
<label>Why, as the student reads it: ${input(why, reason, 50)}</label>
${hidden(`was-${name}`, now)}${hidden(`was-${why}`, override?.reason ?? '')}</details>`;
}

const input = (name: string, value: string, size: number) =>
  `<input name="${escapeHtml(name)}" size="${size}" value="${escapeHtml(value)}">`;

const hidden = (name: string, value: string) =>
  `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`;

function notebookSection({
  file,
  errors,
  outputs,
  stopped,
  unreadable,
  remarks = [],
  size,
}: Grade['notebooks'][number]): string {
  const looks = remarks.map((remark) => `to look at: ${remark}`);
  const notes = [unreadable, stopped && `it was stopped: ${stopped}`, ...looks]
    .filter((note) => note !== undefined && note !== '')
    .map((note) => `<p>${escapeHtml(String(note))}</p>`);
  const failed = Object.entries(errors).map(
    ([id, error]) => `<li>${escapeHtml(id)}: ${escapeHtml(error)}</li>`,
  );
  const list = failed.length > 0 ? `<p>Cells that failed:</p><ul>${failed.join('')}</ul>` : '';
  const pictures = Object.entries(outputs).map(
    ([id, shown]) => `<h4>${escapeHtml(id)}</h4>${shown.map(picture).join('\n')}`,
  );
  const carriedOut = size ? ` (carried out at size ${size})` : '';
  return `<h2>${escapeHtml(file)}${carriedOut}</h2>${notes.join('')}${list}${pictures.join('\n')}`;
}

/** An image runs no scripts; a frame that may do nothing runs none either. */
function picture(html: string): string {
  if (html.startsWith('<svg')) {
    // Vega draws without them, and nested they keep a browser busy for ever.
    if (/<(use|filter|pattern|mask)\b/i.test(html)) return '<p>A picture that is not shown.</p>';
    const data = Buffer.from(html).toString('base64');
    return `<img alt="a plot of this cell" src="data:image/svg+xml;base64,${data}">`;
  }
  // A frame does not grow with what is in it.
  const lines = (html.match(/<tr|<li|<p|<div/g) ?? []).length;
  return frame(html, 'a table of this cell', 30 + 27 * lines);
}

function frame(html: string, title: string, height: number): string {
  const framed = `<style>${FRAME_STYLE}</style>${html}`;
  const style = `height: ${Math.round(Math.min(height, 900))}px`;
  return `<iframe sandbox="" style="${style}" title="${title}" srcdoc="${escapeHtml(framed)}"></iframe>`;
}
