import assert from 'node:assert/strict';
import { gradescopeResults, noResults } from '../../../lib/grading/pages/gradescopeResults';
import { grade } from './someGrade';

// What Gradescope reads: gradescope-autograders.readthedocs.io, "Autograder Specifications".
describe('results for Gradescope', () => {
  const [first] = grade.verdicts;

  it('are a test a criterion, with its points and reasons', () => {
    const tasks = { [first!.task]: { name: 'two minima', isExtra: false } };
    const { tests } = gradescopeResults(grade, tasks);
    assert.equal(tests.length, grade.verdicts.length);
    const [test] = tests;
    assert.equal(test!.name, `${first!.task} two minima`);
    assert.equal(test!.score, first!.earned);
    assert.equal(test!.max_score, first!.points);
    for (const { what } of first!.findings) assert.ok(test!.output.includes(what), what);
  });

  it('give the points of an extra task on top', () => {
    const tasks = { [first!.task]: { name: 'a VGG', isExtra: true } };
    const [test] = gradescopeResults(grade, tasks).tests;
    assert.deepEqual([test!.score, test!.max_score], [first!.earned, 0]);
  });

  it('say that it is no student’s doing where the machine failed', () => {
    const { output, tests, score } = noResults('the disk is full');
    assert.match(output, /says nothing of it: the disk is full/);
    assert.deepEqual([tests, score], [[], 0]);
  });
});
