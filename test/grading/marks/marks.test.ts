import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dated, readMark, readMarks, saveMarks, totalOf } from '../../../lib/grading/marks/marks';
import { studentPage } from '../../../lib/grading/pages/studentPage';
import { temporaryFolder } from '../../temporaryFolder';
import { gradeOf } from './someGrade';

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
    for (const text of ['{', 'null', '[]', '{"ann":1}', '{"ann":{"a":null}}', '{"ann":{"a":{}}}']) {
      writeFileSync(join(out, 'marks.json'), text);
      assert.throws(
        () => readMarks(out),
        /marks\.json holds no marks; restore it, or move it away/,
      );
    }
  });

  it('have the time of their last change', () => {
    const answer = { task: '1.2', points: 0.5, text: 'Because.' };
    const now = new Date().toISOString();
    const first = dated(readMark('0.25', '', answer));
    assert.ok(first.time! >= now);
    const before = { ...first, time: '2026-11-01T08:00:00.000Z' };
    assert.deepEqual(dated(readMark('0.25', '', answer), before), before, 'saved again as it is');
    assert.ok(dated(readMark('0.5', '', answer), before).time! >= now, 'other points');
    assert.ok(dated(readMark('', '', answer), before).time! >= now, 'taken back');
    assert.equal(dated(readMark('', '', answer)).time, undefined, 'nothing is said yet');
  });
});
