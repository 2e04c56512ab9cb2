import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { findSubmissions } from '../../../lib/grading/submitted/find';
import { writeNotebook } from '../../notebookFile';
import { temporaryFolder } from '../../temporaryFolder';

describe('what a student hands in', () => {
  it('is no link', () => {
    const root = temporaryFolder();
    mkdirSync(join(root, 'eve'));
    symlinkSync('/etc/passwd', join(root, 'eve', 'part-1.ipynb'));
    const { submissions, notes } = findSubmissions([root]);
    assert.deepEqual(submissions[0]!.notebooks, []);
    assert.match(notes.join(), /eve: part-1\.ipynb is a link, or no regular file, and is left out/);
  });

  it('brings weights and grids of its own folder, none of others', () => {
    const root = temporaryFolder();
    mkdirSync(join(root, 'ann', 'files'), { recursive: true });
    writeNotebook(join(root, 'ann', 'part-1.ipynb'), []);
    for (const name of ['minimum-1.safetensors', 'plane.json', 'notes.txt']) {
      writeFileSync(join(root, 'ann', 'files', name), 'x');
    }
    symlinkSync('/etc/passwd', join(root, 'ann', 'files', 'theta.safetensors'));
    writeNotebook(join(root, 'bob.ipynb'), []);
    writeFileSync(join(root, 'minimum-2.safetensors'), 'x');
    const { submissions } = findSubmissions([root]);
    assert.deepEqual(
      submissions.map(({ saved }) => saved.map((path) => basename(path))),
      [['minimum-1.safetensors', 'plane.json'], []],
    );
  });

  it('goes along in measure', () => {
    const root = temporaryFolder();
    writeNotebook(join(root, 'part-1.ipynb'), []);
    for (let i = 100; i < 510; i++) writeFileSync(join(root, `m${i}.ts`), '');
    writeFileSync(join(root, 'a.json'), Buffer.alloc(11e6));
    const [{ beside, notes }] = findSubmissions([root]).submissions as [
      ReturnType<typeof findSubmissions>['submissions'][0],
    ];
    assert.equal(beside.length, 400);
    assert.ok(beside.every((path) => !path.endsWith('a.json')));
    // One of 11 MB, and ten beyond the first four hundred.
    assert.equal(
      notes.filter((note) => / is one too many: 400 files of 10 MB /.test(note)).length,
      11,
    );
  });
});
