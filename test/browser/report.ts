import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AxeResults } from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { writeReport } from '../../lib/report';
import { projectRoot } from '../../lib/root';
import { temporaryFolder } from '../temporaryFolder';
import { findBrowser } from './lab';

const axe = createRequire(__filename).resolve('axe-core/axe.min.js');
const solutions = join(projectRoot, 'notebooks', 'solutions');

/** The report of all parts, from disk, with the network off. */
describe('the report in a browser', function () {
  this.timeout(180_000);
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
    await page.waitForFunction(
      (count) => document.querySelectorAll('figure svg.marks').length === count,
      specs,
    );
    return page;
  }

  for (const scheme of ['light', 'dark'] as const) {
    it(`has no fault that axe-core finds, in the ${scheme} theme`, async () => {
      const page = await open(1280, scheme);
      await page.evaluate(
        `for (const one of document.querySelectorAll('details')) one.open = true`,
      );
      await page.addScriptTag({ path: axe });
      const { violations } = await page.evaluate<AxeResults>('axe.run()');
      const told = violations.map(({ id, nodes }) => {
        return `${id}: ${nodes.length}, as ${nodes[0]!.html.slice(0, 200)} ${nodes[0]!.failureSummary}`;
      });
      assert.deepEqual(told, []);
      await page.context().close();
    });
  }
});
