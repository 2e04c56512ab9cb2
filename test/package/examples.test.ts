import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { projectRoot } from '../../lib/root';
import { temporaryFolder } from '../temporaryFolder';
import { projectWithPathlab, tool } from './installed';

const examples = join(projectRoot, 'docs', 'examples');
const textOf = (name: string) => readFileSync(join(examples, name), 'utf8');

describe('the examples of docs/library.md, from the tarball', function () {
  this.timeout(240_000);
  const { folder, node, write } = projectWithPathlab();

  /** The table that an example prints: a list of numbers for each row, the header left out. */
  function tableOf(name: string, ...args: string[]): { said: string; rows: number[][] } {
    const { outputText } = ts.transpileModule(textOf(name), {
      compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
    });
    write('example.mjs', outputText);
    const said = node('example.mjs', ...args);
    const lines = said.split('\n').filter((line) => /^ *\d\S*( +\S+)+$/.test(line));
    return {
      said,
      rows: lines.filter((l) => !/×/.test(l)).map((l) => l.trim().split(/ +/).map(Number)),
    };
  }

  it('have types that hold', () => {
    const names = readdirSync(examples);
    for (const name of names) write(name, textOf(name));
    const program = ts.createProgram(
      names.map((name) => join(folder, name)),
      {
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.NodeNext,
        strict: true,
        noUncheckedIndexedAccess: true,
        skipLibCheck: true,
        noEmit: true,
        types: ['node'],
        typeRoots: [tool('@types')],
      },
    );
    const said = ts
      .getPreEmitDiagnostics(program)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
    assert.deepEqual(said, []);
  });

  // Straight lines between minima of two seeds cross a ridge (Goodfellow et al. 2015; Part 1).
  it('a first program of at most 20 lines, as docs/library.md shows it', () => {
    const text = textOf('first.mts');
    assert.ok(text.trimEnd().split('\n').length <= 20);
    const page = readFileSync(join(projectRoot, 'docs', 'library.md'), 'utf8');
    assert.ok(page.includes(`\`\`\`ts\n${text}\`\`\``), 'docs/library.md shows another program');
    const { said, rows } = tableOf('first.mts');
    assert.equal(rows.length, 11, said);
    const [begin, middle, end] = [rows[0]!, rows[5]!, rows[10]!];
    assert.ok(begin[2]! > 0.95 && end[2]! > 0.95, said);
    assert.ok(middle[1]! > 5 * Math.max(begin[1]!, end[1]!), said);
  });

  it("a layer of one's own, whose parameter learns", () => {
    const { said, rows } = tableOf('layer.mts');
    const [, first, second] = /^learnt β: ([\d.]+),([\d.]+)$/m.exec(said)!.map(Number);
    assert.ok(first !== 1 && second !== 1, said);
    assert.equal(rows.length, 5, said);
    assert.ok(rows[0]![2]! > 0.85 && rows[4]![2]! > 0.85, said);
    assert.ok(rows[2]![1]! > rows[0]![1]!, said);
  });

  it('a line between two PreResNets: statistics made anew hold in the middle', () => {
    const { said, rows } = tableOf('preresnet.mts', '100');
    assert.equal(rows.length, 6, said);
    const [, interpolated, , , recomputed] = rows.map(([, loss]) => loss!);
    assert.ok(recomputed! < interpolated!, said);
  });

  // Of 784-64-64-64-10; Ainsworth et al. 2023, Jordan et al. 2023, Frankle et al. 2020.
  it('a ridge that goes with the order of neurons, and less of it with their spread', () => {
    const { said } = tableOf('connected.mts');
    const barriers = ['raw', 'matched', 'repaired', 'forked'].map((name) =>
      Number(new RegExp(`^${name}: ([\\d.]+) nats$`, 'm').exec(said)![1]),
    );
    const [raw, matched, repaired, forked] = barriers as [number, number, number, number];
    assert.ok(matched < raw / 4 && repaired < matched && forked < raw / 4, said);
  });

  it('CIFAR-10, real where LAB_CIFAR10 names its folder', () => {
    const { said, rows } = tableOf('cifar10.mts', process.env.LAB_CIFAR10 ?? imagesByColour());
    assert.equal(rows.length, 3, said);
    assert.ok(rows[2]![2]! < rows[0]![2]!, said);
    // Chance is 0.1; of colours that are the classes more is to be had.
    if (!process.env.LAB_CIFAR10) assert.ok(rows[2]![3]! > 0.3, said);
  });
});

/** Files as CIFAR-10's, in which every image of a class is of one colour. */
function imagesByColour(): string {
  const folder = temporaryFolder();
  const plane = 32 * 32;
  const batch = Buffer.alloc(10_000 * (1 + 3 * plane));
  for (let i = 0; i < 10_000; i++) {
    const start = i * (1 + 3 * plane);
    const label = i % 10;
    batch[start] = label;
    for (let channel = 0; channel < 3; channel++) {
      const from = start + 1 + channel * plane;
      batch.fill((label * [25, 67, 131][channel]!) % 256, from, from + plane);
    }
  }
  for (const name of [1, 2, 3, 4, 5].map((k) => `data_batch_${k}`).concat('test_batch'))
    writeFileSync(join(folder, `${name}.bin`), batch);
  return folder;
}
