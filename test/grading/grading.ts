import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { ensureBuild } from '../../lib/build';
import { useBackend } from '../../lib/engine';
import type { Grade } from '../../lib/grading/judge/grade';
import type { Carried, GradingOptions } from '../../lib/grading/judge/gradeNotebook';
import { hasBubblewrap } from '../../lib/grading/sandbox/bubblewrap';
import { type Notebook, notebookText, readNotebook } from '../../lib/ipynb';
import { projectRoot } from '../../lib/root';
import { sideBySide } from '../../lib/training';
import { studentCopy } from '../../lib/workbook';
import { temporaryFolder } from '../temporaryFolder';
import {
  carryOut,
  earned,
  full,
  hurried,
  hurriedWithin,
  KINDS,
  type KindName,
  submission,
  unanswered,
  withCell,
} from './submit';
import { trainedFiles, trainOnce } from './trained';
import { hostile as allHostile } from './variants/hostile';
import { right as allRight } from './variants/right';
import { wrong as allWrong } from './variants/wrong';

/**
 * Submissions under the grader: right, wrong in one place, and hostile. Needs bubblewrap.
 *
 *     npm run test:grading
 *
 * `LAB_EVERY=2` takes every second of them only.
 */

const EVERY = Number(process.env.LAB_EVERY ?? 1);
const some = <T>(all: readonly T[]): readonly T[] => all.filter((_, i) => i % EVERY === 0);
const [right, wrong, hostile] = [some(allRight), some(allWrong), some(allHostile)];
const forging = hostile.filter(({ forges }) => forges);

describe('the grader', function () {
  this.timeout(30_000 * (right.length + wrong.length + hostile.length));
  const runs = new Map<string, Carried>();
  const run = (name: string) => runs.get(name)!;
  const earns = (kind: KindName): string[] => [...KINDS[kind].earns];

  before(async () => {
    await ensureBuild();
    await useBackend('wasm');
    assert.ok(hasBubblewrap(), 'bubblewrap works here (Debian: apt install bubblewrap)');
    await trainOnce();
    const answers = submission('1');
    const jobs: [name: string, Notebook, Partial<GradingOptions>?][] = [
      ...right.map(({ name, notebook }): [string, Notebook] => [name, notebook()]),
      ...wrong.map(({ name, kind, changes }): [string, Notebook] => [
        name,
        submission(kind, changes),
      ]),
      ...hostile.map(({ name, code, within = {} }): [string, Notebook, Partial<GradingOptions>] => [
        name,
        withCell(answers, code),
        hurriedWithin(within),
      ]),
      ...forging.map(({ name, code }): [string, Notebook] => [
        `${name}, nothing answered`,
        withCell(unanswered('1'), code),
      ]),
    ];
    const took: [seconds: number, name: string][] = [];
    await sideBySide(
      jobs.map(([name, notebook, other]) => async () => {
        const begun = performance.now();
        runs.set(name, await carryOut(notebook, other));
        took.push([(performance.now() - begun) / 1000, name]);
      }),
    );
    const slowest = took.sort(([a], [b]) => b - a).slice(0, 8);
    const all = allRight.length + allWrong.length + allHostile.length;
    console.log(`    ${right.length + wrong.length + hostile.length} of ${all} submissions`);
    console.log(slowest.map(([s, name]) => `    ${s.toFixed(0)} s: ${name}`).join('\n'));
  });

  it('gives an untouched copy nothing', async () => {
    for (const part of ['1', '2']) {
      const copy = studentCopy(
        readNotebook(join(projectRoot, 'notebooks', 'instructor', `part-${part}.ipynb`)),
      );
      const run = await carryOut(copy);
      assert.equal(earned(run), 0, JSON.stringify(run.verdicts));
    }
  });

  it('gives Part 1 carried out in full all its points', async () => {
    const notebook = readNotebook(join(projectRoot, 'notebooks', 'instructor', 'part-1.ipynb'));
    const run = await carryOut(notebook);
    assert.deepEqual(full(run), earns('1'));
    assert.deepEqual(run.errors, {});
    assert.match(run.outputs['task-1-2-run']!.join(''), /<svg/);
  });

  it('gives the same marks for the same seed, other inputs for another', async () => {
    const again = await carryOut(submission('1'));
    assert.deepEqual(again.verdicts, run('Part 1 as it is').verdicts);
    const other = await carryOut(submission('1'), { seed: 12 });
    assert.deepEqual(full(other), earns('1'));
  });

  for (const { name, kind } of right) {
    it(`takes nothing from: ${name}`, () => {
      assert.deepEqual(full(run(name)), earns(kind));
    });
  }

  for (const { name, kind, loses, keeps, says } of wrong) {
    it(`takes ${loses} and nothing else from: ${name}`, () => {
      const verdicts = run(name).verdicts;
      assert.deepEqual(
        full(run(name)),
        earns(kind).filter((id) => id !== loses),
      );
      const lost = verdicts.find(({ id }) => id === loses)!;
      assert.ok(lost.earned < lost.points);
      if (keeps !== undefined) assert.equal(lost.earned, keeps);
      const told = `${lost.reason} ${lost.findings.map(({ hint }) => hint).join(' ')}`;
      if (says) assert.match(told, says);
    });
  }

  for (const { name } of forging) {
    it(`gives nothing for: ${name}, nothing answered`, () => {
      const { verdicts } = run(`${name}, nothing answered`);
      assert.deepEqual(
        verdicts.filter(({ earned }) => earned > 0),
        [],
      );
    });
  }

  for (const { name, keeps, says } of hostile) {
    it(`stands: ${name}`, () => {
      const got = run(name);
      const most = earns('1');
      for (const id of full(got)) assert.ok(most.includes(id), `${id} was not answered`);
      assert.ok(earned(got) <= 2.5);
      if (keeps) assert.deepEqual(full(got), most);
      says?.(got);
    });
  }

  it('judges each submission apart: one that ends its judge costs the others nothing', async () => {
    const folder = temporaryFolder();
    const collector = join(projectRoot, 'lib', 'dist', 'grading', 'evidence', 'collect.js');
    const forging = `const { writeFileSync } = require('node:fs');
require(${JSON.stringify(collector)}).collect = async (id: string) => {
  const claims = '{"network":[' + '{},'.repeat(15e6) + '0]}';
  writeFileSync(process.env.LAB_EVIDENCE + '/' + id, JSON.stringify({ claims, calls: {} }));
};`;
    for (const [name, notebook] of [
      ['ann', submission('1')],
      ['eve', withCell(unanswered('1'), forging)],
    ] as const) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'part-1.ipynb'), notebookText(notebook));
      for (const file of trainedFiles()) cpSync(file, join(folder, name, basename(file)));
    }
    const out = join(folder, 'grades');
    const { status, stderr } = await npmGrade(folder, '--out', out, '--use-saved', '--seed', '3');
    assert.equal(status, 0, stderr);
    assert.match(stderr, /eve could not be judged: /);
    const grades = JSON.parse(readFileSync(join(out, 'grades.json'), 'utf8')) as Grade[];
    assert.deepEqual(
      grades.map(({ student, earned }) => [student, earned]),
      [
        ['ann', 2.5],
        ['eve', 0],
      ],
    );
    assert.match(readFileSync(join(out, 'eve.html'), 'utf8'), /the grader failed on it: /);
  });

  it('does without a sandbox when it is told to, within its limits', async () => {
    const rooms = () => readdirSync(tmpdir()).filter((name) => name.startsWith('submission-'));
    const before = rooms();
    const answers = submission('1');
    const run = await carryOut(answers, { isolation: 'none' });
    assert.deepEqual(full(run), earns('1'));
    const endless = withCell(answers, "process.title = 'left behind';\nfor (;;) {}");
    const stopped = await carryOut(endless, { ...hurried, isolation: 'none' });
    assert.deepEqual(full(stopped), earns('1'));
    assert.deepEqual(rooms(), before);
  });

  it('leaves nothing behind', () => {
    assert.ok(!existsSync(join(projectRoot, 'work')));
    const commands = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((pid) => {
        try {
          return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
        } catch {
          return '';
        }
      });
    const left = /^left behind|sleep.4242/;
    const ours = commands.filter(
      (line) => (/^[^\0]*bwrap\0/.test(line) && line.includes(projectRoot)) || left.test(line),
    );
    assert.deepEqual(ours, []);
  });
});

async function npmGrade(...args: string[]): Promise<{ status: number; stderr: string }> {
  const child = spawn('npm', ['run', '--silent', 'grade', '--', ...args], { cwd: projectRoot });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [status] = (await once(child, 'close')) as [number];
  return { status, stderr };
}
