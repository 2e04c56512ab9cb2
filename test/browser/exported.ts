import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { ensurePython, pythonPath } from '../../lib/jupyter/python';
import { projectRoot } from '../../lib/root';
import { temporaryFolder } from '../temporaryFolder';
import { faults } from './axe';
import { findBrowser } from './lab';

/** Part 2 as `jupyter nbconvert --to html` writes it, opened from disk with the network off. */
describe('an exported notebook in a browser', function () {
  this.timeout(180_000);
  const folder = temporaryFolder();
  let browser: Browser;

  before(async () => {
    await ensurePython();
    const jupyter = join(dirname(pythonPath()), 'jupyter');
    const part = join(projectRoot, 'notebooks', 'solutions', 'part-2.ipynb');
    const args = ['nbconvert', '--to', 'html', '--output-dir', folder, part];
    const { status, stderr } = spawnSync(jupyter, args, { encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    browser = await chromium.launch({ executablePath: findBrowser(), args: ['--no-sandbox'] });
  });
  after(() => browser?.close());

  async function open(options: BrowserContextOptions): Promise<Page> {
    const page = await (await browser.newContext({ ...options, offline: true })).newPage();
    page.on('requestfailed', (request) => assert.fail(request.url().slice(0, 200)));
    page.on('pageerror', (error) => assert.fail(error.message));
    await page.goto(pathToFileURL(join(folder, 'part-2.html')).href);
    const specs = await page.locator('script.spec').count();
    assert.ok(specs >= 6, String(specs));
    await page.waitForFunction(`document.querySelectorAll('figure svg.marks').length === ${specs}`);
    return page;
  }

  const plane = (page: Page) =>
    page.frameLocator('iframe[title^="The plane through two minima"]').locator('body');

  it('has live plots and formulas, and the plane to be touched; axe-core finds no fault', async () => {
    const page = await open({ viewport: { width: 1280, height: 900 } });
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
    for (const frame of page.frames()) assert.deepEqual(await faults(frame), []);
    await page.context().close();
  });

  it('fits 640 by 400 pixels, as at 200 % zoom, and cuts no code off', async () => {
    const page = await open({ viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 });
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
