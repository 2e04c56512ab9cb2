import assert from 'node:assert/strict';
import * as v from 'valibot';
import { gradescopeResults, noResults } from '../../../lib/grading/pages/gradescopeResults';
import { gradescopeForm } from '../../deploy/gradescopeForm';
import { grade } from './someGrade';

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

  it('have the form that Gradescope documents, which takes nothing else', () => {
    const fits = (results: object) => v.is(gradescopeForm, JSON.parse(JSON.stringify(results)));
    const results = gradescopeResults(grade, {});
    assert.ok(fits(results));
    assert.ok(fits(noResults('the disk is full')));
    const [test, ...others] = results.tests;
    for (const wrong of [
      { ...test, points: 1 },
      { ...test, score: '1' },
      { ...test, score: undefined },
      { ...test, visibility: 'shown' },
      { ...test, output_format: 'markdown' },
    ]) {
      assert.ok(!fits({ ...results, tests: [wrong, ...others] }), JSON.stringify(wrong));
    }
    assert.ok(!fits({ ...results, tests: [] }), 'no points anywhere');
  });
});
