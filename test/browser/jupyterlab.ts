import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Browser, chromium, type Locator, type Page } from 'playwright-core';
import { projectRoot } from '../../lib/root';

/**
 * Part 1 as a user sees it: a real browser on the JupyterLab that `npm start` opens. Screenshots
 * are left in results/browser.
 *
 *     npm run test:browser
 */

const PORT = 8931;
const BROWSERS = [
  process.env.LAB_BROWSER,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
/** What JupyterLab shows of an error, and of what a cell prints on stderr. */
const ERROR = '[data-mime-type="application/vnd.jupyter.stderr"]';
const pictures = join(projectRoot, 'results', 'browser');
const folder = join(projectRoot, 'notebooks', 'browser-test');

function findBrowser(): string {
  const found = BROWSERS.find((path) => path && existsSync(path));
  if (found) return found;
  throw new Error(
    'no browser found: install one (Debian: apt install chromium), or set LAB_BROWSER to its path',
  );
}

/** Starts JupyterLab as a user does; gives the address with its token. */
async function startLab(environment: NodeJS.ProcessEnv) {
  const args = ['start', '--silent', '--', '--no-browser', '--port', String(PORT)];
  const lab = spawn('npm', ['run', ...args], {
    cwd: projectRoot,
    detached: true,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said: string[] = [];
  const address = new Promise<URL>((resolve, reject) => {
    for (const stream of [lab.stdout, lab.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        said.push(line);
        const url = /http:\/\/127\.0\.0\.1:\d+\/lab\?token=\w+/.exec(line)?.[0];
        if (url) resolve(new URL(url));
      });
    }
    lab.on('exit', () => reject(new Error(`npm start ended:\n${said.join('\n')}`)));
  });
  return { lab, address: await address };
}

describe('JupyterLab', function () {
  this.timeout(180_000);
  let lab: ChildProcess;
  let browser: Browser;
  let page: Page;
  let open: (part: string) => Promise<void>;
  const notebook = () => page.locator('.jp-NotebookPanel:not(.lm-mod-hidden)');
  const cells = () => notebook().locator('.jp-CodeCell');

  before(async () => {
    mkdirSync(folder, { recursive: true });
    mkdirSync(pictures, { recursive: true });
    for (const part of ['part-1.ipynb', 'part-2.ipynb']) {
      copyFileSync(join(projectRoot, 'notebooks', 'instructor', part), join(folder, part));
    }
    const started = await startLab({
      LAB_SIZE: 'small',
      // TensorFlow would say on stderr, in red, that it has been loaded.
      LAB_BACKEND: 'wasm',
      LAB_OUT: mkdtempSync(join(tmpdir(), 'browser-')),
    });
    lab = started.lab;
    browser = await chromium.launch({
      executablePath: findBrowser(),
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    });
    page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
    const { origin, searchParams } = started.address;
    const token = searchParams.get('token');
    open = async (part) => {
      await page.goto(`${origin}/lab/tree/browser-test/${part}.ipynb?reset&token=${token}`);
      await cells().first().waitFor({ timeout: 60_000 });
      await page.getByText('TypeScript (tslab) | Idle').waitFor();
      // Until the front end's own first questions are answered, it has no kernel to run cells in.
      await page.waitForTimeout(2000);
    };
    await open('part-1');
  });

  afterEach(async function () {
    if (this.currentTest?.state !== 'failed') return;
    await picture('failed');
  });

  after(async () => {
    await browser?.close();
    if (lab?.pid) {
      process.kill(-lab.pid, 'SIGTERM');
      await Promise.race([once(lab, 'exit'), new Promise((r) => setTimeout(r, 5000))]);
    }
    rmSync(folder, { recursive: true, force: true });
  });

  const picture = (name: string) => page.screenshot({ path: join(pictures, `${name}.png`) });

  /** Scrolls to an output, which may be drawn anew and move while cells above it are drawn. */
  const reveal = async (output: Locator) => {
    for (let round = 0; round < 3; round++) {
      await output.evaluate((element) =>
        (element.closest('.jp-OutputArea-child') ?? element).scrollIntoView({ block: 'center' }),
      );
      await page.waitForTimeout(200);
    }
  };

  /** Waits until the kernel's light says so. */
  const state = (what: 'Idle' | 'Busy') =>
    page
      .locator(`.jp-NotebookPanel-toolbar [data-status="${what.toLowerCase()}"]`)
      .first()
      .waitFor({ timeout: 120_000 });

  /** Waits until the light stays idle: between two cells it is for a moment as well. */
  const allDone = async () => {
    for (let calm = 0; calm < 5; calm++) {
      await state('Idle');
      await page.waitForTimeout(300);
      const busy = page.locator('.jp-NotebookPanel-toolbar [data-status="busy"]');
      if ((await busy.count()) > 0) calm = -1;
    }
  };

  const menu = async (...path: string[]) => {
    for (const [depth, label] of path.entries()) {
      const item =
        depth === 0
          ? page.locator('.lm-MenuBar-item', { hasText: label }).first()
          : page.locator('.lm-Menu-item', { hasText: label }).first();
      await item.hover();
      await item.click();
    }
  };

  /** Adds a cell at the end, runs it and gives its output. */
  const run = async (code: string): Promise<Locator> => {
    const last = cells().last();
    await reveal(last);
    await last.locator('.jp-InputPrompt').click();
    await page.keyboard.press('Escape');
    await page.keyboard.press('b');
    await page.keyboard.press('Enter');
    await page.keyboard.insertText(code);
    await page.keyboard.press('Control+Enter');
    return cells().last().locator('.jp-OutputArea');
  };

  it('runs all cells of Part 1, with a bar that moves', async () => {
    // A bar may be gone before a question about it arrives, so the page itself keeps what it saw.
    await page.evaluate(`
      globalThis.seenBars = new Set();
      new MutationObserver(() => {
        for (const bar of document.querySelectorAll('.jp-OutputArea progress')) {
          seenBars.add(bar.getAttribute('value') + ' of ' + bar.getAttribute('max'));
        }
      }).observe(document.body, { childList: true, subtree: true });
    `);
    await menu('Run', 'Run All Cells');
    const bar = notebook().locator('.jp-OutputArea progress').first();
    await bar.waitFor({ timeout: 60_000 });
    await picture('progress');
    await allDone();
    const seen = (await page.evaluate('[...seenBars]')) as string[];
    const ofTraining = seen.filter((value) => value.endsWith(' of 40'));
    assert.ok(ofTraining.length >= 3, `bars stood at ${seen.join(', ')}`);
    assert.equal(await notebook().locator(ERROR).count(), 0);
    assert.equal(await notebook().locator('.jp-OutputArea progress').count(), 0);
    await notebook()
      .getByText(/^minimum 1 40\/40/)
      .first()
      .waitFor();
  });

  it('shows plots with tooltips and frames as tables', async () => {
    const plot = notebook().locator('.vega-embed').last();
    await reveal(plot);
    await plot.locator('canvas, svg').first().waitFor();
    const box = await plot.boundingBox();
    assert.ok(box && box.width > 300 && box.height > 200);
    const tooltip = page.locator('#vg-tooltip-element.visible');
    for (let x = 0.1; x < 0.9 && !(await tooltip.isVisible()); x += 0.02) {
      await page.mouse.move(box.x + x * box.width, box.y + 0.5 * box.height);
      await page.waitForTimeout(40);
    }
    await picture('plot');
    assert.match(await tooltip.innerText(), /train/);
    const table = notebook().locator('.jp-RenderedHTMLCommon table').last();
    await reveal(table);
    assert.match(await table.innerText(), /linear_combination_of_two_minima/);
    await picture('table');
  });

  it('shows a type error as an error, with its line', async () => {
    const output = await run('const width: number = "wide";\nmissing(width);');
    const error = output.locator(ERROR);
    await error.waitFor();
    assert.match(await error.innerText(), /CompileError: Type 'string' is not assignable/);
    assert.match(await error.innerText(), /line 2, column 1/);
    await picture('type-error');
  });

  it('stops a training at the stop button, and goes on afterwards', async () => {
    const output = await run(
      'settings.epochs = 100_000;\n' +
        "const endless = await trainOnce(stateDictsAtInits[0], 7, 'a training to stop');",
    );
    await output.locator('progress').waitFor();
    await page.waitForTimeout(1000);
    await picture('training');
    await notebook()
      .locator('[data-command="notebook:interrupt-kernel"], [title^="Interrupt"]')
      .first()
      .click();
    const error = output.locator(ERROR);
    await error.waitFor({ timeout: 3000 });
    assert.match(await error.innerText(), /^Interrupted: the cell was stopped/);
    await picture('stopped');
    const next = await run('stateDictsAtInits.length');
    await next.getByText('2', { exact: true }).waitFor();
  });

  it('is readable in the dark theme', async () => {
    await menu('Settings', 'Theme', 'JupyterLab Dark');
    await page.waitForTimeout(1500);
    await picture('dark-errors');
    await reveal(notebook().locator('.vega-embed').last());
    await picture('dark-plot');
    await reveal(notebook().locator('.jp-RenderedHTMLCommon table').last());
    await picture('dark-table');
    await menu('Settings', 'Theme', 'JupyterLab Light');
    await page.waitForTimeout(1000);
  });

  it('restarts', async () => {
    await menu('Kernel', 'Restart Kernel…');
    await page.locator('.jp-Dialog .jp-mod-accept').click();
    await state('Idle');
    const gone = await run('stateDictsAtInits.length');
    await gone
      .locator(ERROR)
      .getByText(/Cannot find name/)
      .waitFor();
    const fresh = await run('6 * 7');
    await fresh.getByText('42', { exact: true }).waitFor();
    await picture('restarted');
  });

  it('moves along the paths of Part 2 with a slider', async () => {
    await open('part-2');
    await menu('Run', 'Run All Cells');
    const slider = notebook().locator('.jp-OutputArea input[type="range"]');
    await slider.waitFor({ timeout: 120_000 });
    await allDone();
    assert.equal(await notebook().locator(ERROR).count(), 0);
    await reveal(slider);
    const plot = notebook().locator('.vega-embed', { has: page.locator('input[type="range"]') });
    const told = async () =>
      (await plot.locator('svg, canvas').first().screenshot()).toString('base64');
    const atMiddle = await told();
    await slider.fill('0');
    await page.waitForTimeout(500);
    assert.notEqual(await told(), atMiddle);
    await picture('slider');
  });
});
