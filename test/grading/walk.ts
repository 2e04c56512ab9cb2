import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuild } from '../../lib/build';
import type { Grade } from '../../lib/grading/judge/grade';
import { type Cell, cellText, notebookText, readNotebook } from '../../lib/ipynb';
import { ensurePython } from '../../lib/jupyter/python';
import { startNotebook } from '../../lib/jupyter/startNotebook';
import { projectRoot } from '../../lib/root';
import { temporaryFolder } from '../temporaryFolder';
import type { Change } from './submit';

/**
 * A student's day at the small size: the copies are answered, with two mistakes, and carried out as
 * JupyterLab does; `npm run progress`, `npm run submit` and `npm run grade` follow. The right points
 * are those that the notebook's own cells have given.
 */

const PARTS = ['part-1', 'part-2'];
const MISTAKES: readonly Change[] = [
  ['task-1-2-evaluate', 'line(a, b)', 'line(b, a)'],
  ['task-2-3-basis', 'u[name].mul(along)', 'u[name].mul(0)'],
];
const NOT_WRITTEN = 'task-2-4-answer';

describe('a student who hands in', function () {
  this.timeout(240_000);
  // Within the project, as a student's: cells find its packages from there.
  const notebooks = join(projectRoot, 'notebooks', 'walk-test');
  const lab = temporaryFolder();
  const zip = join(temporaryFolder(), 'ivanov.zip');
  const environment = { LAB_SIZE: 'small', LAB_OUT: lab, LAB_BACKEND: 'wasm' };
  const pathOf = (part: string) => join(notebooks, `${part}.ipynb`);

  function npm(command: string, ...args: string[]) {
    const told = spawnSync('npm', ['run', '--silent', command, '--', ...args], {
      cwd: projectRoot,
      encoding: 'utf8',
      env: { ...process.env, ...environment },
    });
    assert.equal(told.status, 0, told.stderr);
    return told.stdout;
  }

  /** What `award` returned in each check's cell, which the notebook shows below it. */
  function pointsShown(): Map<string, number> {
    const cells = PARTS.flatMap((part) => readNotebook(pathOf(part)).cells);
    const checks = cells.filter((cell) => cell.metadata.nbgrader?.grade && isCode(cell));
    return new Map(
      checks.map(({ id, outputs = [] }) => {
        const value = outputs.find(({ output_type }) => output_type === 'execute_result');
        return [id, Number([value?.data?.['text/plain']].flat().join(''))];
      }),
    );
  }

  before(async () => {
    await ensureBuild();
    await ensurePython();
    rmSync(notebooks, { recursive: true, force: true });
    mkdirSync(notebooks);
    for (const part of PARTS) {
      answer(part, pathOf(part));
      await startNotebook(pathOf(part), pathOf(part), environment).run(() => undefined);
    }
  });

  after(() => rmSync(notebooks, { recursive: true, force: true }));

  it('sees in npm run progress the points that the notebooks showed', () => {
    const all = [...pointsShown().values()].reduce((sum, points) => sum + points, 0);
    const told = npm('progress', notebooks);
    const [, soFar] = /^([\d.]+) of [\d.]+ points so far from checks/m.exec(told) ?? [];
    assert.equal(Number(soFar), Math.round(100 * all) / 100, told);
    assert.match(told, /1\.2 .*checkLines: \d of \d hold/);
    assert.match(told, /Still to be written, as the notebooks were last saved: 2\.4\.$/m);
  });

  it('is told by npm run submit what is missing, and what is there', () => {
    const told = npm('submit', '--name', 'ivanov', '--out', zip, notebooks);
    for (const part of PARTS) assert.match(told, new RegExp(`^✓ ${part}\\.ipynb: small$`, 'm'));
    assert.match(told, /^✓ (\d+) of \1 nets, grids and figures of the small size$/m);
    const ofParts = told.split('\n').filter((line) => /^[✗…] part-[12]/.test(line));
    assert.deepEqual(ofParts, [`… part-2.ipynb: ${NOT_WRITTEN}, in words, is not written yet`]);
  });

  it('gets from npm run grade, check by check, what the notebooks showed', () => {
    const out = temporaryFolder();
    npm('grade', zip, '--out', out, '--seed', '3');
    const [grade, ...others] = JSON.parse(
      readFileSync(join(out, 'grades.json'), 'utf8'),
    ) as Grade[];
    assert.deepEqual([grade?.student, others.length], ['ivanov', 0]);
    const graded = new Map(grade!.verdicts.map(({ id, earned }) => [id, earned]));
    const shown = pointsShown();
    assert.equal(shown.size, 8);
    for (const [id, points] of shown) assert.ok(Math.abs(graded.get(id)! - points) < 1e-9, id);
    const lost = [...shown].filter(
      ([id]) => graded.get(id)! < grade!.verdicts.find((one) => one.id === id)!.points,
    );
    assert.deepEqual(
      lost.map(([id]) => id),
      ['task-1-2-lines-check', 'task-2-3-check'],
    );
  });
});

const isCode = ({ cell_type }: Cell) => cell_type === 'code';

/** A student's copy with the source's answers, but for what is wrong or not written. */
function answer(part: string, target: string): void {
  const folder = join(projectRoot, 'notebooks');
  const copy = readNotebook(join(folder, `${part}.ipynb`));
  const source = readNotebook(join(folder, 'instructor', `${part}.ipynb`));
  const cells = copy.cells.map((cell) => {
    if (!cell.metadata.nbgrader?.solution || cell.id === NOT_WRITTEN) return cell;
    let text = cellText(source.cells.find(({ id }) => id === cell.id)!);
    for (const [, right, wrong] of MISTAKES.filter(([id]) => id === cell.id)) {
      assert.ok(text.includes(right), `${cell.id} holds no ${right}`);
      text = text.replace(right, wrong);
    }
    return { ...cell, source: text };
  });
  writeFileSync(target, notebookText({ ...copy, cells }));
}
