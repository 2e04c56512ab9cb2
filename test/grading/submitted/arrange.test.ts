import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { arrange, submissionsIn } from '../../../lib/grading/submitted/arrange';
import { writeNotebook } from '../../notebookFile';
import { temporaryFolder } from '../../temporaryFolder';

/** Students, and how many notebooks each has. */
async function studentsIn(folder: string) {
  const { submissions } = submissionsIn(await arrange([folder], join(temporaryFolder(), 'in')));
  return submissions.map(({ student, notebooks }) => [student, notebooks.length]);
}

describe('submissions with a date in their names', () => {
  it('are those of different students, and no file of Canvas handed in twice', async () => {
    const folder = temporaryFolder();
    for (const name of ['anna_ivanova', 'boris_petrov']) {
      writeNotebook(join(folder, `${name}_2026_11_27.ipynb`), []);
    }
    assert.deepEqual(await studentsIn(folder), [
      ['anna_ivanova_2026_11_27', 1],
      ['boris_petrov_2026_11_27', 1],
    ]);
    const numbered = temporaryFolder();
    for (const name of ['hw_1_2_ann', 'hw_1_2_bob'])
      writeNotebook(join(numbered, `${name}.ipynb`), []);
    assert.deepEqual(await studentsIn(numbered), [
      ['hw_1_2_ann', 1],
      ['hw_1_2_bob', 1],
    ]);
  });

  it('are kept where they are folders, which Canvas gives none of', async () => {
    const folder = temporaryFolder();
    for (const name of ['ann_2026_11_27', 'bob_2026_11_27', 'lab_4_2_eve']) {
      mkdirSync(join(folder, name));
      writeNotebook(join(folder, name, 'part-1.ipynb'), []);
    }
    assert.deepEqual(await studentsIn(folder), [
      ['ann_2026_11_27', 1],
      ['bob_2026_11_27', 1],
      ['lab_4_2_eve', 1],
    ]);
  });
});
