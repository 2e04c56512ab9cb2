import assert from 'node:assert/strict';
import { type Browser, chromium } from 'playwright-core';
import type { Grade } from '../../lib/grading/judge/grade';
import { overviewPage } from '../../lib/grading/pages/overviewPage';
import { studentPage } from '../../lib/grading/pages/studentPage';
import { findBrowser } from './lab';

/** The grader's pages in a real browser, on a screen and on a phone. */
describe('pages of grades in a browser', function () {
  this.timeout(60_000);
  const long = 'W'.repeat(200);
  const grade: Grade = {
    student: 'ann',
    time: 0,
    earned: 0,
    most: 1,
    verdicts: [
      { id: 'task-2-1-check', task: '2.1', points: 1, earned: 0, findings: [], reason: long },
    ],
    written: [
      {
        id: 'w',
        task: '2.1',
        points: 0.5,
        text: '$$f = \\begin{cases} a & x \\\\ b & y \\\\ c & z \\end{cases}$$',
      },
    ],
    notebooks: [{ file: `${long}.ipynb`, errors: { [long]: long }, outputs: {}, unreadable: long }],
  };
  const pages = {
    overview: overviewPage([grade, { ...grade, student: long }], {}),
    student: studentPage({ ...grade, student: long }, {}),
    form: studentPage(grade, {}, { next: 'x.html' }),
  };
  let browser: Browser;

  before(async () => {
    browser = await chromium.launch({ executablePath: findBrowser(), args: ['--no-sandbox'] });
  });
  after(() => browser?.close());

  async function open(name: string, width: number) {
    const page = await browser.newPage({ viewport: { width, height: 800 } });
    await page.setContent(pages[name as keyof typeof pages]);
    return page;
  }

  for (const name of Object.keys(pages)) {
    for (const width of [1280, 400]) {
      it(`nothing of the ${name} is wider than ${width} pixels, however long a name is`, async () => {
        const page = await open(name, width);
        const widest = await page.evaluate('document.documentElement.scrollWidth');
        assert.equal(widest, width);
        await page.close();
      });
    }
  }

  it('a brace is as high as the cases that it holds', async () => {
    const page = await open('student', 1280);
    const [, answer] = page.frames();
    const height = async (selector: string) =>
      (await answer!.locator(selector).first().boundingBox())!.height;
    const [brace, cases] = [await height('mo[stretchy="true"]'), await height('mtable')];
    // Three lines; without a font for mathematics a brace is one line high.
    assert.ok(brace >= 0.9 * cases, `${brace} and ${cases} pixels`);
    await page.close();
  });
});
