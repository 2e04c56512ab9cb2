import assert from 'node:assert/strict';
import { seedOf } from '../../../lib/grading/judge/seedOf';

describe('seeds of a class', () => {
  it('give each criterion one of its own, always the same', () => {
    // printf '7 task-2-1-check' | sha256sum begins with these eight digits.
    assert.equal(seedOf(7, 'task-2-1-check'), 0x4e9b8985);
    assert.notEqual(seedOf(7, 'task-2-1-check'), seedOf(7, 'task-2-3-check'));
  });
});
