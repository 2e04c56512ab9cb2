import assert from 'node:assert/strict';
import { readWorkbook } from '../../../../lib/grading/class/workbook';
import { criteria } from '../../../../lib/grading/evidence/criteria';

describe('the criteria', () => {
  const { checks } = readWorkbook();

  it('are one for each check of the workbook, in its order', () => {
    assert.deepEqual(
      criteria.map(({ id }) => id),
      Object.keys(checks),
    );
  });

  it('take from the notebook what its check names', () => {
    for (const { id, claims, functions, tries = [] } of criteria) {
      for (const name of [...Object.values(claims), ...functions, ...tries]) {
        assert.match(checks[id]!, new RegExp(`\\b${name}\\b`), `${id}: ${name}`);
      }
    }
  });
});
