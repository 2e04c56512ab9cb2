import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSubmitted } from '../../../lib/grading/submitted/read';
import { remarks } from '../../../lib/grading/submitted/remarks';
import { statedSize } from '../../../lib/grading/submitted/statedSize';
import { writeNotebook } from '../../notebookFile';
import { temporaryFolder } from '../../temporaryFolder';

describe('a notebook that is handed in', () => {
  it('is read as far as it is a notebook', () => {
    const path = join(temporaryFolder(), 'a.ipynb');
    const write = (content: unknown) => writeFileSync(path, JSON.stringify(content));
    const cell = (id: unknown, source: unknown) => ({ id, cell_type: 'code', source, metadata: 1 });
    write({
      nbformat: 4,
      metadata: {},
      cells: [
        cell('cell-4', 'w'),
        cell('a', 'x'),
        cell('a', ['y']),
        cell(7, ['z']),
        cell('b', 9),
        null,
        'no cell',
      ],
    });
    const { cells } = readSubmitted(path);
    assert.deepEqual(
      cells.map(({ id, source }) => [id, source]),
      [
        ['cell-4', ['w']],
        ['a', ['x']],
        ['cell-3', ['y']],
        // Its place is taken by the first.
        ['cell-5', ['z']],
      ],
    );
    write({ nbformat: 3, worksheets: [] });
    assert.throws(() => readSubmitted(path), /no notebook of format 4: got nbformat 3/);
    write({ nbformat: 4, cells: [], metadata: { kernelspec: { language: 'python' } } });
    assert.throws(() => readSubmitted(path), /for a kernel of python, not TypeScript/);
    writeFileSync(path, 'no notebook');
    assert.throws(() => readSubmitted(path), /is no notebook/);
    writeFileSync(path, `\ufeff${JSON.stringify({ nbformat: 4, metadata: {}, cells: [] })}`);
    assert.deepEqual(readSubmitted(path).cells, []);
  });

  it('is read, whatever its metadata and outputs are', () => {
    const path = join(temporaryFolder(), 'a.ipynb');
    const odd = { toString: 1 };
    const metadata = [
      null,
      7,
      { nbgrader: null },
      { nbgrader: 'x' },
      { nbgrader: { grade_id: odd } },
    ];
    const cells = metadata.map((one, i) => {
      const outputs = [null, 7, { text: odd }, { text: [odd, 'size full, files in x\n'] }];
      return { cell_type: 'code', id: `c${i}`, source: ['1'], metadata: one, outputs };
    });
    writeFileSync(path, JSON.stringify({ nbformat: 4, metadata: null, cells }));
    const notebook = readSubmitted(path);
    assert.deepEqual(
      notebook.cells.map(({ id, metadata: known }) => [id, known]),
      cells.map(({ id }) => [id, {}]),
    );
    assert.deepEqual(remarks(notebook), []);
    assert.equal(statedSize(notebook), 'full');
  });

  it('is refused with what stands there for a format', () => {
    const path = join(temporaryFolder(), 'a.ipynb');
    for (const nbformat of [3, '4', null]) {
      writeFileSync(path, JSON.stringify({ nbformat, cells: [] }));
      const told = {
        message: new RegExp(`of format 4: got nbformat ${JSON.stringify(nbformat)};`),
      };
      assert.throws(() => readSubmitted(path), told);
    }
  });

  it('is no notebook without cells, whatever its format says', () => {
    const path = join(temporaryFolder(), 'a.ipynb');
    writeFileSync(path, JSON.stringify({ nbformat: 4 }));
    assert.throws(() => readSubmitted(path), /is no notebook: it has no list of cells; save it/);
  });

  it('is refused where it has more cells than any honest one', () => {
    const path = join(temporaryFolder(), 'a.ipynb');
    const read = (cells: number) => {
      writeNotebook(path, new Array<string>(cells).fill('1'));
      return readSubmitted(path).cells.length;
    };
    assert.equal(read(1000), 1000);
    assert.throws(
      () => read(20_000),
      /^InputError: a\.ipynb has 20000 cells, at most 1000 are read/,
    );
  });
});
