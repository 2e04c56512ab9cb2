import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { criteria } from '../../../lib/grading/evidence/criteria';
import { checkOf, declarationsOf } from '../../../lib/grading/submitted/checkCells';
import { cellText, readNotebook } from '../../../lib/ipynb';
import { projectRoot } from '../../../lib/root';

describe('check cells', () => {
  const checks = {
    first: 'await award(1, checkIt(f));',
    second: 'const ends = [w1, w2];\nawait award(1, checkEnds(ends));',
  };
  const folder = join(projectRoot, 'notebooks', 'instructor');
  const workbook = readdirSync(folder)
    .filter((name) => name.endsWith('.ipynb'))
    .flatMap((name) => readNotebook(join(folder, name)).cells)
    .filter(({ cell_type }) => cell_type === 'code');

  it('are those of the workbook that have points, and no others', () => {
    const graded = workbook.filter(({ metadata }) => metadata.nbgrader?.points !== undefined);
    const ofWorkbook = Object.fromEntries(graded.map((cell) => [cell.id, cellText(cell)]));
    for (const cell of workbook) {
      const id = graded.includes(cell) ? cell.id : undefined;
      assert.equal(checkOf(cellText(cell), ofWorkbook), id, cell.id);
    }
    // What is left of a check to be carried out judges nothing.
    for (const cell of graded)
      assert.doesNotMatch(declarationsOf(cellText(cell)), /award/, cell.id);
    assert.equal(graded.length, criteria.length);
  });

  it('are known by their code, however it is formatted', () => {
    const formatted = 'await award(\n  1,\n  checkIt(f),\n) // run this';
    assert.equal(checkOf(formatted, checks), 'first');
    assert.equal(checkOf(checks.second, checks), 'second');
  });

  it('are the student’s where they were changed', () => {
    assert.equal(checkOf(`${checks.first}\nconst more = 1;`, checks), undefined);
    assert.equal(checkOf('const x = 1;', checks), undefined);
  });

  it('declare what a later cell may use', () => {
    assert.equal(declarationsOf(checks.second), 'const ends = [w1, w2];\n');
    assert.equal(declarationsOf(checks.first), '');
  });
});
