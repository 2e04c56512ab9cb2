import assert from 'node:assert/strict';
import { join } from 'node:path';
import { readWorkbook } from '../../../../lib/grading/class/workbook';
import { bars, givenSeeds } from '../../../../lib/grading/evidence/criteria/bars';
import { cellText, readNotebook } from '../../../../lib/ipynb';
import { projectRoot } from '../../../../lib/root';

describe('the bars of the criteria', () => {
  it('are those that the workbook’s check cells state, at either size, and no others', () => {
    const { checks } = readWorkbook();
    for (const small of [true, false]) {
      const stated = Object.entries(checks).map(([id, code]) => [id, barsIn(code, small)] as const);
      const ofCells = stated.filter(([, found]) => Object.keys(found).length > 0);
      const ofCriteria = Object.entries(bars).map(([id, bar]) => [id, bar(small)] as const);
      assert.deepEqual(Object.fromEntries(ofCells), Object.fromEntries(ofCriteria));
    }
  });

  it('know the seeds that the settings of the parts give', () => {
    for (const [part, id] of Object.entries({
      '1': 'task-1-1-check',
      '3.2': 'task-3-2-minima-check',
    })) {
      const path = join(projectRoot, 'notebooks', 'instructor', `part-${part}.ipynb`);
      const code = cellText(readNotebook(path).cells.find((cell) => cell.id === 'settings')!);
      const [, seeds] = /\bseeds: (\[[^\]]+\])/.exec(code)!;
      assert.deepEqual(givenSeeds[id], JSON.parse(seeds!));
    }
  });
});

/** `share: small ? 0.3 : 0.1,` in a cell's code, as the cell takes it at a size. */
function barsIn(code: string, small: boolean): Record<string, number> {
  const found = code.matchAll(/\b(share|leastAccuracy): ([^,]+),/g);
  const values = [...found].map(([, name, expression]) => {
    return [name!, Function('small', `return ${expression}`)(small) as number] as const;
  });
  return Object.fromEntries(values);
}
