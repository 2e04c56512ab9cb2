import assert from 'node:assert/strict';
import type { Grade } from '../../../lib/grading/judge/grade';
import type { Trace } from '../../../lib/grading/judge/traces';
import { overviewPage } from '../../../lib/grading/pages/overviewPage';
import { sameWeights } from '../../../lib/grading/pages/sameWeights';
import { grade } from './someGrade';

const ID = 'task-1-1-check';
const given = (...ended: string[]): Trace => ({
  id: ID,
  began: ['i42', 'i43'],
  ended,
  ownSeeds: false,
});
const own = (seed: number, ...ended: string[]): Trace => {
  return { id: ID, began: [`i${seed}`, `i${seed + 1}`], ended, ownSeeds: true };
};
const classOf = (traces: Readonly<Record<string, Trace>>): Grade[] =>
  Object.entries(traces).map(([student, trace]) => {
    const notebooks = [{ file: 'part-1.ipynb', errors: {}, outputs: {}, traces: [trace] }];
    return { ...grade, student, notebooks };
  });
const found = (traces: Readonly<Record<string, Trace>>) =>
  sameWeights(classOf(traces)).map(({ students }) => students);

describe('the same trained weights', () => {
  it('are listed of those who began at different places', () => {
    const traces = { ann: given('a', 'b'), bob: given('a', 'b'), eve: own(7, 'a', 'b') };
    assert.deepEqual(found(traces), [[['eve'], ['ann', 'bob']]]);
  });

  it('are listed of those who took the same seeds, which are not the workbook’s', () => {
    assert.deepEqual(found({ ann: own(7, 'a', 'b'), bob: own(7, 'a', 'c'), eve: own(7, 'd') }), [
      [['ann', 'bob']],
    ]);
  });

  it('are no wonder with the seeds of the workbook, and other weights none at all', () => {
    assert.deepEqual(found({ ann: given('a', 'b'), bob: given('a', 'b'), eve: given('a') }), []);
    assert.deepEqual(found({ ann: given('a'), bob: own(7, 'b'), eve: own(9, 'c') }), []);
    const nowhere = { ...own(7, 'a'), began: [], ownSeeds: false };
    assert.deepEqual(found({ ann: given('a'), bob: nowhere }), []);
    const twice = classOf({ ann: own(7, 'a') }).flatMap((one) => [one, one]);
    assert.deepEqual(sameWeights(twice), [], 'one student alone');
  });

  it('stand on the overview, without a verdict, where there are some', () => {
    const page = overviewPage(classOf({ ann: given('a'), eve: own(7, 'a') }), {});
    assert.match(page, /To look at: the same trained weights/);
    assert.match(page, /ann<\/bdi><\/a><br>and, begun elsewhere: <a href="eve\.html">/);
    assert.doesNotMatch(overviewPage(classOf({ ann: given('a') }), {}), /the same trained weights/);
  });
});
