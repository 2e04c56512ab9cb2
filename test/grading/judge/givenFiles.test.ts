import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { givenFiles } from '../../../lib/grading/judge/givenFiles';
import { findSubmissions } from '../../../lib/grading/submitted/find';
import { writeNotebook } from '../../notebookFile';
import { temporaryFolder } from '../../temporaryFolder';

describe('what is handed in', () => {
  it('goes along with the notebooks in or above whose folder it lies', () => {
    const root = temporaryFolder();
    const own = join(root, 'ann', 'paths');
    mkdirSync(join(own, 'sub', 'node_modules', 'pathlab'), { recursive: true });
    writeNotebook(join(own, 'part-1.ipynb'), []);
    writeNotebook(join(own, 'sub', 'part-2.ipynb'), []);
    const names = [
      'a.ts',
      'b.js',
      'c.json',
      'd.csv',
      'package.json',
      'e.zip',
      'f.exe',
      'sub/g.mjs',
    ];
    for (const name of [...names, 'sub/node_modules/pathlab/index.js', '.hidden.js', '../up.ts']) {
      writeFileSync(join(own, name), 'x');
    }
    symlinkSync('/etc/passwd', join(own, 'link.txt'));
    mkdirSync(join(root, 'bob'));
    writeNotebook(join(root, 'bob', 'part-1.ipynb'), []);
    const [ann, bob] = findSubmissions([root]).submissions;
    const along = (notebook: string) => givenFiles(ann!, notebook).map(({ as }) => as);
    const byName = Object.fromEntries(ann!.notebooks.map((path) => [basename(path), path]));
    const saved = ['files/c.json', 'files/package.json'];
    assert.deepEqual(along(byName['part-1.ipynb']!), [
      ...saved,
      'notebook/sub/g.mjs',
      'notebook/a.ts',
      'notebook/b.js',
      'notebook/c.json',
      'notebook/d.csv',
    ]);
    assert.deepEqual(along(byName['part-2.ipynb']!), [...saved, 'notebook/g.mjs']);
    assert.deepEqual(bob!.beside, []);
    assert.match(
      ann!.notes.join('\n'),
      /e\.zip is an archive.*\n.*link\.txt is a link.*\n.*package\.json names a package/,
    );
  });
});
