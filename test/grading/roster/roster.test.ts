import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scaleNotes } from '../../../lib/grading/roster/gradebook';
import { byRoster } from '../../../lib/grading/roster/match';
import { keepRoster, keptRoster, readRoster } from '../../../lib/grading/roster/roster';
import { temporaryFolder } from '../../temporaryFolder';

describe('a roster', () => {
  const read = (text: string | Buffer) => {
    const path = join(temporaryFolder(), 'list.csv');
    writeFileSync(path, text);
    return readRoster(path, 'Paths');
  };

  it('is told apart by its columns', () => {
    const systems = {
      'Student,ID,Section\n"I, A",1,One': 'canvas',
      'Identifier,Full name,Grade\nParticipant 1,A I,': 'moodle',
      'First name,Last name,Email address\nA,I,a@x.org': 'moodle',
      'Name\nA I': 'csv',
      'student_id\ts\na\tb': 'csv',
      'Student,ID\nA,1': 'csv',
    };
    for (const [text, system] of Object.entries(systems)) assert.equal(read(text).system, system);
  });

  it('of Canvas may have names in two columns, as its import takes them as well', () => {
    const text = [
      'LastName,FirstName,ID,SIS Login ID,Section,Paths (7)',
      '    Points Possible,,,,,100',
      'I,A,1,ai,One,',
      'Student,Test,9,,One,',
    ];
    const { system, students, outOf } = read(text.join('\n'));
    const names = students.map(({ student }) => student);
    assert.deepEqual([system, names, outOf], ['canvas', ['A I'], 100]);
  });

  it('tells those apart who share a name', () => {
    const { students } = read('Student,ID,Section\n"I, A",1,One\n"I, A",2,One\n"J, B",3,Two');
    assert.deepEqual(
      students.map(({ student }) => student),
      ['I, A 1', 'I, A 2', 'J, B'],
    );
  });

  it('that is none is refused with what to do', () => {
    assert.throws(() => readRoster('/nowhere.csv', 'Paths'), /is not there; check --roster/);
    for (const text of ['', 'Points\n3', 'Name,ID\n,']) {
      assert.throws(() => read(text), /must have a name or an id in each row, got/, text);
    }
    assert.throws(() => read('Name,ID\nA,1\nA,1'), /has A 1 twice; leave one of them/);
    const comma =
      /more columns than its header in the row of I, A, 1; put names with a comma in double/;
    assert.throws(() => read('Name,ID\nI,A,1'), comma);
    // A line that begins in quotes, as columns and as a row.
    assert.throws(() => read('"Na\nme",ID\n,'), /got the columns Na\ufffdme, ID; export/);
    assert.throws(() => read('Name,ID\n"I\n",A,1'), /in the row of I\ufffd, A, 1; put/);
    // As Excel writes 10000000012345.
    const rounded = 'Student,ID,Section\n"I, A",1,One\n"I, B",1E+13,One';
    assert.throws(
      () => read(rounded),
      /must have whole numbers in the column ID, got 1E\+13 of I, B/,
    );
    for (const encoding of ['latin1', 'utf16le'] as const) {
      const text = Buffer.from('Name;ID\nJürgen Müller;1', encoding);
      assert.throws(() => read(text), /must be in UTF-8, got other bytes; save it anew/, encoding);
    }
    assert.deepEqual(read('Name,ID\nA,1,,').students[0]!.row, { Name: 'A', ID: '1' });
  });

  it('says so where the platform gives other points than the gradebook', () => {
    const worksheet = (most: string) =>
      scaleNotes(read(`Identifier,Full name,Grade,Maximum grade\nParticipant 1,A,,"${most}"`));
    const canvas = (most: string) =>
      scaleNotes(
        read(`Student,ID,Section,Paths (7)\n    Points Possible,,,${most}\n"I, A",1,One,`),
      );
    // 100 is what both platforms propose for a new assignment.
    for (const note of [worksheet('100,00'), worksheet('100.00'), canvas('100')]) {
      assert.match(
        note.join(),
        /^Paths is out of 100 in the roster, and the gradebook is out of 10: set/,
      );
    }
    for (const none of ['10.00', '10,00', '', '(read only)']) {
      assert.deepEqual([...worksheet(none), ...canvas(none.replace(',', '.'))], [], none);
    }
    assert.deepEqual(scaleNotes(read('Name\nA')), []);
  });

  it('is kept beside the grades', () => {
    const out = temporaryFolder();
    assert.equal(keptRoster(out), undefined);
    const roster = read('Name,ID\nA,1');
    keepRoster(out, roster);
    assert.deepEqual(keptRoster(out), roster);
    const broken = [
      ...['{', '{}', '{"students":[1]}', '{"students":[]}'],
      JSON.stringify({ ...roster, columns: [1] }),
      JSON.stringify({ ...roster, students: [{ student: 'A', row: { Name: 1 } }] }),
    ];
    for (const text of broken) {
      writeFileSync(join(out, 'roster.json'), text);
      const told = /roster\.json is no kept roster: .*; grade again with --roster, or delete it$/;
      assert.throws(() => keptRoster(out), told);
    }
  });

  it('gives nobody the work of another', () => {
    const roster = read('Student,ID,SIS Login ID,Section\n"I, A",1,ai,One\n"I, B",2,1,One');
    const files = { notebooks: [], saved: [], beside: [], notes: [], time: 0 };
    const delivery = { platform: 'canvas', name: 'ia', file: 'a.ipynb' } as const;
    const whose = (student: string, id?: string) => {
      const deliveries = new Map(id === undefined ? [] : [[student, { ...delivery, id }]]);
      const found = { submissions: [{ ...files, student }], notes: [] };
      try {
        const all = byRoster(found, roster, deliveries).submissions;
        return all.find(({ notes }) => notes.length === 0)!.student;
      } catch (error) {
        return String(error);
      }
    };
    assert.equal(whose('ia', '1'), 'I, A');
    assert.equal(whose('ia', '2'), 'I, B', 'by the number, whatever the name');
    assert.match(whose('ia', '3'), /nobody on the roster of 2 handed in any of the 1 submissions/);
    assert.equal(whose('A I'), 'I, A');
    assert.equal(whose('A\u200f I'), 'I, A', 'with a mark that turns text');
    assert.match(whose('1'), /nobody on the roster/, 'a number of one and the login of the other');
    const odd = read('Name\n"o_neil, अनिल"');
    const files_ = [{ ...files, student: 'o_neilअनिल' }];
    const named = new Map([['o_neilअनिल', { ...delivery, name: 'o_neilअनिल', id: '7' }]]);
    const [only] = byRoster({ submissions: files_, notes: [] }, odd, named).submissions;
    assert.equal(only!.student, 'o_neil, अनिल', 'Canvas leaves _ and marks upon letters in a name');
  });
});
