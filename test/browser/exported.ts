import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { ensurePython, pythonPath } from '../../lib/jupyter/python';
import { projectRoot } from '../../lib/root';
import { partsOf } from '../../lib/standing';
import { temporaryFolder } from '../temporaryFolder';
import { faults } from './axe';
import { findBrowser } from './lab';

const SETS = ['notebooks', 'notebooks/solutions'];

/** Notebooks as `jupyter nbconvert --to html` writes them, opened from disk with the network off. */
describe('an exported notebook in a browser', function () {
  this.timeout(180_000);
  const folder = temporaryFolder();
  let browser: Browser;

  before(async () => {
    await ensurePython();
    const jupyter = join(dirname(pythonPath()), 'jupyter');
    const toHtml = ['nbconvert', '--to', 'html', '--output-dir'];
    const written = SETS.map((set) => {
      const parts = partsOf(join(projectRoot, set));
      return promisify(execFile)(jupyter, [...toHtml, join(folder, set), ...parts]);
    });
    await Promise.all(written);
    browser = await chromium.launch({ executablePath: findBrowser(), args: ['--no-sandbox'] });
  });
  after(() => browser?.close());

  async function open(name: string, options: BrowserContextOptions): Promise<Page> {
    const page = await (await browser.newContext({ ...options, offline: true })).newPage();
    page.on('requestfailed', (request) => assert.fail(request.url().slice(0, 200)));
    page.on('pageerror', (error) => assert.fail(error.message));
    await page.goto(pathToFileURL(join(folder, name)).href);
    const specs = await page.locator('script.spec').count();
    await page.waitForFunction(`document.querySelectorAll('figure svg.marks').length === ${specs}`);
    return page;
  }
  const part2 = 'notebooks/solutions/part-2.html';

  const plane = (page: Page) =>
    page.frameLocator('iframe[title^="The plane through two minima"]').locator('body');

  for (const set of SETS) {
    it(`has no fault that axe-core finds, whichever of ${set} it is`, async () => {
      const names = readdirSync(join(folder, set)).filter((name) => name.endsWith('.html'));
      assert.equal(names.length, 7);
      const found: string[] = [];
      for (const name of names) {
        const page = await open(join(set, name), { viewport: { width: 1280, height: 900 } });
        found.push(...(await faults(page)).map((fault) => `${name}: ${fault}`));
        await page.context().close();
      }
      assert.deepEqual(found, []);
    });
  }

  it('has live plots and formulas, and the plane to be touched, without a fault', async () => {
    const page = await open(part2, { viewport: { width: 1280, height: 900 } });
    assert.ok((await page.locator('figure svg.marks').count()) >= 6);
    assert.ok((await page.locator('.jp-RenderedMarkdown math').count()) > 20);
    assert.doesNotMatch(await page.locator('body').innerText(), /\$\$|\\theta/);
    const slider = page.locator('input[type=range]').first();
    const before = await slider.inputValue();
    await slider.press('ArrowRight');
    assert.notEqual(await slider.inputValue(), before);
    await page.locator('iframe').scrollIntoViewIfNeeded();
    const loss = plane(page).locator('#test-loss[data-value]');
    await loss.waitFor();
    const atMiddle = await loss.getAttribute('data-value');
    await plane(page)
      .getByRole('application', { name: /^The ring/ })
      .press('Shift+ArrowUp');
    await page.waitForTimeout(500);
    assert.notEqual(await loss.getAttribute('data-value'), atMiddle);
    for (const frame of page.frames().slice(1)) assert.deepEqual(await faults(frame), []);
    await page.context().close();
  });

  it('fits 640 by 400 pixels, as at 200 % zoom, and cuts no code off', async () => {
    const page = await open(part2, { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 });
    await page.locator('iframe').scrollIntoViewIfNeeded();
    await plane(page).locator('#test-loss[data-value]').waitFor();
    assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 640);
    const cutOff = await page
      .locator('.highlight pre')
      .evaluateAll((blocks) => blocks.filter((one) => one.scrollWidth > one.clientWidth).length);
    assert.equal(cutOff, 0);
    await page.context().close();
  });
});
