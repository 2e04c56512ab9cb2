import assert from 'node:assert/strict';
import type { Criterion } from '../../../lib/grading/evidence/criteria';
import { type Asked, questionsOf } from '../../../lib/grading/judge/questions';

describe('what a criterion asks', () => {
  const criterion: Criterion = {
    ...{ id: 'task-2-1-check', claims: {}, functions: ['f'] },
    judge: () => Promise.reject(new Error('not called')),
  };
  const ask = (kept: Asked | undefined, args: readonly unknown[], one = criterion) => {
    const questions = questionsOf(kept);
    questions.asks(one);
    const question = questions.on(one.id, 'in place');
    question.heard(args);
    question.end();
    return questions;
  };

  it('is the same where only the judging has changed', () => {
    const { asked } = ask(undefined, [0.5, [1, 2]]);
    assert.deepEqual([...ask(asked, [0.5, [1, 2]]).others], []);
  });

  it('is another where it calls with other arguments, or takes other names', () => {
    const { asked } = ask(undefined, [0.5]);
    assert.deepEqual([...ask(asked, [0.25]).others], ['task-2-1-check']);
    const other = { ...criterion, claims: { theta: 'theta' } };
    assert.deepEqual([...ask(asked, [0.5], other).others], ['task-2-1-check']);
    assert.deepEqual([...ask({}, [0.5]).others], ['task-2-1-check'], 'a new criterion');
  });
});
