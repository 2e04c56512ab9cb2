import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pageOf } from '../../../lib/grading/marks/fileName';
import { writeFeedback } from '../../../lib/grading/pages/feedback';
import { writeReports } from '../../../lib/grading/pages/reports';
import { keepDownloaded } from '../../../lib/grading/roster/downloaded';
import { byRoster } from '../../../lib/grading/roster/match';
import { keepRoster, readRoster } from '../../../lib/grading/roster/roster';
import { arrange, submissionsIn } from '../../../lib/grading/submitted/arrange';
import { unzip } from '../../../lib/grading/submitted/unzip';
import { type Cell, cellText } from '../../../lib/ipynb';
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
  const found = byRoster(submissionsIn(arranged), roster, arranged.deliveries);
  keepRoster(out, roster);
  keepDownloaded(out, found.submissions);
  const grades = found.submissions.map(standIn);
  writeReports(grades, {}, out, tasks);
  const notes = found.notes.join('\n');
  const csv = (name: string) => readFileSync(join(out, name), 'utf8').trimEnd().split('\n');
  /** What goes back, by the names in its zip, and what is said of it. */
  const feedback = async (to: string) => {
    const told = await writeFeedback(grades, {}, tasks, out);
    const folder = temporaryFolder();
    await unzip(join(out, `feedback-${to}.zip`), folder, { files: 100, bytes: 100e6 });
    const read = (name: string) => readFileSync(join(folder, name), 'utf8');
    return { told, texts: new Map(readdirSync(folder).map((name) => [name, read(name)])) };
  };
  return { out, grades, notes, csv, feedback };
}

/** Of a page that opens without a network. */
function assertWhole(page: string): void {
  assert.match(page, /^<!doctype html>/);
  assert.match(page, /Content-Security-Policy" content="default-src 'none'/);
  assert.doesNotMatch(page, /<script|<link|(src|href)="(https?:)?\/\/|url\(["']?http/);
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
    const { csv, notes, grades, feedback } = await course(folder, list.join('\n'));
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
    const { told, texts } = await feedback('canvas');
    // As canvas-lms reads a name (abstract_assignment.rb): of its parts between _ the first two that
    // are numbers are the student and one of the files that are handed in now. It ignores all others,
    // and shows the file under the name that the student gave: a notebook has to be one.
    const numbers = [...texts.keys()].map((name) =>
      name.split('_').filter((one) => /^\d+$/.test(one)),
    );
    const wanted = CLASS.filter((i) => !MISSING.includes(i)).map((i) => [
      `${100 + i}`,
      `${900 + i}`,
    ]);
    assert.deepEqual(numbers.sort(), wanted.sort());
    for (const name of texts.keys()) assert.ok(existsSync(join(folder, name)), name);
    const text = texts.get('student9_LATE_109_909_part-1.ipynb')!;
    const { cells, nbformat } = JSON.parse(text) as { cells: Cell[]; nbformat: number };
    assert.equal(nbformat, 4);
    assert.match(cellText(cells[0]!), /^# Петров9, Anna: 6\.5 of 10 points\n/);
    assert.deepEqual(told, [
      'feedback-canvas.zip: 58 files, Canvas: the assignment, Upload Submissions (below Download Submissions)',
      '2 handed in nothing, and get none',
    ]);
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
    const { csv, notes, feedback } = await course(folder, list.join('\n'));
    assert.deepEqual(csv('gradebook.csv'), [
      'Identifier,Grade,Last modified (grade)',
      ...CLASS.map((i) => `Participant ${100 + i},${expected(i)[0]},-`),
    ]);
    assert.deepEqual(csv('gradebook-bonus.csv'), [
      'Email address,Paths bonus',
      ...CLASS.map((i) => `a${i}@x.org,${expected(i)[1]}`),
    ]);
    for (const i of MISSING) assert.match(notes, new RegExp(`Anna ${lastName(i)} handed in noth`));
    const { texts } = await feedback('moodle');
    // As Moodle reads a name (feedback/file/importziplib.php): at the first four _ it parts into the
    // student's name, the number in the assignment, the two of the plugin, and the file's own.
    const parts = [...texts.keys()].map((name) => name.split('_'));
    assert.deepEqual(
      parts.map(([, number, ...rest]) => [Number(number), rest.join('_')]).sort(),
      CLASS.filter((i) => !MISSING.includes(i))
        .map((i) => [100 + i, 'assignsubmission_file_feedback.html'])
        .sort(),
    );
    for (const page of texts.values()) assertWhole(page);
    assert.match(
      texts.get('Петров15 Anna_115_assignsubmission_file_feedback.html')!,
      /Anna Петров15</,
    );
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
    const { csv, notes, out, feedback } = await course(class_, list);
    assert.deepEqual(csv('gradebook.csv'), [
      'Name;Email;Group;Paths;Paths bonus',
      // A spreadsheet that sets columns apart so would take 1.5 for a day in May.
      'Ivanova, Anna;a@x.org;1;8;1,5',
      'Боб;b@x.org;2;8;1,5',
      'C;c@x.org;2;0;0',
    ]);
    assert.match(notes, /stranger is not on the roster: graded, and in no gradebook/);
    assert.match(notes, /C handed in nothing/);
    assert.ok(existsSync(join(out, 'stranger.html')));
    const { told, texts } = await feedback('mail');
    assert.equal(
      texts.get('addresses.csv'),
      `Name,Email,File\n"Ivanova, Anna",a@x.org,${pageOf('Ivanova, Anna')}\n` +
        'stranger,,stranger.html\nБоб,b@x.org,Боб.html\n',
    );
    assertWhole(texts.get('stranger.html')!);
    assert.deepEqual(told.slice(1), ['1 handed in nothing, and get none']);
  });

  it('gives nobody the points of another of that name, who is not on the list', async () => {
    const folder = temporaryFolder();
    // A mark that turns text is in an Arabic name, as some keyboards put it there.
    for (const [name, points] of [
      ['Anna Ivanova_99', 8],
      ['م\u200fع_2', 3],
    ] as const) {
      mkdirSync(join(folder, `${name}_assignsubmission_file`));
      notebook(join(folder, `${name}_assignsubmission_file`, 'part-1.ipynb'), [points, 0]);
    }
    const list =
      'Identifier,Full name,Grade\nParticipant 1,Anna Ivanova,\nParticipant 2,م\u200fع,\n';
    const { csv, notes, grades, feedback } = await course(folder, list);
    assert.deepEqual(csv('gradebook.csv').slice(1), ['Participant 1,0,-', 'Participant 2,3,-']);
    assert.deepEqual(
      grades.map(({ student }) => student),
      ['Anna Ivanova', 'Anna Ivanova (not on the roster)', 'م\ufffdع'],
    );
    assert.match(notes, /Anna Ivanova is not on the roster: graded, and in no gradebook/);
    assert.equal((await feedback('moodle')).texts.size, 2);
  });
});
