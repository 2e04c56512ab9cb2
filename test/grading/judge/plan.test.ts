import assert from 'node:assert/strict';
import { criteria } from '../../../lib/grading/evidence/criteria';
import { evidenceCell } from '../../../lib/grading/judge/plan';

describe('a piece of evidence', () => {
  it('is collected by a cell that names what it takes', () => {
    const gradient = criteria.find(({ id }) => id === 'task-2-2-gradient-check')!;
    assert.equal(
      evidenceCell(gradient, '/lib/collect.js', 7),
      `await require("/lib/collect.js").collect('task-2-2-gradient-check', { network: network, w1: w1, w2: w2 }, { gradientAtTheta: (() => { try {
// @ts-ignore
return gradientAtTheta;
} catch {} })() }, 7);`,
    );
  });
});
