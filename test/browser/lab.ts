import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium, type Locator, type Page } from 'playwright-core';
import { projectRoot } from '../../lib/root';
import { temporaryFolder } from '../temporaryFolder';

const BROWSERS = [
  process.env.LAB_BROWSER,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
/** What JupyterLab shows of an error, and of what a cell prints on stderr. */
export const ERROR = '[data-mime-type="application/vnd.jupyter.stderr"]';
const pictures = join(projectRoot, 'results', 'browser');
const folder = join(projectRoot, 'notebooks', 'browser-test');

export function findBrowser(): string {
  const found = BROWSERS.find((path) => path && existsSync(path));
  if (found) return found;
  throw new Error(
    'no browser found: install one (Debian: apt install chromium), or set LAB_BROWSER to its path',
  );
}

/** Starts JupyterLab as a user does; gives the address with its token. */
async function startLab(port: number, environment: NodeJS.ProcessEnv) {
  const args = ['start', '--silent', '--', '--no-browser', '--port', String(port)];
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

/** A real browser on the JupyterLab that `npm start` opens, at the small size. */
export interface LabInBrowser {
  readonly page: Page;
  /** Opens a copy of a notebook, with a kernel of its own. */
  open(name: string): Promise<void>;
  notebook(): Locator;
  codeCells(): Locator;
  /** Adds a cell at the end, runs it and gives its output. */
  runNew(code: string): Promise<Locator>;
  /** Leaves a screenshot in results/browser. */
  picture(name: string): Promise<unknown>;
  /** Scrolls to an output, which may be drawn anew and move while cells above it are drawn. */
  reveal(output: Locator): Promise<void>;
  /** Waits until the kernel's light says so. */
  state(what: 'Idle' | 'Busy'): Promise<void>;
  /** Waits until the light stays idle: between two cells it is for a moment as well. */
  allDone(): Promise<void>;
  menu(...path: string[]): Promise<void>;
  close(): Promise<void>;
}

/** Starts JupyterLab on copies of some notebooks, given by their paths, and a browser on it. */
export async function openBrowser(
  port: number,
  notebooks: Readonly<Record<string, string>>,
): Promise<LabInBrowser> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  mkdirSync(pictures, { recursive: true });
  for (const [name, path] of Object.entries(notebooks)) {
    copyFileSync(path, join(folder, `${name}.ipynb`));
  }
  const { lab, address } = await startLab(port, {
    LAB_SIZE: 'small',
    // TensorFlow would say on stderr, in red, that it has been loaded.
    LAB_BACKEND: 'wasm',
    LAB_OUT: temporaryFolder(),
  });
  const browser = await chromium.launch({
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
  const page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
  const notebook = () => page.locator('.jp-NotebookPanel:not(.lm-mod-hidden)');
  const codeCells = () => notebook().locator('.jp-CodeCell');
  const reveal = async (output: Locator) => {
    for (let round = 0; round < 3; round++) {
      await output.evaluate((element) =>
        (element.closest('.jp-OutputArea-child') ?? element).scrollIntoView({ block: 'center' }),
      );
      await page.waitForTimeout(200);
    }
  };
  const state = async (what: 'Idle' | 'Busy') =>
    await page
      .locator(`.jp-NotebookPanel-toolbar [data-status="${what.toLowerCase()}"]`)
      .first()
      .waitFor({ timeout: 120_000 });

  return {
    page,
    notebook,
    codeCells,
    reveal,
    state,
    picture: (name) => page.screenshot({ path: join(pictures, `${name}.png`) }),

    async open(name) {
      const { origin, searchParams } = address;
      const token = searchParams.get('token');
      await page.goto(`${origin}/lab/tree/browser-test/${name}.ipynb?reset&token=${token}`);
      await codeCells().first().waitFor({ timeout: 60_000 });
      await page.getByText('TypeScript (tslab) | Idle').waitFor();
      // Until the front end's own first questions are answered, it has no kernel to run cells in.
      await page.waitForTimeout(2000);
    },

    async runNew(code) {
      const last = codeCells().last();
      await reveal(last);
      await last.locator('.jp-InputPrompt').click();
      await page.keyboard.press('Escape');
      await page.keyboard.press('b');
      await page.keyboard.press('Enter');
      await page.keyboard.insertText(code);
      await page.keyboard.press('Control+Enter');
      return codeCells().last().locator('.jp-OutputArea');
    },

    async allDone() {
      for (let calm = 0; calm < 5; calm++) {
        await state('Idle');
        await page.waitForTimeout(300);
        const busy = page.locator('.jp-NotebookPanel-toolbar [data-status="busy"]');
        if ((await busy.count()) > 0) calm = -1;
      }
    },

    async menu(...path) {
      for (const [depth, label] of path.entries()) {
        const item =
          depth === 0
            ? page.locator('.lm-MenuBar-item', { hasText: label }).first()
            : page.locator('.lm-Menu-item', { hasText: label }).first();
        await item.hover();
        await item.click();
      }
    },

    async close() {
      await browser.close();
      if (lab.pid) {
        process.kill(-lab.pid, 'SIGTERM');
        await Promise.race([
          once(lab as ChildProcess, 'exit'),
          new Promise((r) => setTimeout(r, 5000)),
        ]);
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Leaves a screenshot when a test has failed. */
export async function pictureFailure(
  browser: LabInBrowser | undefined,
  test: { readonly state?: string | undefined } | undefined,
): Promise<void> {
  if (test?.state === 'failed') await browser?.picture('failed');
}
