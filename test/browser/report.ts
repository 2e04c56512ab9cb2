import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { writeReport } from '../../lib/report';
import { projectRoot } from '../../lib/root';
import { temporaryFolder } from '../temporaryFolder';
import { faults } from './axe';
import { findBrowser } from './lab';

const solutions = join(projectRoot, 'notebooks', 'solutions');

/** The report of all parts, from disk, with the network off. */
describe('the report in a browser', function () {
  this.timeout(400_000);
  let browser: Browser;
  let address: string;

  before(async () => {
    const path = join(temporaryFolder(), 'report.html');
    const parts = readdirSync(solutions).sort();
    writeReport(
      path,
      { trainAccuracy: [1, 1] },
      parts.map((name) => join(solutions, name)),
    );
    address = pathToFileURL(path).href;
    browser = await chromium.launch({ executablePath: findBrowser(), args: ['--no-sandbox'] });
  });
  after(() => browser?.close());

  async function open(width: number, colorScheme: 'light' | 'dark'): Promise<Page> {
    const viewport = { width, height: 900 };
    const context = await browser.newContext({ viewport, colorScheme, offline: true });
    const page = await context.newPage();
    page.setDefaultTimeout(120_000);
    await page.goto(address);
    const specs = await page.locator('script.spec').count();
    assert.ok(specs > 10);
    await page.waitForFunction(`document.querySelectorAll('figure svg.marks').length === ${specs}`);
    return page;
  }

  /** What axe-core finds, with all that is folded away unfolded. */
  async function unfolded(page: Page): Promise<string[]> {
    await page.evaluate(`for (const one of document.querySelectorAll('details')) one.open = true`);
    return await faults(page);
  }

  const widest = (page: Page) => page.evaluate<number>('document.documentElement.scrollWidth');
  const firstPlot = (page: Page) => page.locator('figure svg.marks').first();

  it('fits 600 pixels, its slider follows the arrow keys, and axe-core finds no fault', async () => {
    const page = await open(600, 'light');
    assert.equal(await widest(page), 600);
    assert.ok((await firstPlot(page).boundingBox())!.width < 600);
    const slider = page.locator('input[type=range]').first();
    const before = Number(await slider.inputValue());
    await slider.press('ArrowRight');
    const after = Number(await slider.inputValue());
    await slider.press('ArrowLeft');
    assert.notEqual(after, before);
    assert.equal(Number(await slider.inputValue()), before);
    assert.deepEqual(await unfolded(page), []);
    await page.context().close();
  });

  it('fills a 4k screen, is dark with its plots, and axe-core finds no fault', async () => {
    const page = await open(3840, 'dark');
    assert.equal(await widest(page), 3840);
    const { width } = (await firstPlot(page).boundingBox())!;
    // 100rem of 16 pixels, but for what stands around it.
    assert.ok(width > 1500 && width <= 1600, String(width));
    const filter = await page.evaluate<string>(
      `getComputedStyle(document.querySelector('figure')).filter`,
    );
    assert.equal(filter, 'invert(0.93) hue-rotate(180deg)');
    assert.deepEqual(await unfolded(page), []);
    await firstPlot(page).screenshot({
      path: join(projectRoot, 'results', 'browser', 'report-dark.png'),
    });
    await page.context().close();
  });
});
