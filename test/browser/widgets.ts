import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { writeNotebook } from '../notebookFile';
import { temporaryFolder } from '../temporaryFolder';
import { ERROR, type LabInBrowser, openBrowser, pictureFailure } from './lab';

/** Sliders that call the kernel while they are dragged, and a plane under the pointer. */

const CELLS = [
  `import { ClassifierFC, display, evaluateGrid, initialize, line, linspace, liveDisplay, livePath,
  livePlane, loadMnist, orthogonalBasis, pathPlot, evaluatePath, slider, subset } from 'pathlab';`,
  `const live = liveDisplay();
await live.show('not moved yet');
const x = slider({ min: 0, max: 10, step: 1, label: 'x' });
x.onChange((value) => live.show('x² = ' + value ** 2));
x`,
  `const mnist = await loadMnist();
const datasets = { train: subset(mnist.train, 500, 1), test: subset(mnist.test, 100, 1) };
const network = ClassifierFC({ inputShape: [1, 28, 28], outputSize: 10, hiddenDim: 8, numHidden: 1, nonlinearity: 'relu' });
const [a, b, c] = [1, 2, 3].map((seed) => initialize(network, seed));
const segment = line(b, a);
const figures = await evaluatePath(network, segment, linspace(0, 1, 5), datasets);
await livePath(network, { segment }, datasets, { instead: pathPlot({ segment: figures }) })`,
  `const basis = orthogonalBasis(a, b, c);
const rectangle = { aRange: [0, 1], bRange: [0, 1], nx: 3, ny: 3 } as const;
const grid = await evaluateGrid(network, basis, rectangle, datasets);
await livePlane(network, basis, grid, { points: [], lengths: basis.lengths }, datasets)`,
];

describe('widgets in JupyterLab', function () {
  this.timeout(180_000);
  let lab: LabInBrowser;

  before(async () => {
    const path = join(temporaryFolder(), 'widgets.ipynb');
    writeNotebook(path, CELLS);
    lab = await openBrowser(8933, { widgets: path });
    await lab.open('widgets');
    await lab.menu('Run', 'Run All Cells');
    await lab.allDone();
  });
  afterEach(function () {
    return pictureFailure(lab, this.currentTest);
  });
  after(() => lab?.close());

  const output = (cell: number) => lab.codeCells().nth(cell).locator('.jp-Cell-outputArea');

  /** Drags a slider to a share of its length, by many steps, and gives what it then says. */
  async function drag(of: Locator, share: number): Promise<number> {
    const track = of.locator('.noUi-base').first();
    await lab.reveal(track);
    const [bar, handle] = [
      await track.boundingBox(),
      await of.locator('.noUi-handle').first().boundingBox(),
    ];
    const { mouse } = lab.page;
    await mouse.move(handle!.x + handle!.width / 2, handle!.y + handle!.height / 2);
    await mouse.down();
    await mouse.move(bar!.x + share * bar!.width, bar!.y, { steps: 30 });
    await mouse.up();
    return Number(await of.locator('.widget-readout').first().innerText());
  }

  it('change an output while they are dragged', async () => {
    const shown = output(1);
    await shown.getByText('not moved yet').waitFor();
    const value = await drag(shown, 0.7);
    assert.equal(value, 7);
    await shown.getByText('x² = 49', { exact: true }).waitFor();
    assert.equal(await lab.notebook().locator(ERROR).count(), 0);
    await lab.picture('widget-slider');
  });

  it('have the engine evaluate a path where the slider stands', async () => {
    const shown = output(2);
    await shown.getByText(/segment at t = 0\.5: train loss/).waitFor();
    const t = await drag(shown, 0.25);
    await shown.getByText(new RegExp(`segment at t = ${t}: train loss`)).waitFor();
    assert.ok(Math.abs(t - 0.25) < 0.02, `t = ${t}`);
    await shown.locator('svg.marks').waitFor();
    await lab.picture('widget-path');
  });

  it('have it evaluate a plane where the pointer is', async () => {
    const shown = output(3);
    const frame = shown.locator('svg .role-frame > g > .background').first();
    await lab.reveal(frame);
    const box = await frame.boundingBox();
    await lab.page.mouse.move(box!.x + 5, box!.y + 5);
    await lab.page.mouse.move(box!.x + 0.5 * box!.width, box!.y + 0.75 * box!.height, {
      steps: 10,
    });
    await shown.getByText(/^a = 0\.(49|50?)\d*, b = 0\.2[45]\d*: train loss [\d.]+ nats/).waitFor();
    await lab.picture('widget-plane');
  });

  it('are there again, as they stood, when the page is opened anew', async () => {
    await lab.menu('File', 'Save Notebook');
    await lab.page.waitForTimeout(1000);
    await lab.page.reload();
    await lab.codeCells().first().waitFor({ timeout: 60_000 });
    const shown = output(1);
    await lab.reveal(shown);
    await shown.locator('.widget-readout', { hasText: '7' }).waitFor();
    // A page that was opened anew knows no display ids, but the widgets' own pictures go on.
    const t = await drag(output(2), 0.75);
    await output(2)
      .getByText(new RegExp(`segment at t = ${t}: train loss`))
      .waitFor();
  });

  it('are pictures in an exported notebook', async () => {
    const { page } = lab;
    const { origin } = new URL(page.url());
    await page.goto(`${origin}/nbconvert/html/browser-test/widgets.ipynb`, {
      referer: `${origin}/lab`,
    });
    // A picture whose plot is drawn live there is told by its figure.
    const alternatives = await page
      .locator('figure')
      .evaluateAll((figures) => figures.map((figure) => figure.getAttribute('aria-label')));
    assert.equal(alternatives.length, 2);
    assert.match(alternatives.join(), /on the plane/);
    assert.match(await page.locator('body').innerText(), /x: 0/);
  });
});
