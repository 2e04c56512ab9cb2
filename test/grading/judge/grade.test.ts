import assert from 'node:assert/strict';
import { gradeOf, unjudgedGrade } from '../../../lib/grading/judge/grade';
import type { GradingOptions } from '../../../lib/grading/judge/gradeNotebook';
import type { Verdict } from '../../../lib/grading/judge/verdict';
import { options } from '../submit';

describe('a grade', () => {
  const points = { 'task-1-1-check': 1, 'task-2-1-check': 0.5 };
  const two: GradingOptions = { ...options, points };
  const submission = {
    ...{ student: 'ann', notebooks: ['/ann/part-1.ipynb'], saved: [], beside: [] },
    ...{ notes: [], time: 5 },
  };
  const words = [{ id: 'task-2-1-answer', task: '2.1', points: 0.5 }];
  const right: Verdict = {
    ...{ id: 'task-1-1-check', task: '1.1', points: 1, earned: 1 },
    findings: [{ what: 'a', verdict: 'holds' }],
  };

  it('is nothing where a submission could not be judged, and says why of each criterion', () => {
    const grade = unjudgedGrade(submission, words, two, 'the grader failed on it: SIGKILL');
    assert.deepEqual([grade.earned, grade.most, grade.written[0]!.text], [0, 1.5, '']);
    assert.deepEqual(
      grade.verdicts.map(({ id, earned, reason }) => [id, earned, reason]),
      Object.keys(points).map((id) => [id, 0, 'the grader failed on it: SIGKILL']),
    );
    assert.equal(grade.notebooks[0]!.unreadable, 'the grader failed on it: SIGKILL');
  });

  it('says of what no notebook was handed in, and sums what was earned', () => {
    const carried = [{ file: 'part-1.ipynb', errors: {}, outputs: {}, tasks: ['1.1'] }];
    const verdicts = new Map([[right.id, right]]);
    const answers = new Map([['task-2-1-answer', 'because']]);
    const grade = gradeOf(submission, words, two, { carried, verdicts, answers });
    assert.deepEqual([grade.earned, grade.time, grade.written[0]!.text], [1, 5, 'because']);
    assert.deepEqual(grade.verdicts[0], right);
    const { earned, reason } = grade.verdicts[1]!;
    assert.deepEqual([earned, reason], [0, 'no notebook with Task 2.1 was handed in']);
  });

  it('says of what may be in a notebook that cannot be read that it cannot', () => {
    const carried = [
      { file: 'a.ipynb', errors: {}, outputs: {}, unreadable: 'a.ipynb is no JSON' },
    ];
    const none = { carried, verdicts: new Map(), answers: new Map() };
    const { verdicts } = gradeOf(submission, [], two, none);
    assert.deepEqual(
      verdicts.map(({ reason }) => reason),
      ['a.ipynb is no JSON', 'a.ipynb is no JSON'],
    );
  });
});
