import assert from 'node:assert/strict';
import { join } from 'node:path';
import { cellText, readNotebook } from '../../lib/ipynb';
import { projectRoot } from '../../lib/root';
import { ERROR, type LabInBrowser, openBrowser, pictureFailure } from './lab';

/**
 * Parts 1 and 2 as a student works through them, from the untouched copies: answers are put into
 * the stubs, wrong ones first, and the checks turn from "not answered yet" through a hint to green.
 */

const ofStudent = (part: string) => join(projectRoot, 'notebooks', `${part}.ipynb`);

describe('a student in JupyterLab', function () {
  this.timeout(240_000);
  let lab: LabInBrowser;
  let part: string;

  before(async () => {
    lab = await openBrowser(8932, {
      'part-1': ofStudent('part-1'),
      'part-2': ofStudent('part-2'),
    });
  });
  afterEach(function () {
    return pictureFailure(lab, this.currentTest);
  });
  after(() => lab?.close());

  async function openPart(name: string) {
    part = name;
    await lab.open(name);
  }

  /** A cell of the open notebook, by its id in the file. */
  async function cell(id: string) {
    const { cells } = readNotebook(ofStudent(part));
    const all = lab.notebook().locator('.jp-Cell');
    assert.equal(await all.count(), cells.length, 'every cell is in the page');
    const found = all.nth(cells.findIndex((c) => c.id === id));
    await found.evaluate((element) => element.scrollIntoView({ block: 'center' }));
    return found;
  }

  /** Runs a cell and gives what it shows, errors in red included. */
  async function run(id: string) {
    const found = await cell(id);
    await found.locator('.jp-InputPrompt').click();
    await lab.page.keyboard.press('Control+Enter');
    await lab.allDone();
    // What is out of sight has no text yet.
    const output = (await cell(id)).locator('.jp-Cell-outputArea');
    await lab.page.waitForTimeout(300);
    return await output.innerText();
  }

  /** The answer in the instructor's notebook, as a student would write it. */
  function answer(id: string): string {
    const path = join(projectRoot, 'notebooks', 'instructor', `${part}.ipynb`);
    const source = cellText(readNotebook(path).cells.find((c) => c.id === id)!);
    return source.replace(/^.*(BEGIN|END) SOLUTION\n/gm, '');
  }

  /** Puts code into a cell instead of what is there, and runs it. */
  async function write(id: string, code: string) {
    const found = await cell(id);
    await found.locator('.cm-content').click();
    await lab.page.keyboard.press('Control+a');
    await lab.page.keyboard.insertText(code);
    const shown = await run(id);
    assert.equal(shown.trim(), '', `${id} shows no error`);
  }

  /** A check that is unanswered, then hints at what is wrong, then holds. */
  async function work(
    id: string,
    check: string,
    { wrong, hint, after = [] }: { wrong: string; hint: RegExp; after?: string[] },
  ) {
    const steps = async (code: string) => {
      await write(id, code);
      for (const other of after) await run(other);
      return await run(check);
    };
    await run(id);
    assert.match(await run(check), /: 0 of .*(\n… .*not answered yet)+/);
    assert.notEqual(wrong, answer(id), 'the wrong answer differs from the right one');
    const told = await steps(wrong);
    assert.match(told, hint);
    assert.match(told, /✗/);
    await lab.picture(`student-${check}-hint`);
    const green = await steps(answer(id));
    assert.doesNotMatch(green, /[✗…]/);
    assert.match(green, /✓/);
    await lab.picture(`student-${check}-holds`);
  }

  it('runs the untouched Part 1 to its first stub, and no further', async () => {
    await openPart('part-1');
    await lab.menu('Run', 'Run All Cells');
    await lab.allDone();
    const errors = lab.notebook().locator(ERROR);
    assert.equal(await errors.count(), 1);
    await lab.reveal(errors.first());
    assert.match(await errors.first().innerText(), /^not answered yet: In \[\d+\], line \d+/);
    await lab.picture('student-first-stub');
    const text = await (await cell('task-1-1-run')).locator('.jp-Cell-outputArea').innerText();
    assert.match(text, /not answered yet/);
  });

  it('answers Task 1.1', async () => {
    await work('task-1-1-train', 'task-1-1-check', {
      wrong: answer('task-1-1-train').replaceAll('settings.epochs', '2'),
      hint: /it misclassifies \d+ of 6000 training images: is the learning rate what you think/,
      after: ['task-1-1-run', 'task-1-1-figures', 'task-1-1-bands'],
    });
  });

  it('answers Task 1.2', async () => {
    await run('task-1-2-imports');
    await work('task-1-2-interpolate', 'task-1-2-interpolate-check', {
      wrong: answer('task-1-2-interpolate')
        .replace('mul(t)', 'mul(1 - t)')
        .replace('mul(1 - t))', 'mul(t))'),
      hint: /which end belongs to t = 0\?/,
      after: ['task-1-2-by-hand'],
    });
    await write('task-1-2-modes', answer('task-1-2-modes'));
    const evaluation = await cell('task-1-2-evaluate');
    assert.match(await evaluation.innerText(), /not answered yet/);
    await write(
      'task-1-2-evaluate',
      answer('task-1-2-evaluate').replace('line(a, b)', 'line(b, a)'),
    );
    assert.match(await run('task-1-2-lines-check'), /1 − t: which end belongs to t = 0\?/);
    await lab.picture('student-lines-hint');
    await write('task-1-2-evaluate', answer('task-1-2-evaluate'));
    assert.match(await run('task-1-2-lines-check'), /Task 1\.2: 1 of 1 point/);
    await run('task-1-2-run');
    await lab.picture('student-lines');
    assert.match(await run('task-1-2-measures'), /linear_combination_of_two_minima/);
    assert.equal(await lab.notebook().locator(ERROR).count(), 0);
  });

  it('answers Task 2.1', async () => {
    await openPart('part-2');
    for (const id of ['imports', 'settings', 'data', 'minima', 'task-2-1-imports']) await run(id);
    await work('task-2-1-function', 'task-2-1-check', {
      wrong: answer('task-2-1-function').replace(
        't <= 0.5 ? [1 - 2 * t, 2 * t, 0]',
        't <= 0.5 ? [1 - t, t, 0]',
      ),
      hint: /at t = 0\.5 your chain is [\d.]+ away from θ/,
    });
  });

  it('answers Task 2.2', async () => {
    await run('task-2-2-names');
    // θ is the midpoint still.
    assert.match(
      await run('landscape'),
      /^θ lies on the line through w₁ and w₂, so there is no plane/,
    );
    await work('task-2-2-gradient', 'task-2-2-gradient-check', {
      wrong: answer('task-2-2-gradient').replace('g.mul(factor)', 'g.mul(1)'),
      hint: /how far does φ\(t\) move when θ moves by 1\?/,
      after: ['task-2-2-slopes'],
    });
    await run('task-2-2-by-hand');
    await run('task-2-2-cost');
    await work('task-2-2-fit', 'task-2-2-check', {
      wrong: answer('task-2-2-fit').replace('return theta;', 'return w1;'),
      hint: /θ has left the line: it is .* away from it/,
      after: ['task-2-2-run'],
    });
    for (const id of ['evaluate', 'compare', 'measures', 'explore']) await run(`task-2-2-${id}`);
    await lab.picture('student-explorer');
  });

  it('answers Tasks 2.3 and 2.4, and looks at another plane', async () => {
    await run('task-2-3-imports');
    await work('task-2-3-basis', 'task-2-3-check', {
      wrong: answer('task-2-3-basis').replace('u[name].mul(along)', 'u[name].mul(0)'),
      hint: /there are [\d.]+° between them/,
    });
    await run('task-2-3-names');
    assert.match(await run('task-2-3-run'), /cosine of û and v̂/);
    await run('task-2-4-imports');
    await work('task-2-4-grid', 'task-2-4-check', {
      wrong: answer('task-2-4-grid').replace(
        'return evaluateGrid(network, plane, rectangle, datasets, options);',
        'const g = await evaluateGrid(network, plane, rectangle, datasets, options);\n' +
          '  const turned = g.as.map((_, i) => g.trainLoss.map((row) => row[i]));\n' +
          '  return { ...g, trainLoss: turned };',
      ),
      hint: /which loop is the outer one\?/,
    });
    await run('task-2-4-cost');
    await run('task-2-4-run');
    await lab.picture('student-plane');
    const other = (await cell('planes')).locator('.cm-content');
    await run('planes');
    assert.match(await other.innerText(), /'random'/);
    await lab.picture('student-other-plane');
    assert.equal(await lab.notebook().locator(ERROR).count(), 0);
  });
});
