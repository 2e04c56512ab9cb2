import assert from 'node:assert/strict';
import { criteria } from '../../../lib/grading/evidence/criteria';
import { codeAskedFor, evidenceCell, stepsOf } from '../../../lib/grading/judge/plan';
import { seedOf } from '../../../lib/grading/judge/seedOf';

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

describe('the plan of a run', () => {
  it('has evidence in the place of its check, at the end, and with what it builds on given', () => {
    const lines = criteria.find(({ id }) => id === 'task-1-2-lines-check')!;
    const basis = criteria.find(({ id }) => id === 'task-2-3-check')!;
    const check = 'const ends = 1;\nawait award(1, checkLines(ends));';
    const base = { name: '', task: '1.2', check: undefined };
    const cells = [
      { ...base, id: 'a', code: 'let a;' },
      { ...base, id: 'b', code: check, check: lines.id },
      { ...base, id: 'c', code: 'let c;' },
    ];
    const steps = stepsOf(cells, [lines, basis], { [lines.id]: check });
    const told = steps.map((step) => {
      if (step.kind === 'cell') return step.id;
      if (step.kind === 'evidence') return `${step.id} ${step.occasion}`;
      return step.kind === 'again' ? 'again' : step.code.replace(/".*"/, 'pathlab');
    });
    assert.deepEqual(told, [
      'a',
      // What the check declares, a later cell may use.
      'const ends = 1;\n',
      'task-1-2-lines-check in place',
      'c',
      'again',
      'task-1-2-lines-check at the end',
      'task-2-3-check at the end',
      'const interpolateBetweenStateDicts = require(pathlab).interpolateBetweenStateDicts;',
      'again',
      'task-1-2-lines-check with what it builds on given',
    ]);
  });

  it('holds no seed; a piece of evidence has its own, when its turn has come', () => {
    const [criterion] = criteria;
    const ask = (id: string) => JSON.stringify({ kind: 'ask', id, occasion: 'in place' });
    const code = codeAskedFor(ask(criterion!.id), [criterion!], 7)!;
    assert.match(JSON.parse(code), new RegExp(`, ${seedOf(7, criterion!.id)}\\);$`));
    assert.equal(codeAskedFor(ask('task-2-1-check'), [criterion!], 7), '""', 'it was not planned');
    assert.equal(codeAskedFor('{"kind":"cell","id":"a"}', [criterion!], 7), undefined);
    assert.equal(codeAskedFor('printed', [criterion!], 7), undefined);
  });
});
