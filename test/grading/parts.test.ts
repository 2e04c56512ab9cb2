import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { checkInterpolation } from '../../lib/checks';
import { asPoint } from '../../lib/checks/points';
import { useBackend } from '../../lib/engine';
import { share } from '../../lib/grading/class/shards';
import type { Call } from '../../lib/grading/evidence/call';
import { criteria } from '../../lib/grading/evidence/criteria';
import { asNetwork } from '../../lib/grading/evidence/criteria/networks';
import { judge } from '../../lib/grading/evidence/judge';
import { pack, unpack } from '../../lib/grading/evidence/pack';
import { recorded } from '../../lib/grading/evidence/record';
import { replayed } from '../../lib/grading/evidence/replay';
import type { Grade } from '../../lib/grading/judge/gradeSubmission';
import { evidenceCell } from '../../lib/grading/judge/plan';
import { fileName } from '../../lib/grading/marks/fileName';
import { gradesCsv } from '../../lib/grading/pages/gradesCsv';
import { overviewPage } from '../../lib/grading/pages/overviewPage';
import { writeReports } from '../../lib/grading/pages/reports';
import { studentPage } from '../../lib/grading/pages/studentPage';
import { readMessage, shownBy } from '../../lib/grading/sandbox/messages';
import { processesByPs, usage } from '../../lib/grading/sandbox/usage';
import { findSubmissions } from '../../lib/grading/submitted/find';
import { readSubmitted } from '../../lib/grading/submitted/read';
import { remarks } from '../../lib/grading/submitted/remarks';
import { statedSize } from '../../lib/grading/submitted/statedSize';
import { ClassifierFC, initialize, VGG } from '../../lib/nn';
import { interpolateBetweenStateDicts } from '../../lib/paths';
import { projectRoot } from '../../lib/root';
import type { StateDict } from '../../lib/weights';
import { readNotebook } from '../../lib/workbook';
import { writeNotebook } from '../notebookFile';
import { temporaryFolder } from '../temporaryFolder';
import { toyNetwork } from '../toy';

describe('evidence', () => {
  before(() => useBackend());

  it('packs values and gives them back, with what JSON has no word for', () => {
    const value = {
      loss: [1.5, Number.NaN, Number.POSITIVE_INFINITY],
      name: 'x',
      w: tf.tensor([1, 2.5, -3, 4], [2, 2]),
      f: () => 1,
    };
    const made: tf.Tensor[] = [];
    const again = unpack(pack(value), made) as typeof value;
    assert.deepEqual(again.loss, value.loss);
    assert.equal(again.name, 'x');
    assert.equal(again.f, null);
    assert.deepEqual(again.w.arraySync(), [
      [1, 2.5],
      [-3, 4],
    ]);
    assert.deepEqual(made, [again.w]);
  });

  it('takes nothing for granted', () => {
    const bad = (text: string) => () => unpack(text, []);
    assert.throws(bad('{'), /it is no JSON/);
    assert.throws(bad('{"$tensor":[2,2],"data":"AAAA"}'), /shape \[2, 2\] comes with 3 bytes/);
    assert.throws(bad('{"$tensor":[-1],"data":""}'), /shape \[-1\]/);
    assert.throws(bad('{"$tensor":[1e9,1e9],"data":""}'), /comes with 0 bytes/);
    assert.throws(bad('{"$tensor":"x","data":7}'), /comes with/);
    assert.throws(bad('['.repeat(50) + ']'.repeat(50)), /nested too deeply/);
    assert.throws(bad(`[${'0,'.repeat(1e6)}0]`), /more than 1000000 values/);
    const polluted = unpack('{"__proto__":{"verdict":"holds"}}', []) as object;
    assert.equal(({} as { verdict?: string }).verdict, undefined);
    assert.equal(Object.getPrototypeOf(polluted), null);
  });

  it('a recorded check comes to the same verdict when it is replayed', async () => {
    const answers = {
      right: interpolateBetweenStateDicts,
      swapped: (t: number, a: StateDict, b: StateDict) => interpolateBetweenStateDicts(t, b, a),
      failing: () => {
        throw new Error('no idea');
      },
    };
    for (const [name, answer] of Object.entries(answers)) {
      const calls: Call[] = [];
      const there = await checkInterpolation(recorded(answer, calls) as typeof answers.right, 9);
      const made: tf.Tensor[] = [];
      const here = await checkInterpolation(replayed(calls, made) as typeof answers.right, 9);
      assert.deepEqual(here.findings, there.findings, name);
      const other = await checkInterpolation(replayed(calls, made) as typeof answers.right, 10);
      assert.ok(
        other.findings.some(({ verdict }) => verdict === 'fails'),
        'other inputs',
      );
    }
  });

  it('tells of arguments that were changed', async () => {
    const changing = (t: number, a: StateDict, b: StateDict) => {
      const point = interpolateBetweenStateDicts(t, a, b);
      const [name] = Object.keys(a);
      a[name!] = tf.keep(a[name!]!.clone());
      return point;
    };
    const calls: Call[] = [];
    await checkInterpolation(recorded(changing, calls) as typeof changing, 9);
    const made: tf.Tensor[] = [];
    const { findings } = await checkInterpolation(replayed(calls, made) as typeof changing, 9);
    const failing = findings.filter(({ verdict }) => verdict === 'fails');
    assert.deepEqual(
      failing.map(({ hint }) => hint),
      ['it changed its first state dict'],
    );
  });

  it('does again what a function told its listener', async () => {
    const calls: Call[] = [];
    const f = async (n: number, report: (row: { loss: number }) => void) => {
      for (let i = 0; i < n; i++) report({ loss: i });
    };
    const heard: number[] = [];
    const listen = ({ loss }: { loss: number }) => {
      heard.push(loss);
      if (loss === 1) throw new Error('enough');
    };
    await assert.rejects(recorded(f, calls)(5, listen) as Promise<void>, /enough/);
    await assert.rejects(replayed(calls, [])(5, listen) as Promise<void>, /enough/);
    assert.deepEqual(heard, [0, 1, 0, 1]);
  });

  it('a promise that nobody waits for is told as one, also where it never settles', async () => {
    const answers = {
      async: async (t: number, a: StateDict, b: StateDict) => interpolateBetweenStateDicts(t, a, b),
      endless: () => new Promise<StateDict>(() => {}),
    };
    for (const [name, answer] of Object.entries(answers)) {
      const calls: Call[] = [];
      const given = answer as unknown as Parameters<typeof checkInterpolation>[0];
      await checkInterpolation(recorded(given, calls) as typeof given, 9);
      await new Promise((resolve) => setImmediate(resolve));
      const { findings } = await checkInterpolation(replayed(calls, []) as typeof given, 9);
      const hint = findings.find(({ verdict }) => verdict !== 'holds');
      assert.match(JSON.stringify(hint), /promise/, name);
    }
  });

  it('records what async functions give, and says when a call was not recorded', async () => {
    const calls: Call[] = [];
    const f = recorded(async (x: number) => x + 1, calls);
    assert.equal(await f(1), 2);
    await assert.rejects(
      recorded(async () => {
        throw new Error('late');
      }, calls)() as Promise<unknown>,
      /late/,
    );
    const again = replayed(calls, []);
    assert.equal(await again(1), 2);
    await assert.rejects(again() as Promise<unknown>, /late/);
    assert.throws(again, /it was not called this often/);
  });

  it('is refused when it has another form', async () => {
    const [, interpolation] = criteria;
    for (const text of [
      '',
      'null',
      '{"claims":1,"calls":{}}',
      '{"claims":"{}","calls":{"f":[1]}}',
    ]) {
      await assert.rejects(judge(interpolation!, text, 1, true, String), /evidence: it /);
    }
    const uncalled = '{"claims":"{}","calls":{"interpolateBetweenStateDicts":[]}}';
    const { findings } = await judge(interpolation!, uncalled, 1, true, String);
    assert.ok(findings.every(({ verdict }) => verdict === 'fails'));
  });

  it('of one function out of two is judged, and says why there is no other', async () => {
    const lines = criteria.find(({ id }) => id === 'task-1-2-lines-check')!;
    const ends = ([m1, m2]: StateDict[], [i1, i2]: StateDict[]) => ({
      linear_combination_of_two_minima: [m1, m2],
      linear_combination_of_minimum_and_init: [m1, i1],
      linear_combination_of_minimum_and_random: [m1, i2],
      linear_combination_of_two_randoms: [i1, i2],
    });
    const network = ClassifierFC({ inputShape: [1, 28, 28], outputSize: 10, hiddenDim: 8 });
    const calls: Call[] = [];
    const evaluateOnLine = () => {
      throw new Error('absent');
    };
    const given = { claims: { network }, seed: 3, small: true };
    await lines.judge({
      ...given,
      functions: { endsOfModes: recorded(ends, calls), evaluateOnLine },
    });
    const text = JSON.stringify({ claims: pack({ network }), calls: { endsOfModes: calls } });
    const why = (name: string) => `no ${name}`;
    const { findings } = await judge(lines, text, 3, true, why);
    const [holding, failing] = ['holds', 'fails'].map((verdict) =>
      findings.filter((one) => one.verdict === verdict),
    );
    assert.equal(holding!.filter(({ what }) => what.includes('joins')).length, 4);
    assert.equal(failing![0]!.hint, 'no evaluateOnLine');
    const none = JSON.stringify({ claims: pack({ network }), calls: {} });
    await assert.rejects(judge(lines, none, 3, true, why), /^InputError: no endsOfModes$/);
  });

  it('is collected by a cell that names what it takes', () => {
    const gradient = criteria.find(({ id }) => id === 'task-2-2-gradient-check')!;
    assert.equal(
      evidenceCell(gradient, '/lib/collect.js', 7),
      `await require("/lib/collect.js").collect('task-2-2-gradient-check', { network: network, w1: w1, w2: w2 }, { gradientAtTheta: (() => { try {
// @ts-ignore
return gradientAtTheta;
} catch {} })() }, 7);`,
    );
  });
});

describe('messages from the sandbox', () => {
  it('are taken if they are messages, and kept within measure', () => {
    const line = (message: unknown) => JSON.stringify(message);
    const none = ['', '{', 'null', '7', '[]', line({ kind: 'cell' }), line({ kind: 'x', id: 'a' })];
    none.push(
      line({ kind: 'cell', id: 'a', error: 7 }),
      line({ kind: 'evidence', id: 'a', occasion: 'in place', text: 1 }),
      line({ kind: 'evidence', id: 'a', occasion: 'whenever', text: '{}' }),
    );
    none.push(line({ kind: 'output', id: 'a' }));
    assert.deepEqual(none.flatMap(readMessage), []);
    const html = 'x'.repeat(9e6);
    const messages = [
      { kind: 'cell', id: '__proto__', error: 'e'.repeat(1e6) },
      { kind: 'output', id: '__proto__', html },
      { kind: 'output', id: 'constructor', html },
      { kind: 'output', id: 'constructor', html },
      { kind: 'output', id: 'of no cell', html: 'y' },
    ].flatMap((message) => readMessage(line(message)));
    assert.equal(messages.length, 5);
    const { errors, outputs } = shownBy(messages, new Set(['__proto__', 'constructor']));
    assert.deepEqual(
      Object.entries(errors).map(([id, error]) => [id, error.length]),
      [['__proto__', 502]],
    );
    assert.deepEqual(
      Object.entries(outputs).map(([id, shown]) => [id, shown.length]),
      [
        ['__proto__', 1],
        ['constructor', 1],
      ],
    );
  });
});

describe('claims', () => {
  it('are networks and points of their weight space, or refused', () => {
    const network = asNetwork(JSON.parse(JSON.stringify(toyNetwork)));
    assert.deepEqual(network, toyNetwork);
    assert.throws(() => asNetwork(null), /expected { layers, inputShape }/);
    assert.throws(() => asNetwork({ layers: [], inputShape: [1] }), /0 parameters|layer/);
    const huge = { layers: [{ kind: 'dense', inputs: 1e6, outputs: 1e6 }], inputShape: [1e6] };
    assert.throws(() => asNetwork(huge), /at most 20 million are judged/);
    const of = (inputShape: unknown, ...layers: unknown[]) => asNetwork({ inputShape, layers });
    const dense = { kind: 'dense', inputs: 4, outputs: 2 };
    assert.equal(of([4], dense).outputSize, 2);
    for (const layer of [
      null,
      {},
      { kind: 'dispose' },
      { kind: 'constructor' },
      { ...dense, outputs: -2 },
      { ...dense, inputs: '4' },
      { kind: 'dropout', rate: 1 },
    ]) {
      assert.throws(
        () => of([4], layer, dense),
        /there is no such layer|expected { layers/,
        JSON.stringify(layer),
      );
    }
    for (const shape of [[], [Number.NaN], ['4'], [4.5], { length: 1 }]) {
      assert.throws(() => of(shape, dense), /expected { layers, inputShape }/);
    }
    const long = Array.from({ length: 94 }, () => ({ kind: 'tanh' }));
    const flat = { kind: 'dense', inputs: 50_000, outputs: 10 };
    assert.throws(() => of([50_000], ...long, flat), /takes the work of \d+ multiplications/);
    const image = [{ kind: 'channelsLast' }, { kind: 'zeroPad2d', padding: 5000 }];
    const toLogits = [{ kind: 'maxPool2d', size: 10028 }, { kind: 'flatten' }];
    const one = { kind: 'dense', inputs: 1, outputs: 10 };
    assert.throws(() => of([1, 28, 28], ...image, ...toLogits, one), /numbers of it in a layer/);
    const wide = { kind: 'conv2d', inputs: 1, outputs: 200, kernelSize: 15, padding: 'same' };
    assert.throws(
      () => of([1, 28, 28], image[0], wide, { kind: 'flatten' }, { ...one, inputs: 156800 }),
      /multiplications an image/,
    );
    assert.ok(asNetwork(VGG({ depth: 11, width: 1 / 8, batchNorm: true, dropout: 0.5 })));
    const point = initialize(toyNetwork, 1);
    assert.deepEqual(Object.keys(asPoint(network, { ...point, more: 1 })), Object.keys(point));
    assert.throws(() => asPoint(network, {}), /should have shape .* got nothing/);
    const turned = { ...point, 'layers.1.weight': tf.zeros([16, 12]) };
    assert.throws(() => asPoint(network, turned), /should have shape \[12, 16\], got \[16, 12\]/);
  });
});

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

  it('are no links', () => {
    const root = temporaryFolder();
    mkdirSync(join(root, 'eve'));
    symlinkSync('/etc/passwd', join(root, 'eve', 'part-1.ipynb'));
    const { submissions, notes } = findSubmissions([root]);
    assert.deepEqual(submissions[0]!.notebooks, []);
    assert.match(notes.join(), /eve: part-1\.ipynb is a link, or no regular file, and is left out/);
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

  it('leave out archives, nests, crowds and what is too large, and say so', () => {
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
    for (let i = 0; i < 250; i++) writeFileSync(join(root, 'pile', `a${i}.txt`), '');
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
    assert.match(notes.join(), /pile holds 251 entries, of which 200 are looked at/);
    assert.equal(notes.filter((note) => /comes after the first 12 notebooks/.test(note)).length, 8);
    assert.match(notes.join(), /all\.zip is an archive, and is left out: unpack it/);
    assert.match(notes.join(), /large: part-1\.ipynb has 51 MB, at most 50 are read/);
  });

  it('bring weights and grids of their own folder, none of others', () => {
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

  it('state the size that they were carried out at', () => {
    const cell = (source: string, text?: string) => ({
      id: 'a',
      cell_type: 'code',
      metadata: {},
      source: [source],
      ...(text !== undefined && { outputs: [{ output_type: 'stream', text: [text] }] }),
    });
    const of = (metadata: object, ...cells: ReturnType<typeof cell>[]) =>
      statedSize({ cells, metadata: { ...metadata }, nbformat: 4, nbformat_minor: 5 });
    assert.equal(of({}, cell('const lab = openLab();')), undefined);
    assert.equal(of({ pathlab: { size: 'huge' } }, cell('openLab()')), undefined);
    assert.equal(of({}, cell('openLab()', 'size full, files in data\n')), 'full');
    assert.equal(of({ pathlab: { size: 'small' } }, cell('openLab()')), 'small');
    assert.equal(of({ pathlab: { size: 'full' } }, cell("openLab('small')")), 'small');
    const workbook = (folder: string) =>
      statedSize(readNotebook(join(projectRoot, 'notebooks', folder, 'part-1.ipynb')));
    assert.deepEqual(['instructor', 'solutions'].map(workbook), [undefined, 'full']);
  });

  it('are looked at where they hand a task on to the library', () => {
    const of = (id: string, source: string) =>
      remarks({
        cells: [{ id, cell_type: 'code', metadata: {}, source: [source] }],
        metadata: {},
        nbformat: 4,
        nbformat_minor: 5,
      });
    assert.deepEqual(of('task-2-1-function', 'return chain(a, b, theta).at(t);'), [
      "task-2-1-function calls the library's chain",
    ]);
    assert.deepEqual(of('x', "import { getStateDictFromChain } from 'pathlab';"), [
      'x takes getStateDictFromChain from the library',
    ]);
    for (const taking of [
      "import { type Path, getStateDictFromChain as f } from 'pathlab';",
      "import * as lab from 'pathlab';\nconst f = lab.getStateDictFromChain;",
      "const { getStateDictFromChain: f } = await import('pathlab');",
    ]) {
      assert.deepEqual(of('x', taking), ['x takes getStateDictFromChain from the library'], taking);
    }
    const own = 'function getStateDictFromChain() {}';
    for (const others of [
      "import { norm } from 'pathlab';",
      "import type { StateDict } from 'pathlab';",
      "import { norm } from 'pathlab';\nimport { getStateDictFromChain } from './own';",
    ]) {
      assert.deepEqual(of('x', `${others}\n${own}`), [], others);
    }
    assert.deepEqual(of('task-2-3-basis', '// not orthogonalBasis\nreturn gramSchmidt();'), []);
    assert.deepEqual(of('constructor', "const P = require('path' + 'lab');"), [
      'constructor hides what it takes from where',
    ]);
    for (const part of ['1', '2', '3.1', '3.2']) {
      const path = join(projectRoot, 'notebooks', 'instructor', `part-${part}.ipynb`);
      assert.deepEqual(remarks(readNotebook(path)), [], part);
    }
  });

  it('are shared among machines, each to one', () => {
    const all = ['a', 'b', 'c', 'd', 'e'].map((student) => ({
      student,
      notebooks: [],
      saved: [],
      beside: [],
      notes: [],
      time: 0,
    }));
    const shares = ['1/2', '2/2'].map((shard) => share(all, shard, '7'));
    assert.deepEqual(
      shares.map((one) => one.map(({ student }) => student).join('')),
      ['ace', 'bd'],
    );
    assert.equal(share(all, undefined, undefined), all);
    for (const shard of ['0/2', '3/2', '1', 'a/b', '1/0']) {
      assert.throws(() => share(all, shard, '7'), /--shard must be i\/n/, shard);
    }
  });

  it('are read as far as they are notebooks', () => {
    const path = join(temporaryFolder(), 'a.ipynb');
    const write = (content: unknown) => writeFileSync(path, JSON.stringify(content));
    const cell = (id: unknown, source: unknown) => ({ id, cell_type: 'code', source, metadata: 1 });
    write({
      nbformat: 4,
      metadata: {},
      cells: [
        cell('cell-4', 'w'),
        cell('a', 'x'),
        cell('a', ['y']),
        cell(7, ['z']),
        cell('b', 9),
        null,
        'no cell',
      ],
    });
    const { cells } = readSubmitted(path);
    assert.deepEqual(
      cells.map(({ id, source }) => [id, source]),
      [
        ['cell-4', ['w']],
        ['a', ['x']],
        ['cell-3', ['y']],
        // Its place is taken by the first.
        ['cell-5', ['z']],
      ],
    );
    write({ nbformat: 3, worksheets: [] });
    assert.throws(() => readSubmitted(path), /no notebook of format 4: got nbformat 3/);
    write({ nbformat: 4, cells: [], metadata: { kernelspec: { language: 'python' } } });
    assert.throws(() => readSubmitted(path), /for a kernel of python, not TypeScript/);
    writeFileSync(path, 'no notebook');
    assert.throws(() => readSubmitted(path), /is no notebook/);
    writeFileSync(path, `\ufeff${JSON.stringify({ nbformat: 4, metadata: {}, cells: [] })}`);
    assert.deepEqual(readSubmitted(path).cells, []);
  });
});

describe('reports', () => {
  const grade: Grade = {
    student: '=cmd|"x"',
    time: 0,
    earned: 0.5,
    most: 1,
    verdicts: [
      {
        id: 'task-1-1-check',
        task: '1.1',
        points: 1,
        earned: 0.5,
        findings: [{ what: '<b>', verdict: 'fails', hint: 'look' }],
      },
    ],
    written: [{ id: 'w', task: '1.2', points: 0.5, text: '<script>alert(1)</script>' }],
    notebooks: [
      {
        file: 'part-1.ipynb',
        errors: { a: '<img src=x>' },
        outputs: { b: ['<svg onload="alert(1)"></svg>', '<table onclick="alert(2)"></table>'] },
      },
    ],
  };

  it('are spreadsheets in which a name is no formula', () => {
    const [header, row] = gradesCsv([grade], {
      [grade.student]: { w: { points: 0.25, comment: '' } },
    })
      .trim()
      .split('\n');
    assert.equal(
      header,
      'assignment,duedate,timestamp,student_id,last_name,first_name,email,raw_score,' +
        'late_submission_penalty,score,max_score,task-1-1-check,w,automatic,words,unread',
    );
    assert.equal(row, `paths,,,"'=cmd|""x""",,,,0.75,0,0.75,1.5,0.5,0.25,0.5,0.25,0`);
  });

  it('are narrow for the terminal, whatever a student is called', () => {
    const [long, one, two] = ['x'.repeat(240), `${'y'.repeat(50)}1`, `${'y'.repeat(50)}2`] as const;
    const grades = [long, one, two].map((student) => ({ ...grade, student, notebooks: [] }));
    const lines = writeReports(grades, {}, temporaryFolder()).split('\n');
    assert.ok(lines.some((line) => line.startsWith(`${'x'.repeat(39)}…  `)));
    for (const name of [one, two]) assert.ok(lines.some((line) => line.startsWith(name)));
    assert.ok(lines.every((line) => line.length < 120));
  });

  it('show a class at a glance', () => {
    const other: Grade = { ...grade, student: 'Zoë', earned: 1, verdicts: [] };
    const page = overviewPage([grade, other], {});
    assert.match(page, /<h1>2 submissions<\/h1>/);
    assert.match(page, /<td>task-1-1-check<\/td><td class="n">0<\/td><td class="n">1<\/td>/);
    assert.match(page, /href="Zo%C3%AB\.html"/);
    assert.match(page, /=cmd\|&#34;x&#34;/);
    assert.match(page, /1 to read/);
    const notebooks = [
      { file: 'a.ipynb', errors: {}, outputs: {}, unreadable: 'a.ipynb is <none>' },
    ];
    const without = { ...grade, notebooks, notes: ['b.zip is an archive', 'no notebook'] };
    const reasons = [...overviewPage([without], {}).matchAll(/class="note">([^<]*)</g)];
    assert.deepEqual(
      reasons.map(([, text]) => text),
      ['1 to read', 'b.zip is an archive', 'no notebook', 'a.ipynb is &#60;none&#62;'],
    );
    assert.equal(fileName('Zoë M. 2'), 'Zoë M. 2');
    assert.match(fileName('../../etc'), /^_.*-[0-9a-f]{6}$/);
    assert.notEqual(fileName('a/b'), fileName('a:b'));
    assert.notEqual(fileName('Overview'), 'Overview');
    const tagged = fileName("O'Brien");
    assert.match(tagged, /^O_Brien-[0-9a-f]{6}$/);
    assert.notEqual(fileName(tagged), tagged, 'another student is called that');
    // Cut between characters, or it could be no address.
    assert.ok(encodeURIComponent(fileName(`${'x'.repeat(59)}𠮷y`)).length > 60);
  });

  it('are pages that a browser gets through', () => {
    const [notebook] = grade.notebooks;
    const nested = '<svg><g id="a"/><use href="#a"/></svg>';
    const wide = `|${'a|'.repeat(1200)}\n|${'-|'.repeat(1200)}\n${'|x\n'.repeat(2400)}`;
    const written = grade.written.map((one) => ({ ...one, text: wide }));
    const heavy = { ...grade, written, notebooks: [{ ...notebook!, outputs: { a: [nested] } }] };
    const page = studentPage(heavy, {});
    assert.match(page, /A picture that is not shown/);
    assert.ok(page.length < 1e6, `${page.length} characters`);
    const html = 'x';
    const many = Array.from({ length: 50_000 }, () => ({ kind: 'output' as const, id: 'a', html }));
    assert.equal(shownBy(many, new Set(['a'])).outputs.a!.length, 500);
  });

  it('are pages in which nothing of the student’s runs', () => {
    const page = studentPage(grade, {});
    assert.doesNotMatch(page, /<script|<img src=x|<svg|<table onclick/);
    assert.match(page, /default-src 'none'/);
    assert.match(page, /<iframe sandbox=""/);
    assert.match(page, /✗ &#60;b&#62;: look/);
  });
});

describe('what a submission uses', () => {
  it('is counted with its children, by /proc and by ps', async () => {
    const child = spawn('sh', ['-c', 'sleep 30 & sleep 30'], { detached: true });
    try {
      await new Promise((resolve) => setTimeout(resolve, 300));
      assert.equal(usage(child.pid!).processes, 3);
      assert.ok(usage(process.pid).megabytes > 50);
      const row = processesByPs().find(({ pid }) => pid === process.pid)!;
      assert.equal(row.parent, process.ppid);
      assert.ok(row.megabytes > 50);
    } finally {
      process.kill(-child.pid!, 'SIGKILL');
    }
  });
});
