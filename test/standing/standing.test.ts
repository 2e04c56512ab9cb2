import assert from 'node:assert/strict';
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { award, type Check, check, checkIndexOf } from '../../lib/checks';
import { keptVerdicts } from '../../lib/checks/verdicts';
import { openLab } from '../../lib/notebook/lab';
import { projectRoot } from '../../lib/root';
import { standing } from '../../lib/standing';
import { timeLeft } from '../../lib/standing/timeLeft';
import { shown, withNotebook } from '../notebook/notebookOf';
import { temporaryFolder } from '../temporaryFolder';

/** A check of a task of which so many findings hold. */
function found(task: string, name: string, holding: number, of: number): Promise<Check> {
  const things = Array.from({ length: of }, (_, i) => {
    return [`thing ${i}`, () => (i < holding ? undefined : `not ${i}`)] as const;
  });
  return check({ task, name }, Object.fromEntries(things));
}

function notebooks(): string {
  const folder = temporaryFolder();
  for (const name of readdirSync(join(projectRoot, 'notebooks'))) {
    if (name.endsWith('.ipynb')) cpSync(join(projectRoot, 'notebooks', name), join(folder, name));
  }
  return folder;
}

const rowOf = ({ table }: Awaited<ReturnType<typeof standing>>, task: string) =>
  (table.values as string[][]).find(([name]) => name === task)!;

describe('where you stand', () => {
  it('is nothing of the points that the workbook gives, before anything is done', async () => {
    const lab = openLab('small', { LAB_OUT: temporaryFolder() });
    const { points, extra, toWrite, toRun } = await standing(lab, notebooks());
    // The table in notebooks/instructor/README.md: 7 of 10 by checks, 1 of the 2 extra.
    assert.deepEqual(points, { soFar: 0, ofChecks: 7, inWriting: 3 });
    assert.deepEqual(extra, { soFar: 0, ofChecks: 1, inWriting: 1 });
    assert.deepEqual(toWrite, ['1.2', '2.1', '2.2', '2.4', '3.1', '3.2']);
    assert.deepEqual(
      [...new Set(toRun.map(({ task }) => task))],
      ['1.1', '1.2', '2.2', '2.4', '3.1', '3.2', '4.1', '4.2'],
    );
    for (const { task, seconds } of toRun) assert.ok(seconds > 0, task);
  });

  it('counts what the checks found last, in a notebook that has opened the lab', async () => {
    const lab = openLab('small', { LAB_OUT: temporaryFolder() });
    await withNotebook({ lab }, async () => {
      await award(0.5, found('1.2', 'checkInterpolation', 6, 6));
      await award(1, found('1.2', 'checkLines', 2, 9));
      await award(1, found('1.2', 'checkLines', 3, 9));
      await award(0.25, found('3.2', 'checkMinima', 2, 4));
      await award(1, check('mine', { 'it holds': () => undefined }));
    });
    const now = await standing(lab, notebooks());
    // 0.5 · 6/6 + 1 · 3/9, and 0.25 · 2/4, to hundredths.
    assert.equal(now.points.soFar, 0.83);
    assert.equal(now.extra.soFar, 0.13);
    assert.deepEqual(rowOf(now, '1.2').slice(2), [
      '0.83 of 1.50',
      '0.50',
      'checkLines: 3 of 9 hold; the answer in words',
    ]);
    const text = shown(now)['text/plain'];
    assert.match(
      text,
      /0\.83 of 7 points so far from checks, and 0\.13 of 1 extra; a person gives the 4/,
    );
  });

  it('knows Part 4, which has tasks and no points', async () => {
    const lab = openLab('small', { LAB_OUT: temporaryFolder() });
    await withNotebook({ lab }, async () => {
      await found('4.2c', 'checkBarrier', 4, 4);
      await found('4.1b', 'checkPowerStep', 1, 3);
      await checkIndexOf(
        (eigenvalues, tolerance) => eigenvalues.filter((x) => x < -tolerance).length,
      );
    });
    const now = await standing(lab, notebooks());
    assert.deepEqual([now.points.soFar, now.points.ofChecks, now.extra.ofChecks], [0, 7, 1]);
    assert.deepEqual(now.withoutPoints, { holding: 2, tasks: 9 });
    assert.deepEqual(rowOf(now, '4.1b').slice(2), ['no points', '', 'checkPowerStep: 1 of 3 hold']);
    assert.deepEqual(rowOf(now, '4.1d').slice(2), ['no points', '', '']);
    assert.equal(rowOf(now, '4.2e')[4], 'checkDisagreement was not run');
    const [text] = (shown(now)['text/plain'] as string).split('\n').slice(-1);
    assert.match(
      text!,
      /^Still to be computed for the tasks without points, about .*: 4\.1 spectra/,
    );
    assert.doesNotMatch(text!, / [123]\.\d /);
  });

  it("takes a student's own function for no check of Part 4", async () => {
    const folder = notebooks();
    const path = join(folder, 'part-4.1.ipynb');
    const notebook = JSON.parse(readFileSync(path, 'utf8'));
    const at = notebook.cells.findIndex(({ source }: { source: string | string[] }) =>
      [source].flat().join('').includes('checkPowerStep('),
    );
    const source = ['function checkShape(v: Float64Array) {}\n', 'checkShape(w);'];
    const own = { cell_type: 'code', id: 'own', metadata: {}, outputs: [], source };
    notebook.cells.splice(at, 0, { ...own, execution_count: null });
    writeFileSync(path, JSON.stringify(notebook));
    const now = await standing(openLab('small', { LAB_OUT: temporaryFolder() }), folder);
    assert.equal(rowOf(now, '4.1b')[4], 'checkPowerStep was not run');
  });

  it("is done with Part 4.1's searches when every net of its settings was searched", async () => {
    const text = readFileSync(join(projectRoot, 'notebooks', 'part-4.1.ipynb'), 'utf8');
    const [, ...lists] = /neurons: small \? \[(.*?)\] : \[(.*?)\]/.exec(text)!;
    for (const [i, size] of (['small', 'full'] as const).entries()) {
      const lab = openLab(size, { LAB_OUT: temporaryFolder() });
      const left = async () =>
        (await timeLeft(lab)).some(({ what }) => what === 'searches for critical points');
      for (const neurons of lists[i]!.split(', ')) {
        assert.ok(await left(), `${size}, before ${neurons}`);
        writeFileSync(lab.file(`critical-points-${neurons}.json`), '');
      }
      assert.ok(!(await left()), size);
    }
  });

  it('speaks of the parts that there are', async () => {
    const folder = temporaryFolder();
    cpSync(join(projectRoot, 'notebooks', 'part-1.ipynb'), join(folder, 'part-1.ipynb'));
    const now = await standing(openLab('small', { LAB_OUT: temporaryFolder() }), folder);
    assert.deepEqual(
      now.toRun.map(({ task }) => task),
      ['1.1', '1.2'],
    );
    assert.doesNotMatch(shown(now)['text/plain'] as string, /without points/);
  });

  it('keeps nothing while a submission is graded, and nothing without a lab', async () => {
    const lab = openLab('small', { LAB_OUT: temporaryFolder() });
    process.env.LAB_GRADING_SIZE = 'small';
    try {
      await withNotebook(
        { lab },
        async () => void (await award(1, found('2.3', 'checkBasis', 1, 1))),
      );
    } finally {
      delete process.env.LAB_GRADING_SIZE;
    }
    await withNotebook({}, async () => void (await award(1, found('2.3', 'checkBasis', 1, 1))));
    assert.deepEqual(keptVerdicts(lab.folder), []);
  });

  it('knows an answer in words when it is saved, and a file that is computed', async () => {
    const lab = openLab('small', { LAB_OUT: temporaryFolder() });
    const folder = notebooks();
    const path = join(folder, 'part-1.ipynb');
    writeFileSync(path, readFileSync(path, 'utf8').replace('*Your answer.*', 'Regular.'));
    writeFileSync(lab.file('minimum-1.safetensors'), '');
    const before = await standing(openLab('small', { LAB_OUT: temporaryFolder() }), folder);
    const { toWrite, toRun } = await standing(lab, folder);
    assert.deepEqual(toWrite, ['2.1', '2.2', '2.4', '3.1', '3.2']);
    // Half of the two trainings is left; the machine is measured anew, so by their shares.
    const share = (all: typeof toRun) => all[0]!.seconds / all[4]!.seconds;
    assert.ok(Math.abs(share(toRun) / share(before.toRun) - 0.5) < 1e-9);
  });

  it('takes a damaged verdict for none', () => {
    const lab = openLab('small', { LAB_OUT: temporaryFolder() });
    assert.deepEqual(keptVerdicts(lab.folder), []);
    cpSync(join(projectRoot, 'package.json'), join(lab.folder, 'verdicts', '1.1-checkMinima.json'));
    writeFileSync(join(lab.folder, 'verdicts', '1.2-checkLines.json'), '{"points":');
    assert.deepEqual(keptVerdicts(lab.folder), []);
  });

  it('refuses a folder without tasks, and a notebook in the place of a folder', async () => {
    const empty = temporaryFolder();
    for (const path of [empty, join(projectRoot, 'notebooks', 'part-1.ipynb')]) {
      await assert.rejects(standing(openLab('small', { LAB_OUT: empty }), path), {
        name: 'InputError',
        message: /holds no notebook with tasks; name the folder/,
      });
    }
  });

  it('says of a damaged notebook where a copy with the answers is', async () => {
    const folder = notebooks();
    writeFileSync(join(folder, 'part-2.ipynb'), '{');
    await assert.rejects(standing(openLab('small', { LAB_OUT: temporaryFolder() }), folder), {
      name: 'InputError',
      message: /part-2\.ipynb is no notebook: .*; take the copy .* in \.ipynb_checkpoints/,
    });
  });
});
