import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findSubmissions } from '../../../lib/grading/submitted/find';
import { writeNotebook } from '../../notebookFile';
import { temporaryFolder } from '../../temporaryFolder';

describe('a student’s folder', () => {
  it('leaves out archives, nests, crowds and what is too large, and says so', () => {
    const root = temporaryFolder();
    writeFileSync(join(root, 'all.zip'), '');
    const deep = join(root, 'nest', 'a', 'b', 'c', 'd', 'e');
    mkdirSync(deep, { recursive: true });
    writeNotebook(join(deep, 'part-1.ipynb'), []);
    mkdirSync(join(root, 'crowd'));
    for (let i = 10; i < 30; i++) writeNotebook(join(root, 'crowd', `part-${i}.ipynb`), []);
    mkdirSync(join(root, 'large'));
    writeFileSync(join(root, 'large', 'part-1.ipynb'), Buffer.alloc(51e6));
    mkdirSync(join(root, 'packed'));
    writeFileSync(join(root, 'packed', 'lab.zip'), '');
    mkdirSync(join(root, 'pile'));
    for (let i = 0; i < 550; i++) writeFileSync(join(root, 'pile', `a${i}.txt`), '');
    writeNotebook(join(root, 'pile', 'part-1.ipynb'), []);
    const { submissions, notes } = findSubmissions([root]);
    assert.deepEqual(
      submissions.map(({ student, notebooks }) => [student, notebooks.length]),
      [
        ['crowd', 12],
        ['large', 0],
        ['nest', 0],
        ['packed', 0],
        ['pile', 1],
      ],
    );
    assert.match(notes.join(), /d lies too deep in folders, and is left out/);
    assert.match(notes.join(), /nest: no notebook was handed in/);
    assert.match(notes.join(), /packed.lab\.zip is an archive, and is left out/);
    assert.match(notes.join(), /pile holds 551 entries, of which 500 are looked at/);
    assert.equal(notes.filter((note) => /comes after the first 12 notebooks/.test(note)).length, 8);
    assert.match(notes.join(), /all\.zip is an archive, and is left out: unpack it/);
    assert.match(notes.join(), /large: part-1\.ipynb has 51 MB, at most 50 are read/);
  });
});
