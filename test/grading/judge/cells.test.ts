import assert from 'node:assert/strict';
import { criteria } from '../../../lib/grading/evidence/criteria';
import { codeCells, missingName } from '../../../lib/grading/judge/cells';
import type { Cell } from '../../../lib/ipynb';

describe('cells of a notebook', () => {
  const cell = (id: string, source: string, metadata: object = {}, cell_type = 'code'): Cell => {
    return { id, cell_type, source: [source], metadata };
  };
  const checks = { 'task-2-1-check': 'await award(0.5, checkChain(getStateDictFromChain));' };
  const of = (...cells: Cell[]) =>
    codeCells({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 }, checks);

  it('take the time of the task before them, and are known as the workbook’s checks', () => {
    const nbgrader = { grade_id: 'task-2-3-basis' } as NonNullable<Cell['metadata']['nbgrader']>;
    const cells = of(
      cell('imports', '1'),
      cell('task-2-1-function', '2'),
      cell('task-2-2-text', '# 2.2', {}, 'markdown'),
      cell('mine', '3'),
      cell('renamed', checks['task-2-1-check'].replaceAll('; ', ';\n')),
      cell('a1b2', '4', { nbgrader }),
    );
    assert.deepEqual(
      cells.map(({ id, name, task, check }) => [id, name, task, check]),
      [
        ['imports', 'imports', '', undefined],
        ['task-2-1-function', 'task-2-1-function', '2.1', undefined],
        ['mine', 'mine', '2.2', undefined],
        ['renamed', 'renamed', '2.2', 'task-2-1-check'],
        ['a1b2', 'task-2-3-basis', '2.3', undefined],
      ],
    );
  });

  it('name what a criterion takes: all its claims, and one of its functions at least', () => {
    const lines = criteria.find(({ id }) => id === 'task-1-2-lines-check')!;
    assert.equal(missingName(lines, 'const network = 1; function endsOfModes() {}'), undefined);
    assert.equal(missingName(lines, 'const network = 1;'), 'endsOfModes');
    assert.equal(missingName(lines, 'function evaluateOnLine() {}'), 'network');
    assert.equal(missingName(lines, 'const networks = 1; endsOfModes'), 'network');
  });
});
