import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { get } from 'node:http';
import { join } from 'node:path';
import type { Grade } from '../../lib/grading/judge/gradeSubmission';
import { readMark, readMarks, saveMarks, totalOf } from '../../lib/grading/marks/marks';
import { serveMarks } from '../../lib/grading/pages/markServer';
import { studentPage } from '../../lib/grading/pages/studentPage';
import { temporaryFolder } from '../temporaryFolder';

const gradeOf = (student: string, text = 'because'): Grade => ({
  student,
  time: 0,
  earned: 1.5,
  most: 2,
  verdicts: [],
  written: [
    { id: 'task-1-2-answer', task: '1.2', points: 0.5, text },
    { id: 'task-2-1-answer', task: '2.1', points: 1, text: '' },
  ],
  notebooks: [],
});

describe('marks for answers in words', () => {
  it('are points from 0 to what the answer is worth, or none yet', () => {
    const answer = { task: '1.2', points: 0.5, text: 'Because.' };
    const { digest, ...mark } = readMark(' 0,25 ', 'good', answer);
    assert.deepEqual(mark, { points: 0.25, comment: 'good' });
    assert.deepEqual(readMark('', 'later', answer), { comment: 'later', digest });
    for (const typed of ['0.6', '-1', 'all', 'NaN', '1e9']) {
      assert.throws(
        () => readMark(typed, '', answer),
        /points for Task 1\.2 must be from 0 to 0\.5, got/,
      );
    }
  });

  it('add to the automatic points; what is empty needs no reading', () => {
    const grade = gradeOf('ann');
    assert.deepEqual(totalOf(grade, {}), { words: 0, total: 1.5, most: 3.5, unread: 1 });
    const marks = { ann: { 'task-1-2-answer': { points: 0.25, comment: '' } } };
    assert.deepEqual(totalOf(grade, marks), { words: 0.25, total: 1.75, most: 3.5, unread: 0 });
    assert.equal(totalOf(gradeOf('constructor'), marks).words, 0);
  });

  it('are for the text that was read: another is to be read again', () => {
    const grade = gradeOf('ann');
    const [answer, ...others] = grade.written as [(typeof grade.written)[0]];
    const marks = { ann: { [answer.id]: readMark('0.25', 'good', answer) } };
    assert.equal(totalOf(grade, marks).unread, 0);
    const later = { ...grade, written: [{ ...answer, text: 'Because not.' }, ...others] };
    assert.deepEqual(totalOf(later, marks), { words: 0, total: 1.5, most: 3.5, unread: 1 });
    assert.match(
      studentPage(later, marks),
      /An earlier version of this answer got 0\.25 points\..*Not read yet: good/,
    );
  });

  it('are kept beside those of others, whatever a student is called', () => {
    const out = temporaryFolder();
    assert.deepEqual(readMarks(out), {});
    saveMarks(out, 'ann', { a: { points: 1, comment: '' } });
    saveMarks(out, '__proto__', { a: { points: 0, comment: 'x' } });
    saveMarks(out, 'ann', { b: { comment: 'later' } });
    assert.deepEqual(Object.entries(readMarks(out)), [
      ['ann', { a: { points: 1, comment: '' }, b: { comment: 'later' } }],
      ['__proto__', { a: { points: 0, comment: 'x' } }],
    ]);
    writeFileSync(join(out, 'marks.json'), '{');
    assert.throws(() => readMarks(out), /marks\.json is no JSON; restore it, or move it away/);
  });
});

describe('npm run grade -- --mark', () => {
  const out = temporaryFolder();
  let server: Server;
  let address: string;
  before(async () => {
    const grades = [gradeOf('ann <b>'), gradeOf('Zoë')];
    ({ server, address } = await serveMarks(grades, out));
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  const post = (page: string, fields: Record<string, string>) =>
    fetch(address + encodeURIComponent(page), {
      method: 'POST',
      body: new URLSearchParams(fields),
      redirect: 'manual',
    });

  it('is on loopback, for those who know the token and no other site', async () => {
    assert.match(address, /^http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{48}\/$/);
    const { port } = new URL(address);
    assert.equal((await fetch(`http://127.0.0.1:${port}/`)).status, 403);
    assert.equal((await fetch(`http://127.0.0.1:${port}/wrong/overview.html`)).status, 403);
    const status = await new Promise((resolve) => {
      get(address, { headers: { host: 'evil.example' } }, (response) =>
        resolve(response.statusCode),
      );
    });
    assert.equal(status, 403);
    for (const page of ['nobody.html', '%E0%A4%A', '..%2Fmarks.json']) {
      assert.equal((await fetch(address + page)).status, 404, page);
    }
  });

  it('shows the class, and a form on each page', async () => {
    const overview = await (await fetch(address)).text();
    assert.match(overview, /Zo%C3%AB\.html/);
    const page = await (await fetch(`${address}Zo%C3%AB.html`)).text();
    assert.match(page, /<form method="post">/);
    assert.match(page, /name="points-task-1-2-answer"/);
  });

  it('saves points and a comment; pages and tables follow', async () => {
    const fields = { 'points-task-1-2-answer': '0.5', 'comment-task-1-2-answer': '<i>fine</i>' };
    const response = await post('Zoë.html', fields);
    assert.equal(response.status, 303);
    const page = await (await fetch(`${address}Zo%C3%AB.html`)).text();
    assert.match(page, /Zoë<\/bdi>: 2 of 3\.5 points/);
    assert.match(page, /value="0\.5"/);
    assert.match(page, /&#60;i&#62;fine/);
    const kept = readFileSync(join(out, 'Zoë.html'), 'utf8');
    assert.match(kept, /0\.5 of 0\.5: &#60;i&#62;fine/);
    assert.match(
      readFileSync(join(out, 'grades.csv'), 'utf8'),
      /,Zoë,,,,2,0,2,3\.5,0\.5,,1\.5,0\.5,0/,
    );
    assert.equal(readMarks(out).Zoë!['task-2-1-answer']!.points, undefined);
  });

  it('saves nothing of what is wrong, and says so', async () => {
    const before = readFileSync(join(out, 'marks.json'), 'utf8');
    const typed = { 'points-task-1-2-answer': '7', 'comment-task-1-2-answer': 'a long remark' };
    const response = await post('Zoë.html', typed);
    assert.equal(response.status, 400);
    const page = await response.text();
    assert.match(page, /Not saved: points for Task 1\.2 must be from 0 to 0\.5, got 7/);
    // What was typed is still there.
    assert.match(page, /value="7"/);
    assert.match(page, /a long remark/);
    const long = await post('Zoë.html', { 'comment-task-1-2-answer': 'x'.repeat(300_000) });
    assert.equal(long.status, 400);
    assert.equal(readFileSync(join(out, 'marks.json'), 'utf8'), before);
    assert.ok(!existsSync(join(out, 'ann <b>.html')));
  });
});
