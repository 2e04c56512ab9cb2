import { strict as assert } from 'node:assert';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openNotebook } from '../../lib/kernel/openNotebook';
import { temporaryFolder } from '../temporaryFolder';

describe('openNotebook', () => {
  const folder = temporaryFolder();
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  it('gives the code of a notebook, and of nothing else', () => {
    const cells = [
      { cell_type: 'markdown', source: "import 'no-code'" },
      { cell_type: 'code', source: ['let a = 1;\n', 'a'] },
      { cell_type: 'code', source: "import 'node:fs'" },
    ];
    const notebook = JSON.stringify({ cells, nbformat: 4 });
    assert.equal(openNotebook(file('a.ipynb', notebook)), "let a = 1;\na\nimport 'node:fs'");
    assert.equal(openNotebook(file('a.json', notebook)), '');
  });

  it('gives nothing where there is no notebook', () => {
    mkdirSync(join(folder, 'folder.ipynb'));
    const paths = [
      join(folder, 'folder.ipynb'),
      join(folder, 'none.ipynb'),
      file('broken.ipynb', '{"cells": [{'),
      file('other.ipynb', '{"cells": [null]}'),
      file('empty.ipynb', ''),
      '1f0c-terminal',
      '',
    ];
    for (const path of paths) assert.equal(openNotebook(path), '', path);
  });
});
