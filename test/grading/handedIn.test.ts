import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { keepSeed, keptSeed, readSeed } from '../../lib/grading/class/seed';
import { merge } from '../../lib/grading/class/shards';
import { givenFiles } from '../../lib/grading/judge/givenFiles';
import { seedOf } from '../../lib/grading/judge/seedOf';
import { findSubmissions } from '../../lib/grading/submitted/find';
import { readSubmitted } from '../../lib/grading/submitted/read';
import { remarks } from '../../lib/grading/submitted/remarks';
import { statedSize } from '../../lib/grading/submitted/statedSize';
import { writtenAnswers } from '../../lib/grading/submitted/written';
import { TEXT_STUB } from '../../lib/workbook';
import { writeNotebook } from '../notebookFile';
import { temporaryFolder } from '../temporaryFolder';

describe('what is handed in', () => {
  it('is refused with a sentence where it is no notebook', () => {
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

  it('is told of where it is passed over beside notebooks', () => {
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

  it('is told of where its folder is hidden', () => {
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

  it('goes along in measure', () => {
    const root = temporaryFolder();
    writeNotebook(join(root, 'part-1.ipynb'), []);
    for (let i = 100; i < 210; i++) writeFileSync(join(root, `m${i}.ts`), '');
    writeFileSync(join(root, 'a.json'), Buffer.alloc(11e6));
    const [{ beside, notes }] = findSubmissions([root]).submissions as [
      ReturnType<typeof findSubmissions>['submissions'][0],
    ];
    assert.equal(beside.length, 100);
    assert.ok(beside.every((path) => !path.endsWith('a.json')));
    // One of 11 MB, and ten beyond the first hundred.
    assert.equal(
      notes.filter((note) => / is one too many: 100 files of 10 MB /.test(note)).length,
      11,
    );
  });

  it('goes along from a flat folder where one notebook alone lies in it', () => {
    const root = temporaryFolder();
    writeNotebook(join(root, 'ann.ipynb'), []);
    writeFileSync(join(root, 'helper.ts'), '');
    const names = () =>
      findSubmissions([root]).submissions.map(({ beside }) => beside.map((path) => basename(path)));
    assert.deepEqual(names(), [['helper.ts']]);
    writeNotebook(join(root, 'bob.ipynb'), []);
    assert.deepEqual(names(), [[], []]);
  });
});

describe('a notebook that is handed in', () => {
  it('is read, whatever its metadata and outputs are', () => {
    const path = join(temporaryFolder(), 'a.ipynb');
    const odd = { toString: 1 };
    const metadata = [
      null,
      7,
      { nbgrader: null },
      { nbgrader: 'x' },
      { nbgrader: { grade_id: odd } },
    ];
    const cells = metadata.map((one, i) => {
      const outputs = [null, 7, { text: odd }, { text: [odd, 'size full, files in x\n'] }];
      return { cell_type: 'code', id: `c${i}`, source: ['1'], metadata: one, outputs };
    });
    writeFileSync(path, JSON.stringify({ nbformat: 4, metadata: null, cells }));
    const notebook = readSubmitted(path);
    assert.deepEqual(
      notebook.cells.map(({ id, metadata: known }) => [id, known]),
      cells.map(({ id }) => [id, {}]),
    );
    assert.deepEqual(remarks(notebook), []);
    assert.equal(statedSize(notebook), 'full');
  });

  it('is refused with what stands there for a format', () => {
    const path = join(temporaryFolder(), 'a.ipynb');
    for (const nbformat of [3, '4', null]) {
      writeFileSync(path, JSON.stringify({ nbformat, cells: [] }));
      const told = {
        message: new RegExp(`of format 4: got nbformat ${JSON.stringify(nbformat)};`),
      };
      assert.throws(() => readSubmitted(path), told);
    }
  });

  it('is no notebook without cells, whatever its format says', () => {
    const path = join(temporaryFolder(), 'a.ipynb');
    writeFileSync(path, JSON.stringify({ nbformat: 4 }));
    assert.throws(() => readSubmitted(path), /is no notebook: it has no list of cells; save it/);
  });

  it('is a notebook by whatever case of letters its name is written in', () => {
    const root = temporaryFolder();
    const ann = join(root, 'ann');
    mkdirSync(ann);
    writeNotebook(join(ann, 'Part-1.IPYNB'), []);
    writeNotebook(join(root, 'Bob.Ipynb'), []);
    const students = (path: string) => findSubmissions([path]).submissions.map((s) => s.student);
    assert.deepEqual([students(root), students(ann)], [['Bob', 'ann'], ['ann']]);
  });

  it('names no student so that the text after the name is turned', () => {
    const root = temporaryFolder();
    for (const name of ['\u202egnp', 'a\nb', '\u{1F469}\u200d\u{1F4BB}', '<i>']) {
      writeNotebook(join(root, `${name}.ipynb`), []);
    }
    assert.deepEqual(
      findSubmissions([root]).submissions.map(({ student }) => student),
      ['<i>', 'a\ufffdb', '\ufffdgnp', '\u{1F469}\u200d\u{1F4BB}'].sort(),
    );
  });

  it('has the written answers of the notebook that was saved last, whatever its name', () => {
    const root = temporaryFolder();
    const answered = (name: string, savedAt: number, texts: Record<string, string>) => {
      const path = join(root, name);
      const cells = Object.entries(texts).map(([id, source]) => ({
        ...{ id, cell_type: 'markdown' as const, metadata: {}, source },
      }));
      writeFileSync(path, JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 }));
      utimesSync(path, savedAt, savedAt);
      return [path, readSubmitted(path)] as const;
    };
    const answers = (...notebooks: ReturnType<typeof answered>[]) =>
      Object.fromEntries(writtenAnswers(new Map(notebooks), ['a', 'b']));
    const later = answered('part-1.ipynb', 2e9, { a: 'new', b: TEXT_STUB });
    const earlier = answered('part-1 copy.ipynb', 1e9, { a: 'old', b: 'kept' });
    assert.deepEqual(answers(earlier, later), { a: 'new', b: 'kept' });
    assert.deepEqual(answers(later, earlier), { a: 'new', b: 'kept' });
    const atOnce = answered('part-1-2.ipynb', 2e9, { a: 'last by name' });
    assert.deepEqual(answers(earlier, later, atOnce), { a: 'last by name', b: 'kept' });
    const emptied = answered('part-1-3.ipynb', 3e9, { a: ' \n', b: '' });
    assert.deepEqual(answers(earlier, later, emptied), { a: 'new', b: 'kept' });
  });
});

describe('seeds of a class', () => {
  it('are whole numbers, or refused: an empty file is no 0', () => {
    const out = temporaryFolder();
    assert.equal(keptSeed(out), undefined);
    keepSeed(out, 0);
    assert.equal(keptSeed(out), 0);
    for (const text of [
      '',
      '\n',
      '1.5',
      '-1',
      '0x10',
      '1e3',
      'seven',
      '99999999999999999999',
      '7 8',
    ]) {
      writeFileSync(join(out, 'seed.txt'), text);
      assert.throws(() => keptSeed(out), /seed\.txt must be a whole number from 0, got "/, text);
      assert.throws(() => readSeed(text, '--seed'), /--seed must be a whole number/, text);
    }
    mkdirSync(join(out, 'students'));
    writeFileSync(join(out, 'seed.txt'), '');
    assert.throws(() => merge([out], temporaryFolder()), /must be a whole number from 0, got ""/);
  });

  it('give each criterion one of its own, always the same', () => {
    // printf '7 task-2-1-check' | sha256sum begins with these eight digits.
    assert.equal(seedOf(7, 'task-2-1-check'), 0x4e9b8985);
    assert.notEqual(seedOf(7, 'task-2-1-check'), seedOf(7, 'task-2-3-check'));
  });
});
