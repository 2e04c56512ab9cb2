import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { readMarks, readPoints, saveMarks, totalOf } from '../../../lib/grading/marks/marks';
import { givenTooMuch, overridden, readOverride } from '../../../lib/grading/marks/override';
import { settle } from '../../../lib/grading/marks/typed';
import { gradesCsv } from '../../../lib/grading/pages/gradesCsv';
import { studentPage } from '../../../lib/grading/pages/studentPage';
import { temporaryFolder } from '../../temporaryFolder';
import { grade } from '../pages/someGrade';
import { gradeOf } from './someGrade';

describe('points in the place of a check’s', () => {
  const [verdict] = grade.verdicts as [(typeof grade.verdicts)[0]];
  const marks = { [grade.student]: { [verdict.id]: { points: 1, comment: 'an <old> Node' } } };

  it('count, and stand on the page with the reason, whatever is judged again', () => {
    // 0.5 by the check of 1: half a point more.
    assert.equal(overridden(grade, marks).earned, 1);
    const again = { ...grade, earned: 0, verdicts: [{ ...verdict, earned: 0 }] };
    assert.equal(overridden(again, marks).earned, 1);
    assert.deepEqual(overridden(overridden(grade, marks), marks), overridden(grade, marks));
    const page = studentPage(grade, marks);
    assert.match(page, /By a person: 1 of 1<\/b>, 0\.5 by the check: an &#60;old&#62; Node/);
    assert.match(gradesCsv([grade], marks), /,1,0,1,1\.5,1,,1,0,1\n$/);
  });

  it('count for no more than the criterion or the answer has since, and that is said', () => {
    const [answer] = grade.written as [(typeof grade.written)[0]];
    const of = { ...marks[grade.student]!, [answer.id]: { points: 0.5, comment: '' } };
    const both = { [grade.student]: of };
    assert.deepEqual(givenTooMuch([grade], both), []);
    // A rejudge whose workbook gives both a quarter: 0.25 by the person, 0.25 for the words.
    const smaller = {
      ...grade,
      earned: 0.125,
      verdicts: [{ ...verdict, points: 0.25, earned: 0.125 }],
      written: [{ ...answer, points: 0.25 }],
    };
    assert.equal(overridden(smaller, both).earned, 0.25);
    assert.equal(totalOf(overridden(smaller, both), both).total, 0.5);
    assert.deepEqual(givenTooMuch([smaller], both), [
      '=cmd|"x": 1 given by a person for task-1-1-check, which has 0.25 now, so 0.25 count; give it points anew',
      '=cmd|"x": 0.5 given by a person for w, which has 0.25 now, so 0.25 count; give it points anew',
    ]);
    assert.match(
      studentPage(smaller, both),
      /By a person: 0\.25 of 0\.25<\/b> \(1 before it had less\), 0\.125 by the check/,
    );
    // A mark of another text counts for nothing, so it is not too much.
    const older = { [grade.student]: { [answer.id]: { points: 0.5, comment: '', digest: 'x' } } };
    assert.deepEqual(givenTooMuch([smaller], older), []);
    // A form that nobody changed keeps what was given.
    const was = { points: '1', comment: 'an <old> Node' };
    assert.deepEqual(settle(smaller, [{ id: verdict.id, ...was, was }], both).marks, {});
  });

  it('need a reason, and are no more than there are', () => {
    assert.deepEqual(readOverride(' 0,5 ', ' late bus ', verdict), {
      points: 0.5,
      comment: 'late bus',
    });
    assert.deepEqual(readOverride('', 'taken back', verdict), { comment: '' });
    assert.throws(() => readOverride('1', ' ', verdict), /need a reason; type one/);
    for (const typed of ['0x1', '1e0', '2', '-1', '+1', 'Infinity', '1 000']) {
      assert.throws(() => readPoints(typed, 1, 'it'), /must be from 0 to 1, got/, typed);
    }
  });

  it('and marks of two tabs do not wipe each other', () => {
    const ann = gradeOf('ann');
    const [id, other] = ['task-1-2-answer', 'task-2-1-answer'];
    const none = { points: '', comment: '' };
    const first = settle(ann, [{ id, points: '0.5', comment: 'a', was: none }], {});
    const kept = { ann: first.marks };
    // The second tab was opened before, shows both empty, and changes the other one alone.
    const second = [
      { id, ...none, was: none },
      { id: other, points: '1', comment: '', was: none },
    ];
    const after = settle(ann, second, kept);
    assert.deepEqual([Object.keys(after.marks), after.conflicts], [[other], []]);
    const clash = settle(ann, [{ id, points: '0', comment: 'b', was: none }], kept);
    assert.deepEqual(clash, { marks: {}, conflicts: [id] });
  });

  it('and all marks are for their owner alone to read', () => {
    const out = temporaryFolder();
    saveMarks(out, 'ann', {});
    assert.equal(statSync(join(out, 'marks.json')).mode & 0o777, 0o600);
    assert.deepEqual(readMarks(out), { ann: {} });
  });
});
