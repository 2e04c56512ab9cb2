import assert from 'node:assert/strict';
import { join } from 'node:path';
import { projectRoot } from '../../lib/root';
import { ERROR, type LabInBrowser, openBrowser, pictureFailure } from './lab';

/**
 * Parts 1 and 2 with their answers, as a user sees them: a real browser on the JupyterLab that
 * `npm start` opens. Screenshots are left in results/browser.
 *
 *     npm run test:browser
 */

const instructor = (name: string) => join(projectRoot, 'notebooks', 'instructor', name);

describe('JupyterLab', function () {
  this.timeout(180_000);
  let lab: LabInBrowser;

  before(async () => {
    lab = await openBrowser(8931, {
      'part-1': instructor('part-1.ipynb'),
      'part-2': instructor('part-2.ipynb'),
    });
    await lab.open('part-1');
  });
  afterEach(function () {
    return pictureFailure(lab, this.currentTest);
  });
  after(() => lab?.close());

  it('runs all cells of Part 1, with a bar that moves', async () => {
    // A bar may be gone before a question about it arrives, so the page itself keeps what it saw.
    await lab.page.evaluate(`
      globalThis.seenBars = new Set();
      new MutationObserver(() => {
        for (const bar of document.querySelectorAll('.jp-OutputArea progress')) {
          seenBars.add(bar.getAttribute('value') + ' of ' + bar.getAttribute('max'));
        }
      }).observe(document.body, { childList: true, subtree: true });
    `);
    await lab.menu('Run', 'Run All Cells');
    const bar = lab.notebook().locator('.jp-OutputArea progress').first();
    await bar.waitFor({ timeout: 60_000 });
    await lab.picture('progress');
    await lab.allDone();
    const seen = (await lab.page.evaluate('[...seenBars]')) as string[];
    const ofTraining = seen.filter((value) => value.endsWith(' of 40'));
    assert.ok(ofTraining.length >= 3, `bars stood at ${seen.join(', ')}`);
    assert.equal(await lab.notebook().locator(ERROR).count(), 0);
    assert.equal(await lab.notebook().locator('.jp-OutputArea progress').count(), 0);
    await lab
      .notebook()
      .getByText(/^minimum 1 40\/40/)
      .first()
      .waitFor();
  });

  it('shows plots with tooltips and frames as tables', async () => {
    const plot = lab.notebook().locator('.vega-embed').last();
    await lab.reveal(plot);
    await plot.locator('svg.marks').waitFor();
    const box = await plot.boundingBox();
    assert.ok(box && box.width > 300 && box.height > 200);
    const tooltip = lab.page.locator('#vg-tooltip-element.visible');
    for (let x = 0.1; x < 0.9 && !(await tooltip.isVisible()); x += 0.02) {
      await lab.page.mouse.move(box.x + x * box.width, box.y + 0.5 * box.height);
      await lab.page.waitForTimeout(40);
    }
    await lab.picture('plot');
    assert.match(await tooltip.innerText(), /train/);
    const table = lab
      .notebook()
      .locator('.jp-RenderedHTMLCommon table', { hasText: 'barrier (b) train' })
      .last();
    await lab.reveal(table);
    assert.match(await table.innerText(), /linear_combination_of_two_minima/);
    await lab.picture('table');
  });

  it('shows a type error as an error, with its line', async () => {
    const output = await lab.runNew('const width: number = "wide";\nmissing(width);');
    const error = output.locator(ERROR);
    await error.waitFor();
    assert.match(await error.innerText(), /CompileError: Type 'string' is not assignable/);
    assert.match(await error.innerText(), /line 2, column 1/);
    await lab.picture('type-error');
  });

  it('draws the curve of a training while it grows, stops it, and goes on afterwards', async () => {
    const output = await lab.runNew(
      'settings.epochs = 100_000;\n' +
        "const endless = progress(settings.epochs, 'a training to stop');\n" +
        'await trainOnce(stateDictsAtInits[0], 7, ({ epoch, trainLoss }) =>\n' +
        "  endless.update(epoch, 'loss ' + trainLoss + ' nats'));",
    );
    const points: number[] = [];
    for (const moment of [1, 2, 3]) {
      const drawn = await output.locator('polyline').getAttribute('points');
      points.push(drawn!.split(' ').length);
      await lab.picture(`training-${moment}`);
      await lab.page.waitForTimeout(600);
    }
    assert.ok(points[0]! < points[1]! && points[1]! < points[2]!, `${points} points`);
    assert.equal(await output.locator('.jp-OutputArea-child').count(), 1);
    await lab.state('Busy');
    await lab
      .notebook()
      .locator('[data-command="notebook:interrupt-kernel"], [title^="Interrupt"]')
      .first()
      .click();
    const error = output.locator(ERROR);
    await error.waitFor({ timeout: 3000 });
    assert.match(await error.innerText(), /^Interrupted: the cell was stopped/);
    await lab.picture('stopped');
    const next = await lab.runNew('stateDictsAtInits.length');
    await next.getByText('2', { exact: true }).waitFor();
  });

  it('is readable in the dark theme', async () => {
    await lab.menu('Settings', 'Theme', 'JupyterLab Dark');
    await lab.page.waitForTimeout(1500);
    await lab.picture('dark-errors');
    await lab.reveal(lab.notebook().locator('.vega-embed').last());
    await lab.picture('dark-plot');
    await lab.reveal(lab.notebook().locator('.jp-RenderedHTMLCommon table').last());
    await lab.picture('dark-table');
    await lab.menu('Settings', 'Theme', 'JupyterLab Light');
    await lab.page.waitForTimeout(1000);
  });

  it('restarts', async () => {
    await lab.menu('Kernel', 'Restart Kernel…');
    await lab.page.locator('.jp-Dialog .jp-mod-accept').click();
    await lab.state('Idle');
    const gone = await lab.runNew('stateDictsAtInits.length');
    await gone
      .locator(ERROR)
      .getByText(/Cannot find name/)
      .waitFor();
    const fresh = await lab.runNew('6 * 7');
    await fresh.getByText('42', { exact: true }).waitFor();
    await lab.picture('restarted');
  });

  it('moves along the paths of Part 2 with a slider', async () => {
    await lab.open('part-2');
    await lab.menu('Run', 'Run All Cells');
    const slider = lab.notebook().locator('.jp-OutputArea input[type="range"]');
    await slider.waitFor({ timeout: 120_000 });
    await lab.allDone();
    assert.equal(await lab.notebook().locator(ERROR).count(), 0);
    await lab.reveal(slider);
    const plot = lab
      .notebook()
      .locator('.vega-embed', { has: lab.page.locator('input[type="range"]') });
    const told = async () => (await plot.locator('svg.marks').screenshot()).toString('base64');
    const atMiddle = await told();
    await slider.fill('0');
    await lab.page.waitForTimeout(500);
    assert.notEqual(await told(), atMiddle);
    await lab.picture('slider');
  });

  it('shows the plane of Part 2, to be touched, as dark as JupyterLab is', async () => {
    const frame = lab.notebook().locator('iframe[title^="The plane through two minima"]');
    await lab.reveal(frame);
    const plane = frame.contentFrame().locator('body');
    const loss = plane.locator('#test-loss[data-value]');
    await loss.waitFor();
    const atMiddle = await loss.getAttribute('data-value');
    await plane.getByRole('application', { name: /^The ring/ }).press('Shift+ArrowUp');
    await lab.page.waitForTimeout(500);
    assert.notEqual(await loss.getAttribute('data-value'), atMiddle);
    await lab.picture('plane-to-touch');
    const inFrame = await (await frame.elementHandle())!.contentFrame();
    const paper = () =>
      inFrame!.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    assert.equal(await paper(), 'rgb(250, 249, 246)');
    await lab.menu('Settings', 'Theme', 'JupyterLab Dark');
    await lab.page.waitForTimeout(1500);
    assert.equal(await paper(), 'rgb(20, 19, 24)');
    await lab.picture('plane-to-touch-dark');
    await lab.menu('Settings', 'Theme', 'JupyterLab Light');
    await lab.page.waitForTimeout(1000);
  });

  it('draws plots as small as there is room for, as at 150 % zoom on a small screen', async () => {
    const rooms = () =>
      lab
        .notebook()
        .locator('.vega-embed svg.marks')
        .evaluateAll((plots) =>
          plots.map((plot) => {
            const { clientWidth, scrollWidth } = plot.closest('.jp-OutputArea-output')!;
            return [plot.getBoundingClientRect().width, clientWidth, scrollWidth];
          }),
        );
    // 1280 / 1.5 = 853
    await lab.page.setViewportSize({ width: 853, height: 1000 });
    await lab.page.waitForTimeout(1000);
    const drawn = await rooms();
    assert.ok(drawn.length >= 6);
    for (const [width, room, scrolled] of drawn) {
      assert.ok(width! <= room! && scrolled! <= room!, `${width} wide, with room for ${room}`);
    }
    await lab.picture('narrow');
    await lab.page.setViewportSize({ width: 1280, height: 1000 });
  });

  it('shows a student the notebooks, and not what gives the answers away', async () => {
    await lab.page.locator('.jp-BreadCrumbs-home').first().click();
    const names = lab.page.locator('.jp-DirListing-itemText');
    await names.getByText('part-0.ipynb').waitFor();
    const shown = await names.allInnerTexts();
    assert.ok(shown.includes('part-3.2.ipynb'));
    for (const hidden of ['instructor', 'solutions']) assert.ok(!shown.includes(hidden), hidden);
    await lab.picture('files');
  });

  it('exports HTML that needs no network, with an alternative text for each picture', async () => {
    await lab.menu('File', 'Save Notebook');
    await lab.page.waitForTimeout(3000);
    const asked: string[] = [];
    const { page } = lab;
    page.on('request', (request) => asked.push(request.url()));
    const { origin } = new URL(lab.page.url());
    // The server answers only to its own pages, as JupyterLab's menu is one.
    const referer = `${origin}/lab`;
    await page.goto(`${origin}/nbconvert/html/browser-test/part-2.ipynb`, { referer });
    assert.deepEqual(
      asked.filter((url) => !url.startsWith(origin) && !url.startsWith('data:')),
      [],
    );
    const alternatives = await page
      .locator('img, figure')
      .evaluateAll((all) => all.map((one) => one.getAttribute('alt') ?? one.ariaLabel));
    assert.ok(alternatives.length >= 6);
    for (const alternative of alternatives) assert.match(alternative ?? '', /\w+/);
    // φ(0) = w₁, φ(½) = θ, φ(1) = w₂ and all the others; no dollar is left.
    assert.ok((await page.locator('.jp-RenderedMarkdown math').count()) > 20);
    assert.doesNotMatch(await page.locator('body').innerText(), /\$\$|\\theta/);
  });
});
