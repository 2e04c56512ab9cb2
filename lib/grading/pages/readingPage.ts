import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../root';
import { escapeHtml } from '../../text';
import type { Grade } from '../judge/grade';
import { type Marks, markOf } from '../marks/marks';
import { shownOf } from '../marks/typed';
import { nameHtml, page } from './page';
import { inWords } from './studentPage';

/** An answer in words, whose it is, and its place among those to the same question. */
export interface Reading {
  readonly grade: Grade;
  readonly id: string;
}

/** What was asked, and the instructor's answer. */
export interface Question {
  readonly asked: string;
  readonly model: string;
}

/** Comments that were given before, for a key each. */
const MOST_SNIPPETS = 6;
const SCRIPT = join(projectRoot, 'lib', 'grading', 'pages', 'reading.js');

/** The answers to one question that there are, in an order that tells nothing of whose they are. */
export function readingsOf(grades: readonly Grade[], id: string): Reading[] {
  const place = (student: string) => createHash('sha256').update(`${id} ${student}`).digest('hex');
  return grades
    .filter(({ written }) => written.some((one) => one.id === id && one.text !== ''))
    .map((grade) => ({ grade, id }))
    .sort((a, b) => (place(a.grade.student) < place(b.grade.student) ? -1 : 1));
}

/** One answer to read: a key for each mark, another for each comment of before, and the next. */
export function readingPage(
  readings: readonly Reading[],
  at: number,
  marks: Marks,
  question: Question | undefined,
  isHidden: boolean,
): string {
  const { grade, id } = readings[at]!;
  const answer = grade.written.find((one) => one.id === id)!;
  const now = shownOf(grade, id, marks);
  const earlier = markOf(marks, grade.student, answer)?.earlier;
  const place = `Task ${answer.task}, ${at + 1} of ${readings.length}`;
  const keys = [0, 1, 2, 3, 4].map((key) => {
    const points = Math.round(100 * (key / 4) * answer.points) / 100;
    return `<button type="button" data-points="${points}"><kbd>${key}</kbd> ${points}</button>`;
  });
  const snippets = snippetsOf(readings, marks).map(
    (text, i) =>
      `<li><button type="button" data-snippet="${escapeHtml(text)}"><kbd>${'qwerty'[i]}</kbd></button> ${escapeHtml(text)}</li>`,
  );
  const to = (place: number) => `${place}.html${isHidden ? '?hide' : ''}`;
  const beside = question
    ? `<details open><summary>Question</summary>${inWords(question.asked)}</details>
<details open><summary>Model answer</summary>${inWords(question.model)}</details>`
    : '';
  const body = `<h1>${place}${isHidden ? '' : `: ${nameHtml(grade.student)}`}</h1>
${inWords(answer.text)}
${earlier === undefined ? '' : `<p>An earlier version of this answer got ${earlier} points.</p>`}
<form id="mark" data-at="${at}" data-points="${escapeHtml(now.points)}" data-comment="${escapeHtml(now.comment)}">
<p>${keys.join(' ')} <label>Points, 0 to ${answer.points}: <input name="points" size="4" value="${escapeHtml(now.points)}"></label></p>
<label>Comment (<kbd>c</kbd>): <textarea name="comment" rows="3">${escapeHtml(now.comment)}</textarea></label>
<p id="state" role="status">Saved.</p></form>
<ul>${snippets.join('')}</ul>
<p><a id="next" href="${to(Math.min(at + 1, readings.length - 1))}">next</a> (<kbd>n</kbd>, Enter; in the comment Ctrl+Enter) ·
<a id="previous" href="${to(Math.max(at - 1, 0))}">previous</a> (<kbd>p</kbd>) ·
<a href="${at}.html${isHidden ? '' : '?hide'}">${isHidden ? 'show' : 'hide'} names</a> · <a href="../../overview.html">all students</a></p>
${beside}`;
  return page(place, body, readFileSync(SCRIPT, 'utf8'));
}

/** The comments of this question that were given most often. */
function snippetsOf(readings: readonly Reading[], marks: Marks): string[] {
  const count = new Map<string, number>();
  for (const { grade, id } of readings) {
    const { comment } = shownOf(grade, id, marks);
    if (comment !== '') count.set(comment, (count.get(comment) ?? 0) + 1);
  }
  const often = [...count].sort((a, b) => b[1] - a[1]);
  return often.slice(0, MOST_SNIPPETS).map(([comment]) => comment);
}
