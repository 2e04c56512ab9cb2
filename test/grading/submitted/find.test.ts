import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { findSubmissions } from '../../../lib/grading/submitted/find';
import { writeNotebook } from '../../notebookFile';
import { temporaryFolder } from '../../temporaryFolder';

describe('submissions', () => {
  it('are found by student, in folders and as files, the latest of two', () => {
    const root = temporaryFolder();
    mkdirSync(join(root, 'Zoë', 'paths'), { recursive: true });
    writeNotebook(join(root, 'Zoë', 'paths', 'part-1.ipynb'), []);
    writeNotebook(join(root, 'bob smith.ipynb'), []);
    mkdirSync(join(root, 'empty'));
    const { submissions, notes } = findSubmissions([root]);
    assert.deepEqual(
      submissions.map(({ student, notebooks }) => [student, notebooks.length]),
      [
        ['Zoë', 1],
        ['bob smith', 1],
        ['empty', 0],
      ],
    );
    assert.match(notes.join(), /empty: no notebook was handed in/);
    const later = temporaryFolder();
    writeNotebook(join(later, 'bob smith.ipynb'), []);
    utimesSync(join(later, 'bob smith.ipynb'), 4e9, 4e9);
    const twice = findSubmissions([later, root]);
    assert.match(twice.notes.join(), /bob smith handed in twice: the latest counts/);
    const bob = twice.submissions.find(({ student }) => student === 'bob smith');
    assert.ok(bob!.notebooks[0]!.startsWith(later));
    assert.throws(() => findSubmissions(['/nonexistent']), /is not there; check the path/);
    assert.throws(() => findSubmissions([temporaryFolder()]), /there is no notebook in/);
    const two = ['a', 'b'].map((name) => join(root, name, 'part-1.ipynb'));
    assert.throws(() => findSubmissions(two), /and 1 more do not say whose they are; name the/);
    symlinkSync(root, join(later, 'link'));
    assert.equal(findSubmissions([join(later, 'link')]).submissions.length, 3);
  });

  it('do not become one by one that does not say whose it is', () => {
    const root = temporaryFolder();
    for (const name of ['alice', 'bob', 'part-1']) {
      writeNotebook(join(root, `${name}.ipynb`), []);
    }
    const { submissions, notes } = findSubmissions([root]);
    assert.deepEqual(
      submissions.map(({ student }) => student),
      ['alice', 'bob', 'part-1'],
    );
    assert.match(notes.join(), /part-1\.ipynb does not say whose it is, beside others/);
    const folders = temporaryFolder();
    mkdirSync(join(folders, 'ann'));
    writeNotebook(join(folders, 'ann', 'part-1.ipynb'), []);
    writeNotebook(join(folders, 'part-2.ipynb'), []);
    assert.equal(findSubmissions([folders]).submissions.length, 2);
  });

  it('are found beside names that no text holds', () => {
    const root = temporaryFolder();
    writeNotebook(join(root, 'ann.ipynb'), []);
    const odd = Buffer.concat([Buffer.from(`${root}/Jos`), Buffer.from([0xe9])]);
    try {
      mkdirSync(odd);
    } catch {
      return; // macOS takes no such name.
    }
    const { submissions, notes } = findSubmissions([root]);
    assert.deepEqual(
      submissions.map(({ student }) => student),
      ['ann'],
    );
    assert.match(notes.join(), /cannot be read \(is its name UTF-8\?\), and is left out/);
    const coloured = temporaryFolder();
    writeNotebook(join(coloured, '\x1b[31mred.ipynb'), []);
    assert.equal(findSubmissions([coloured]).submissions[0]!.student, '\ufffd[31mred');
  });

  it('are refused with a sentence where they are no notebook', () => {
    const root = temporaryFolder();
    for (const name of ['class.zip', 'lab.tar.gz', 'lab.7z']) {
      writeFileSync(join(root, name), '');
      assert.throws(
        () => findSubmissions([join(root, name)]),
        /is an archive: unpack it, and name/,
        name,
      );
    }
    for (const name of ['a.pdf', 'a.html', 'a.docx', 'a.ipynb.txt', 'a.ts', 'noend']) {
      writeFileSync(join(root, name), '');
      assert.throws(
        () => findSubmissions([join(root, name)]),
        /is no notebook \(\.ipynb\): name/,
        name,
      );
    }
    mkdirSync(join(root, 'folder.ipynb'));
    assert.throws(() => findSubmissions([join(root, 'folder.ipynb')]), /there is no notebook in/);
  });

  it('are told of where they are passed over beside notebooks', () => {
    const root = temporaryFolder();
    for (const name of ['ann', 'bob']) writeNotebook(join(root, `${name}.ipynb`), []);
    mkdirSync(join(root, 'carl.ipynb'));
    for (const name of ['dora.pdf', 'emil.ipynb.txt', 'helper.ts'])
      writeFileSync(join(root, name), '');
    const { submissions, notes } = findSubmissions([root]);
    assert.deepEqual(
      submissions.map(({ student, notes: own }) => [student, own]),
      [
        ['ann', []],
        ['bob', []],
        ['carl.ipynb', ['no notebook was handed in']],
      ],
    );
    for (const name of ['dora.pdf', 'emil.ipynb.txt', 'helper.ts']) {
      assert.ok(
        notes.some((note) => note.startsWith(`${name} is no notebook of one student`)),
        name,
      );
    }
  });

  it('are told of where their folder is hidden', () => {
    const root = temporaryFolder();
    writeNotebook(join(root, 'ann.ipynb'), []);
    for (const name of ['..dots', '.ipynb_checkpoints', '.cache']) mkdirSync(join(root, name));
    for (const name of ['..dots', '.ipynb_checkpoints']) {
      writeNotebook(join(root, name, 'part-1.ipynb'), []);
    }
    assert.deepEqual(findSubmissions([root]).notes, [
      '..dots begins with a dot, and is left out: name it anew',
    ]);
  });

  it('take along what lies beside one notebook that is alone in a flat folder', () => {
    const root = temporaryFolder();
    writeNotebook(join(root, 'ann.ipynb'), []);
    writeFileSync(join(root, 'helper.ts'), '');
    const names = () =>
      findSubmissions([root]).submissions.map(({ beside }) => beside.map((path) => basename(path)));
    assert.deepEqual(names(), [['helper.ts']]);
    writeNotebook(join(root, 'bob.ipynb'), []);
    assert.deepEqual(names(), [[], []]);
  });

  it('are notebooks by whatever case of letters their names are written in', () => {
    const root = temporaryFolder();
    const ann = join(root, 'ann');
    mkdirSync(ann);
    writeNotebook(join(ann, 'Part-1.IPYNB'), []);
    writeNotebook(join(root, 'Bob.Ipynb'), []);
    const students = (path: string) => findSubmissions([path]).submissions.map((s) => s.student);
    assert.deepEqual([students(root), students(ann)], [['Bob', 'ann'], ['ann']]);
  });

  it('name no student so that the text after the name is turned', () => {
    const root = temporaryFolder();
    for (const name of ['\u202egnp', 'a\nb', '\u{1F469}\u200d\u{1F4BB}', '<i>']) {
      writeNotebook(join(root, `${name}.ipynb`), []);
    }
    assert.deepEqual(
      findSubmissions([root]).submissions.map(({ student }) => student),
      ['<i>', 'a\ufffdb', '\ufffdgnp', '\u{1F469}\u200d\u{1F4BB}'].sort(),
    );
  });
});
