import assert from 'node:assert/strict';
import { copyFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { check, checkBarrier, hint } from '../../lib/checks';
import { HINTS } from '../../lib/checks/hints';
import { keepVerdict, keptVerdicts } from '../../lib/checks/verdicts';
import { cellText, readNotebook } from '../../lib/ipynb';
import { openLab } from '../../lib/notebook/lab';
import { projectRoot } from '../../lib/root';
import { withNotebook } from '../notebook/notebookOf';
import { temporaryFolder } from '../temporaryFolder';

const sources = join(projectRoot, 'notebooks', 'instructor');
const cells = readdirSync(sources)
  .filter((name) => name.endsWith('.ipynb'))
  .sort()
  .flatMap((name) => readNotebook(join(sources, name)).cells);

describe('hint', () => {
  it('has one for every check of every task, in the order of the workbook', () => {
    const checks = cells
      .filter(({ cell_type, metadata }) => cell_type === 'code' && metadata.nbgrader?.points)
      .map((cell) => {
        const [, part, task] = /^task-(\d)-(\d)/.exec(cell.id)!;
        return `${part}.${task} ${/\bcheck[A-Z]\w*/.exec(cellText(cell))![0]}`;
      });
    // Part 4's have no points; a heading such as `Task 4.2a` says of which task they are.
    let task = '';
    for (const cell of cells) {
      const [, part, letter] = /^## Task (4\.\d)([a-z])/.exec(cellText(cell)) ?? [];
      if (part !== undefined) task = `${part}${letter}`;
      const [, name] = /^await .*\b(check[A-Z]\w*)/.exec(cellText(cell)) ?? [];
      if (task !== '' && name !== undefined) checks.push(`${task} ${name}`);
    }
    const hinted = Object.entries(HINTS).flatMap(([task, of]) =>
      Object.keys(of).map((name) => `${task} ${name}`),
    );
    assert.deepEqual(hinted, checks);
  });

  it('gives no line of an answer', () => {
    const answers = cells
      .filter(({ metadata }) => metadata.nbgrader?.solution)
      .flatMap((cell) => cellText(cell).split('\n'))
      .map((line) => line.replace(/\s+/g, ''))
      .filter((line) => line.length > 12);
    const told = Object.values(HINTS)
      .flatMap((of) => Object.values(of))
      .map(({ where, formula }) => `${where}${formula}`.replace(/\s+/g, ''));
    assert.ok(answers.length > 100, String(answers.length));
    assert.deepEqual(
      answers.filter((line) => told.some((text) => text.includes(line))),
      [],
    );
  });

  it('tells where to look, then which formula, then that this is all', async () => {
    const lab = openLab('small', { LAB_OUT: temporaryFolder() });
    const ask = () => withNotebook({ lab }, () => hint('2.1'));
    const [first, second, third, fourth] = [await ask(), await ask(), await ask(), await ask()];
    assert.match(
      first.join(),
      /^Task 2\.1, checkChain\. Its check has not been run yet.*\nWhere to look: Take the halves/,
    );
    assert.match(second.join(), /\nThe formula: A line from p to q/);
    assert.match(third.join(), /\nThat is all there is/);
    assert.deepEqual(fourth, third);
  });

  it('is for the first check that does not hold', async () => {
    const lab = openLab('small', { LAB_OUT: temporaryFolder() });
    const asked: string[] = [];
    const found = (name: string, second: string | undefined) =>
      check({ task: '1.2', name }, { one: () => undefined, two: () => second });
    await withNotebook({ lab }, async () => {
      await found('checkInterpolation', undefined);
      await found('checkLines', 'look there');
    });
    asked.push(...(await withNotebook({ lab }, () => hint('1.2'))));
    await withNotebook({ lab }, async () => void (await found('checkLines', undefined)));
    asked.push(...(await withNotebook({ lab }, () => hint('1.2'))));
    assert.match(asked[0]!, /^Task 1\.2, checkLines\.\nWhere to look: For the ends/);
    assert.match(asked[1]!, /every check holds/);
  });

  it('is for a task of its own where two have a check of one name', async () => {
    const lab = openLab('small', { LAB_OUT: temporaryFolder() });
    await withNotebook({ lab }, async () => {
      await check({ task: '1.1', name: 'checkMinima' }, { one: () => undefined });
    });
    const [first, third] = [
      await withNotebook({ lab }, () => hint('1.1')),
      await withNotebook({ lab }, () => hint('3.2')),
    ];
    assert.match(first.join(), /every check holds/);
    assert.match(third.join(), /^Task 3\.2, checkMinima\. Its check has not been run yet/);
  });

  it('reads of verdicts what is whole and has its name, and loses none where it cannot keep it', () => {
    const folder = temporaryFolder();
    const verdict = { task: '1.1', name: 'checkMinima', holding: 1, findings: 2 };
    keepVerdict(folder, verdict);
    const kept = join(folder, 'verdicts', '1.1-checkMinima.json');
    // What a process that was killed has left, and what is no verdict.
    copyFileSync(kept, `${kept}.7.tmp`);
    writeFileSync(join(folder, 'verdicts', 'a.json'), '{}');
    writeFileSync(join(folder, 'verdicts', 'b.json'), 'null');
    writeFileSync(join(folder, 'verdicts', 'c.json'), '{"holding": 1, "findings"');
    writeFileSync(join(folder, 'verdicts', 'd.json'), '{"holding": 1, "findings": null}');
    assert.deepEqual(keptVerdicts(folder), [verdict]);
    assert.deepEqual(keptVerdicts(join(folder, 'none')), []);
    keepVerdict(kept, verdict);
    assert.deepEqual(keptVerdicts(folder), [verdict]);
  });

  it('knows what the checks of tasks without points have found', async () => {
    const lab = openLab('small', { LAB_OUT: temporaryFolder() });
    const ask = () => withNotebook({ lab }, () => hint('4.2c'));
    assert.match(
      (await ask()).join(),
      /^Task 4\.2c, checkBarrier\. Its check has not been run yet/,
    );
    await withNotebook({ lab }, async () => void (await checkBarrier(() => 0)));
    assert.match((await ask()).join(), /^Task 4\.2c, checkBarrier\.\nThe formula/);
  });

  it('takes no check for run in a notebook without a lab', async () => {
    const told = await withNotebook({}, () => hint('3.1'));
    assert.match(told.join(), /^Task 3\.1, checkNetworks\. Its check has not been run yet/);
  });

  it('refuses a task that there is not', async () => {
    await assert.rejects(hint('4.2'), {
      message:
        'hint: expected a task, one of 1.1, 1.2, 2.1, 2.2, 2.3, 2.4, 3.1, 3.2, 4.1a, 4.1b, 4.1c, 4.1d, ' +
        '4.2a, 4.2b, 4.2c, 4.2d, 4.2e, got 4.2',
    });
    await assert.rejects(hint('toString'), /expected a task, .* got toString$/);
  });
});
