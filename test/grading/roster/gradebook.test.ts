import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeReports } from '../../../lib/grading/pages/reports';
import { byRoster } from '../../../lib/grading/roster/match';
import { keepRoster, readRoster } from '../../../lib/grading/roster/roster';
import { arrange } from '../../../lib/grading/submitted/arrange';
import { findSubmissions } from '../../../lib/grading/submitted/find';
import { writeNotebook } from '../../notebookFile';
import { temporaryFolder } from '../../temporaryFolder';
import { writeZip } from '../zip';
import { standIn, tasks } from './standIn';

/** A class of 60: 7 and 31 hand in nothing, what 12 hands in is no notebook, 20 hands in twice. */
const CLASS = Array.from({ length: 60 }, (_, i) => i + 1);
const MISSING = [7, 31];
const UNREADABLE = 12;
const TWICE = 20;
/** What student i is to have: in halves from 0 to 8, and on top from 0 to 2. */
const earned = (i: number) => [(i % 17) / 2, (i % 5) / 2] as const;
const expected = (i: number) => (i === UNREADABLE || MISSING.includes(i) ? [0, 0] : earned(i));
/** Two share the name Ivanova; a quote and a comma are in one name. */
const lastName = (i: number) =>
  i === 3 || i === 4 ? 'Ivanova' : i === 5 ? "O'Neil, Jr" : `Петров${i}`;
const notebook = (path: string, points: readonly number[]) =>
  writeNotebook(path, [JSON.stringify(points)]);

/** From files to the gradebook, as `npm run grade` goes, but for the sandbox. */
async function course(submissions: string, list: string) {
  const out = temporaryFolder();
  const path = join(out, '..', 'list.csv');
  writeFileSync(path, list);
  const roster = readRoster(path, 'Paths');
  const arranged = await arrange([submissions], join(out, 'unpacked'));
  const found = byRoster(findSubmissions(arranged.paths), roster, arranged.deliveries);
  keepRoster(out, roster);
  const grades = found.submissions.map(standIn);
  writeReports(grades, {}, out, tasks);
  const notes = [...arranged.notes, ...found.notes].join('\n');
  const csv = (name: string) => readFileSync(join(out, name), 'utf8').trimEnd().split('\n');
  return { out, grades, notes, csv };
}

describe('a course', () => {
  it('goes from the roster and flat files of Canvas to its gradebook', async () => {
    const folder = temporaryFolder();
    const file = (i: number, late: string, name: string) =>
      join(folder, `student${i}_${late}${100 + i}_${900 + i}_${name}`);
    for (const i of CLASS.filter((one) => !MISSING.includes(one))) {
      if (i === UNREADABLE) writeFileSync(file(i, '', 'part-1.ipynb'), 'no notebook');
      else notebook(file(i, i === 9 ? 'LATE_' : '', 'part-1.ipynb'), earned(i));
    }
    // Handed in before: Canvas had numbered it before, and it has other points.
    notebook(join(folder, `student${TWICE}_${100 + TWICE}_17_part-1.ipynb`), [0, 0]);
    const list = [
      'Student,ID,SIS User ID,SIS Login ID,Section,Paths (77),Other (78)',
      '    Points Possible,,,,,10,5',
      ...CLASS.map((i) => `"${lastName(i)}, Anna",${100 + i},s${i},a${i}@x.org,One,,3`),
      '"Student, Test",999,,t,One,,',
    ];
    const { csv, notes, grades } = await course(folder, list.join('\n'));
    const [header, possible, ...rows] = csv('gradebook.csv');
    assert.equal(header, 'Student,ID,SIS User ID,SIS Login ID,Section,Paths (77),Paths bonus');
    assert.equal(possible, '"    Points Possible",,,,,10,0');
    // Everybody once, in the list's order, by Canvas' own number.
    assert.deepEqual(
      rows,
      CLASS.map((i) => {
        const who = `"${lastName(i)}, Anna",${100 + i},s${i},a${i}@x.org,One`;
        return [who, ...expected(i)].join(',');
      }),
    );
    assert.equal(grades.length, 60);
    for (const i of MISSING) assert.match(notes, new RegExp(`${lastName(i)}, Anna handed in noth`));
    assert.match(notes, /student20 handed in part-1\.ipynb twice: the latest counts, .*_920_part/);
    assert.match(notes, /student9: part-1\.ipynb was handed in late/);
    assert.equal(csv('tasks.csv').length, 1 + 2 * 60);
  });

  it('goes from the worksheet and folders of Moodle to its two imports', async () => {
    const folder = temporaryFolder();
    for (const i of CLASS.filter((one) => !MISSING.includes(one))) {
      const end = i % 2 === 0 ? '_' : '';
      const own = join(folder, `${lastName(i)} Anna_${100 + i}_assignsubmission_file${end}`);
      mkdirSync(own);
      if (i === UNREADABLE) writeFileSync(join(own, 'part-1.ipynb'), 'no notebook');
      // One packs a folder; one has it in the lab's.
      else if (i === 15) {
        const made = join(temporaryFolder(), 'part-1.ipynb');
        notebook(made, earned(i));
        await writeZip(join(own, 'lab.zip'), { 'lab/part-1.ipynb': readFileSync(made) });
      } else notebook(join(own, 'part-1.ipynb'), earned(i));
    }
    const list = [
      'Identifier,"Full name","Email address",Status,Grade,"Maximum Grade","Last modified (grade)"',
      ...CLASS.map((i) => `Participant ${100 + i},"Anna ${lastName(i)}",a${i}@x.org,,,10.00,-`),
    ];
    const { csv, notes } = await course(folder, list.join('\n'));
    assert.deepEqual(csv('gradebook.csv'), [
      'Identifier,Grade,Last modified (grade)',
      ...CLASS.map((i) => `Participant ${100 + i},${expected(i)[0]},-`),
    ]);
    assert.deepEqual(csv('gradebook-bonus.csv'), [
      'Email address,Paths bonus',
      ...CLASS.map((i) => `a${i}@x.org,${expected(i)[1]}`),
    ]);
    for (const i of MISSING) assert.match(notes, new RegExp(`Anna ${lastName(i)} handed in noth`));
  });

  it('goes from a list of its own, with semicolons, and one zip to that list with points', async () => {
    const folder = temporaryFolder();
    const made = join(folder, 'made.ipynb');
    notebook(made, [8, 1.5]);
    const file = readFileSync(made);
    const names = ['Anna Ivanova/part-1.ipynb', 'b@x.org/part-1.ipynb', 'stranger/part-1.ipynb'];
    const class_ = join(folder, 'class.zip');
    await writeZip(class_, Object.fromEntries(names.map((name) => [`all/${name}`, file])));
    const list = '\ufeffName;Email;Group\nIvanova, Anna;a@x.org;1\nБоб;b@x.org;2\nC;c@x.org;2\n';
    const { csv, notes, out } = await course(class_, list);
    assert.deepEqual(csv('gradebook.csv'), [
      'Name,Email,Group,Paths,Paths bonus',
      '"Ivanova, Anna",a@x.org,1,8,1.5',
      'Боб,b@x.org,2,8,1.5',
      'C,c@x.org,2,0,0',
    ]);
    assert.match(notes, /stranger is not on the roster: graded, and in no gradebook/);
    assert.match(notes, /C handed in nothing/);
    assert.ok(existsSync(join(out, 'stranger.html')));
  });
});
