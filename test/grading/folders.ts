import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Grade } from '../../lib/grading/judge/grade';
import { hasBubblewrap } from '../../lib/grading/sandbox/bubblewrap';
import { type Cell, notebookText } from '../../lib/ipynb';
import { projectRoot } from '../../lib/root';
import { temporaryFolder } from '../temporaryFolder';
import { withCell } from './submit';
import { right } from './variants/right';

/** Folders as students hand them in, under `npm run grade`: what lies beside a notebook, and several notebooks. */

const cell = (id: string, source: string): Cell => ({
  id,
  cell_type: 'code',
  metadata: {},
  source: [source],
});
const notebook = (...cells: Cell[]) =>
  JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells });

/** φ(t) = t·a + (1 − t)·b, as Task 1.2 has it, by a function from elsewhere. */
const answer = `function interpolateBetweenStateDicts(t: number, a: any, b: any): any {
  return Object.fromEntries(Object.keys(a).map((name) => [name, mix(t, a[name], b[name])]));
}`;
const importing = (from: string, more = '') =>
  notebook(
    cell('imports', `import { mix } from '${from}';\n${more}`),
    cell('task-1-2-interpolate', answer),
  );
const helper = `import { one } from './sub/one';
export const mix = (t: number, a: any, b: any): any => a.mul(t).add(b.mul(one - t));`;

const files: Readonly<Record<string, string>> = {
  'ann/paths/part-1.ipynb': importing(
    './helper',
    "import figures from './figures.json';\nif (figures.a !== 1) throw new Error('no figures');",
  ),
  'ann/paths/helper.ts': helper,
  'ann/paths/sub/one.js': 'exports.one = 1;',
  'ann/paths/figures.json': '{ "a": 1 }',
  // Who has no helper gets none of another's.
  'bob/paths/part-1.ipynb': importing('./helper'),
  // Packages of the student's own are none.
  'cat/part-1.ipynb': importing('pathlab'),
  'cat/node_modules/pathlab/index.js': 'exports.mix = (t, a, b) => a.mul(t).add(b.mul(1 - t));',
  'cat/package.json': '{ "name": "pathlab", "exports": "./pathlab.js" }',
  'cat/pathlab.js': 'exports.mix = (t, a, b) => a.mul(t).add(b.mul(1 - t));',
  // A module of the library's name is the student's; what a later task builds on is the grader's.
  'eve/part-1.ipynb': notebookText(
    withCell(
      right.find(({ name }) => name === 'a line measured point by point')!.notebook(),
      `import { mix } from './pathlab';
function interpolateBetweenStateDicts(t: number, a: any, b: any): any { return mix(t, a, b); }`,
    ),
  ),
  'eve/pathlab.ts': `export const mix = (t: number, a: any, b: any): any => b;
export const interpolateBetweenStateDicts = mix;`,
  // Task 2.1 is answered in the second, with a mistake; the first has nothing of it.
  'dan/part-1.ipynb': notebook(cell('task-1-1-network', 'const network = 1;')),
  'dan/part-2.ipynb': notebook(
    cell('task-2-1-function', 'function getStateDictFromChain(t: number): string { return t; }'),
  ),
  // Each of them would take its time in the kernel.
  'fay/part-1.ipynb': notebook(
    ...Array.from({ length: 20_000 }, (_, i) => cell(`c${i}`, `const c${i} = ${i};`)),
  ),
};

describe('folders that students hand in', function () {
  this.timeout(300_000);
  const folder = temporaryFolder();
  const out = join(folder, 'grades');
  let grades: Grade[];
  /** What the command said. */
  let told: string;
  const verdict = (student: string, id: string) =>
    grades.find((one) => one.student === student)!.verdicts.find((one) => one.id === id)!;

  before(() => {
    assert.ok(hasBubblewrap(), 'bubblewrap works here (Debian: apt install bubblewrap)');
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, 'class', name)), { recursive: true });
      writeFileSync(join(folder, 'class', name), text);
    }
    const args = ['run', '--silent', 'grade', '--', join(folder, 'class'), '--out', out];
    const { status, stderr } = spawnSync('npm', args, { cwd: projectRoot, encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    told = stderr;
    grades = JSON.parse(readFileSync(join(out, 'grades.json'), 'utf8')) as Grade[];
  });

  it('cost nobody points on a full disk, which is told of', () => {
    const shown = `await require('pathlab').display({
  [Symbol.for('Jupyter.display')]: () => ({ 'text/html': 'x'.repeat(1e5) }),
});`;
    mkdirSync(join(folder, 'full'));
    writeFileSync(join(folder, 'full', 'ann.ipynb'), notebook(cell('show', shown)));
    // No file of more than 50 kB can be written: what is kept of this one has 100.
    const args = [
      '--fsize=50000:unlimited',
      'npm',
      'run',
      '--silent',
      'grade',
      '--',
      join(folder, 'full'),
    ];
    const run = spawnSync('prlimit', [...args, '--out', `${out}-full`], {
      cwd: projectRoot,
      encoding: 'utf8',
    });
    assert.equal(run.status, 1, run.stderr);
    assert.match(run.stderr, /ann was not graded: cannot write .*EFBIG.*; make room or choose/);
    assert.deepEqual(readdirSync(join(`${out}-full`, 'students')), []);
  });

  it('bring what lies beside a notebook: modules in TypeScript and JavaScript, JSON', () => {
    const { earned, reason, findings } = verdict('ann', 'task-1-2-interpolate-check');
    assert.equal(earned, 0.5, JSON.stringify({ reason, findings }));
  });

  it('bring nothing of another student’s', () => {
    const { earned, reason } = verdict('bob', 'task-1-2-interpolate-check');
    assert.equal(earned, 0);
    assert.match(String(reason), /cell (imports|task-1-2-interpolate) failed: .*(helper|mix)/);
  });

  it('bring no package that stands for one of the grader’s', () => {
    const { earned } = verdict('cat', 'task-1-2-interpolate-check');
    assert.equal(earned, 0);
    const { notes } = grades.find(({ student }) => student === 'cat')!;
    assert.deepEqual(notes, [
      'package.json names a package, which no file beside a notebook does, and is left out',
    ]);
  });

  it('bring no module that stands for the library where one answer builds on another', () => {
    assert.ok(verdict('eve', 'task-1-2-interpolate-check').earned < 0.5);
    const { earned, note, reason } = verdict('eve', 'task-1-2-lines-check');
    assert.equal(note, 'judged with what it builds on given', reason);
    assert.equal(earned, 1);
  });

  it('tell why by the notebook in which the task is answered', () => {
    const { earned, reason } = verdict('dan', 'task-2-1-check');
    assert.equal(earned, 0);
    assert.match(
      String(reason),
      /cell task-2-1-function failed: .*not assignable to type 'string'/,
    );
  });

  it('hold no place for long with 20 000 cells, and are told so', () => {
    const { earned, notebooks } = grades.find(({ student }) => student === 'fay')!;
    const why =
      'part-1.ipynb has 20000 cells, at most 1000 are read; leave out those that answer nothing';
    assert.deepEqual([earned, notebooks.map(({ unreadable }) => unreadable)], [0, [why]]);
    assert.equal(verdict('fay', 'task-1-1-check').reason, why);
    const took = / fay: .* in ([\d.]+) s/.exec(told)?.[1];
    assert.ok(Number(took) < 30, told);
  });
});
