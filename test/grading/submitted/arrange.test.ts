import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { byRoster, isNumberOn } from '../../../lib/grading/roster/match';
import type { Roster } from '../../../lib/grading/roster/roster';
import { arrange, submissionsIn } from '../../../lib/grading/submitted/arrange';
import { writeNotebook } from '../../notebookFile';
import { temporaryFolder } from '../../temporaryFolder';

/** Students, and how many notebooks each has. */
async function studentsIn(folder: string) {
  const { submissions } = submissionsIn(await arrange([folder], join(temporaryFolder(), 'in')));
  return submissions.map(({ student, notebooks }) => [student, notebooks.length]);
}

describe('submissions of Canvas, with its list', () => {
  /** Students of the list, and how many notebooks each has handed in. */
  const handedIn = async (ids: Readonly<Record<string, string>>, ...files: readonly string[]) => {
    const folder = temporaryFolder();
    for (const file of files) writeNotebook(join(folder, file), []);
    const students = Object.entries(ids).map(([student, ID]) => ({ student, row: { ID } }));
    const roster: Roster = { system: 'canvas', columns: [], students, assignment: 'Paths' };
    const arranged = await arrange([folder], join(temporaryFolder(), 'in'), isNumberOn(roster));
    const { submissions } = byRoster(submissionsIn(arranged), roster, arranged.deliveries);
    return submissions.map(({ student, notebooks }) => [student, notebooks.length]);
  };

  it('are by its number, also where a name ends in another or a file begins with one', async () => {
    // canvas-lms, lib/content_zipper.rb: `_7_` is taken out of a name, and `_7` at its end is not.
    const ids = { 'Ivanova, Anna_7': '123', 'Petrov, B': '124', 'Sidorov, C': '125' };
    const files = [
      ...['ivanovaanna_7_123_451_part-1.ipynb', 'ivanovaanna_7_LATE_123_452_part-2.ipynb'],
      ...['petrovb_124_453_2026_11_part-1.ipynb', 'sidorovc_125_124_7_part-1.ipynb'],
    ];
    assert.deepEqual(await handedIn(ids, ...files), [
      ['Ivanova, Anna_7', 2],
      ['Petrov, B', 1],
      ['Sidorov, C', 1],
    ]);
  });

  it('are refused where they have no names, in one sentence', async () => {
    const files = ['anon_5Fq2x_451_part-1.ipynb', 'LATE_anon_8Kd1p_452_part-1.ipynb'];
    await assert.rejects(handedIn({ 'Petrov, B': '124' }, ...files), {
      name: 'InputError',
      message:
        /^grade: Canvas names no student on 2 of 2 submissions \(anon_5Fq2x\), .*; end the anonymous grading/,
    });
  });
});

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
