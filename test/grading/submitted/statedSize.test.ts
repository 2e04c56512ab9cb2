import assert from 'node:assert/strict';
import { join } from 'node:path';
import { statedSize } from '../../../lib/grading/submitted/statedSize';
import { readNotebook } from '../../../lib/ipynb';
import { projectRoot } from '../../../lib/root';

describe('a notebook', () => {
  it('states the size that it was carried out at', () => {
    const cell = (source: string, text?: string) => ({
      id: 'a',
      cell_type: 'code',
      metadata: {},
      source: [source],
      ...(text !== undefined && { outputs: [{ output_type: 'stream', text: [text] }] }),
    });
    const of = (metadata: object, ...cells: ReturnType<typeof cell>[]) =>
      statedSize({ cells, metadata: { ...metadata }, nbformat: 4, nbformat_minor: 5 });
    assert.equal(of({}, cell('const lab = openLab();')), undefined);
    assert.equal(of({ pathlab: { size: 'huge' } }, cell('openLab()')), undefined);
    assert.equal(of({}, cell('openLab()', 'size full, files in data\n')), 'full');
    assert.equal(of({ pathlab: { size: 'small' } }, cell('openLab()')), 'small');
    assert.equal(of({ pathlab: { size: 'full' } }, cell("openLab('small')")), 'small');
    const workbook = (folder: string) =>
      statedSize(readNotebook(join(projectRoot, 'notebooks', folder, 'part-1.ipynb')));
    assert.deepEqual(['instructor', 'solutions'].map(workbook), [undefined, 'full']);
  });
});
