import assert from 'node:assert/strict';
import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSubmitted } from '../../../lib/grading/submitted/read';
import { writtenAnswers } from '../../../lib/grading/submitted/written';
import { TEXT_STUB } from '../../../lib/workbook';
import { temporaryFolder } from '../../temporaryFolder';

describe('a notebook that is handed in', () => {
  it('has the written answers of the notebook that was saved last, whatever its name', () => {
    const root = temporaryFolder();
    const answered = (name: string, savedAt: number, texts: Record<string, string>) => {
      const path = join(root, name);
      const cells = Object.entries(texts).map(([id, source]) => ({
        ...{ id, cell_type: 'markdown' as const, metadata: {}, source },
      }));
      writeFileSync(path, JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 }));
      utimesSync(path, savedAt, savedAt);
      return { notebook: readSubmitted(path), time: savedAt };
    };
    const answers = (...notebooks: ReturnType<typeof answered>[]) =>
      Object.fromEntries(writtenAnswers(notebooks, ['a', 'b']));
    const later = answered('part-1.ipynb', 2e9, { a: 'new', b: TEXT_STUB });
    const earlier = answered('part-1 copy.ipynb', 1e9, { a: 'old', b: 'kept' });
    assert.deepEqual(answers(earlier, later), { a: 'new', b: 'kept' });
    assert.deepEqual(answers(later, earlier), { a: 'new', b: 'kept' });
    const atOnce = answered('part-1-2.ipynb', 2e9, { a: 'last by name' });
    assert.deepEqual(answers(earlier, later, atOnce), { a: 'last by name', b: 'kept' });
    const emptied = answered('part-1-3.ipynb', 3e9, { a: ' \n', b: '' });
    assert.deepEqual(answers(earlier, later, emptied), { a: 'new', b: 'kept' });
  });
});
