import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../root';
import { escapeHtml } from '../../text';
import type { Grade } from '../judge/grade';
import type { Tasks } from '../marks/byTask';
import { type Marks, markOf } from '../marks/marks';
import { shownOf } from '../marks/typed';
import { criterionName } from './criterionName';
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

/** In the place of a question's id: the answers of one student after those of another. */
const BY_STUDENT = 'student';

/**
 * The answers that there are to one question, or of one student after another, in an order that tells
 * nothing of whose they are.
 */
export function readingsOf(grades: readonly Grade[], id: string): Reading[] {
  const place = ({ grade }: Reading) =>
    createHash('sha256').update(`${id} ${grade.student}`).digest('hex');
  return grades
    .flatMap((grade) =>
      grade.written
        .filter((one) => one.text !== '' && [one.id, BY_STUDENT].includes(id))
        .map((one) => ({ grade, id: one.id })),
    )
    .sort((a, b) => (place(a) < place(b) ? -1 : place(a) > place(b) ? 1 : 0));
}

/** By which a page that is open knows what was read on it, whatever place that has later. */
export function whoseOf({ grade, id }: Reading): string {
  const { text } = grade.written.find((one) => one.id === id)!;
  return createHash('sha256')
    .update(JSON.stringify([id, grade.student, text]))
    .digest('hex');
}

/** Links to the first answer of each question that nobody has read yet, and how many there are. */
export function linksToRead(grades: readonly Grade[], marks: Marks, tasks: Tasks): string {
  const link = (id: string, text: string) => {
    const readings = readingsOf(grades, id);
    if (readings.length === 0) return [];
    const isUnread = ({ grade, id }: Reading) => shownOf(grade, id, marks).points === '';
    const first = Math.max(0, readings.findIndex(isUnread));
    const open = readings.filter(isUnread).length;
    const told = open === 0 ? 'all read' : `${open} to read`;
    return `<a href="read/${encodeURIComponent(id)}/${first}.html">${escapeHtml(text)}</a> (${told})`;
  };
  const answers = new Map(grades.flatMap(({ written }) => written.map((one) => [one.id, one])));
  const questions = [...answers.values()].flatMap((one) =>
    link(one.id, criterionName({ ...one, id: '' }, tasks)),
  );
  const students = link(BY_STUDENT, 'student by student');
  return `<p>Answers in words, by question: ${questions.join(' · ')}; or ${students}.</p>`;
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
  const alike = readings.filter((one) => one.id === id);
  const snippets = snippetsOf(alike, marks).map(
    (text, i) =>
      `<li><button type="button" data-snippet="${escapeHtml(text)}"><kbd>${'qwerty'[i]}</kbd></button> ${escapeHtml(text)}</li>`,
  );
  const all = '../../overview.html';
  const to = (place: number) =>
    readings[place] === undefined ? all : `${place}.html${isHidden ? '?hide' : ''}`;
  const beside = question
    ? `<details open><summary>Question</summary>${inWords(question.asked)}</details>
<details open><summary>Model answer</summary>${inWords(question.model)}</details>`
    : '';
  const body = `<h1>${place}${isHidden ? '' : `: ${nameHtml(grade.student)}`}</h1>
${inWords(answer.text)}
${earlier === undefined ? '' : `<p>An earlier version of this answer got ${earlier} points.</p>`}
<form id="mark" data-at="${at}" data-whose="${whoseOf(readings[at]!)}" data-points="${escapeHtml(now.points)}" data-comment="${escapeHtml(now.comment)}">
<p>${keys.join(' ')} <label>Points, 0 to ${answer.points}: <input name="points" size="4" value="${escapeHtml(now.points)}"></label></p>
<label>Comment (<kbd>c</kbd>): <textarea name="comment" rows="3">${escapeHtml(now.comment)}</textarea></label>
<p id="state" role="status">Saved.</p></form>
<ul>${snippets.join('')}</ul>
<p><a id="next" href="${to(at + 1)}">next</a> (<kbd>n</kbd>, Enter; in the comment Ctrl+Enter) ·
<a id="previous" href="${to(at - 1)}">previous</a> (<kbd>p</kbd>) ·
<a href="${at}.html${isHidden ? '' : '?hide'}">${isHidden ? 'show' : 'hide'} names</a> · <a href="${all}">all students</a></p>
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
