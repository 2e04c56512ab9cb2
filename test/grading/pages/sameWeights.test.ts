import assert from 'node:assert/strict';
import type { Grade } from '../../../lib/grading/judge/grade';
import type { Trace } from '../../../lib/grading/judge/traces';
import { overviewPage } from '../../../lib/grading/pages/overviewPage';
import { sameWeights } from '../../../lib/grading/pages/sameWeights';
import { grade } from './someGrade';

/** The nets of one student: where each began, and its weights. */
type Nets = readonly (readonly [began: string, ended: string])[];

const GIVEN = ['i42', 'i43'];
const tracesOf = (nets: Nets): Trace[] =>
  nets.map(([own, ended]) => ({
    id: 'task-1-1-check',
    began: [own, ...nets.map(([began]) => began).filter((one) => one !== own)],
    ended: [ended],
    ownSeeds: !GIVEN.includes(own),
  }));
const withTraces = (student: string, traces: readonly Trace[]): Grade => {
  const notebooks = [{ file: 'part-1.ipynb', errors: {}, outputs: {}, traces }];
  return { ...grade, student, notebooks };
};
const classOf = (nets: Readonly<Record<string, Nets>>): Grade[] =>
  Object.entries(nets).map(([student, some]) => withTraces(student, tracesOf(some)));
const found = (nets: Readonly<Record<string, Nets>>) =>
  sameWeights(classOf(nets)).map(({ nets: count, students }) => [count, ...students]);

/** Of who keeps the workbook's seeds. */
const kept: Nets = [
  ['i42', 'a'],
  ['i43', 'b'],
];
/** The same weights, and the first net, or both, begun elsewhere. */
const [firstElsewhere, bothElsewhere]: readonly [Nets, Nets] = [
  [['i7', 'a'], kept[1]!],
  [
    ['i7', 'a'],
    ['i8', 'b'],
  ],
];

describe('the same trained weights', () => {
  it('are listed of those who began at different places', () => {
    assert.deepEqual(found({ ann: kept, bob: kept, eve: bothElsewhere }), [
      [2, ['eve'], ['ann', 'bob']],
    ]);
  });

  it('are listed of one net, whatever the other is', () => {
    assert.deepEqual(found({ ann: kept, eve: firstElsewhere }), [[1, ['ann'], ['eve']]]);
    const other: Nets = [kept[0]!, ['i9', 'c']];
    assert.deepEqual(found({ ann: other, eve: firstElsewhere }), [[1, ['ann'], ['eve']]]);
    assert.deepEqual(found({ ann: firstElsewhere, bob: firstElsewhere }), [[1, ['ann', 'bob']]]);
  });

  it('are listed of those who took the same seeds, which are not the workbook’s', () => {
    const [ann, bob]: readonly [Nets, Nets] = [bothElsewhere, [bothElsewhere[0]!, ['i8', 'c']]];
    assert.deepEqual(found({ ann, bob, eve: [['i7', 'd']] }), [[1, ['ann', 'bob']]]);
    assert.deepEqual(found({ ann, bob: ann }), [[2, ['ann', 'bob']]]);
  });

  it('are no wonder with the seeds of the workbook, and other weights none at all', () => {
    assert.deepEqual(found({ ann: kept, bob: kept, eve: [kept[0]!] }), []);
    const turned: Nets = [
      ['i43', 'a'],
      ['i42', 'b'],
    ];
    assert.deepEqual(found({ ann: kept, bob: turned }), [], 'nets kept in another order');
    assert.deepEqual(found({ ann: kept, bob: [kept[0]!, ['i5', 'c']] }), [], 'one other seed');
    assert.deepEqual(found({ ann: [['i42', 'a']], bob: [['i7', 'b']], eve: [['i9', 'c']] }), []);
    const nowhere = tracesOf(bothElsewhere).map((one) => ({ ...one, began: [], ownSeeds: false }));
    assert.deepEqual(sameWeights([...classOf({ ann: kept }), withTraces('bob', nowhere)]), []);
    const twice = classOf({ ann: bothElsewhere }).flatMap((one) => [one, one]);
    assert.deepEqual(sameWeights(twice), [], 'one student alone');
  });

  it('stand on the overview, without a verdict, where there are some', () => {
    const page = (nets: Readonly<Record<string, Nets>>) => overviewPage(classOf(nets), {});
    const odd = page({ ann: kept, eve: bothElsewhere });
    assert.match(odd, /To look at: the same trained weights/);
    assert.match(odd, /ann<\/bdi><\/a><br>and, begun elsewhere: <a href="eve\.html">/);
    const same = page({ ann: bothElsewhere, eve: bothElsewhere });
    assert.match(same, /the same seeds and settings give the same net to everybody/);
    assert.match(same, /eve<\/bdi><\/a><br>from the same seeds</);
    assert.doesNotMatch(page({ ann: kept }), /the same trained weights/);
  });
});
