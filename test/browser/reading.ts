import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Browser, chromium, type Page } from 'playwright-core';
import { keepGrade } from '../../lib/grading/class/kept';
import { readWorkbook } from '../../lib/grading/class/workbook';
import { readMarks } from '../../lib/grading/marks/marks';
import { readingsOf } from '../../lib/grading/pages/readingPage';
import { projectRoot } from '../../lib/root';
import { temporaryFolder } from '../temporaryFolder';
import { findBrowser } from './lab';

/** A class of 60. */
const STUDENTS = [
  ...['Anna', 'Boris', 'Chloé', 'Dmitri', 'Эмма'],
  ...Array.from({ length: 55 }, (_, i) => `Student ${i + 6}`),
];
const [LINES, CHAIN] = ['task-1-2-answer', 'task-2-1-answer'];
/** Of whom, student by student, answers are marked as well. */
const FEW = 5;
/** Beside the letters of a comment. */
const MOST_KEYS = 3;

/** Reading answers in words with the keyboard alone, under the command itself. */
describe('marking in a browser', function () {
  this.timeout(120_000);
  const out = temporaryFolder();
  const { written } = readWorkbook();
  const grades = STUDENTS.map((student) => {
    const answers = written.filter(({ id }) => [LINES, CHAIN].includes(id));
    const texts = answers.map((one) => ({ ...one, text: `$w_1$ of ${student}` }));
    return { student, time: 1, earned: 1, most: 8, verdicts: [], written: texts, notebooks: [] };
  });
  let marking: ChildProcess;
  let address: string;
  let browser: Browser;
  const errors: string[] = [];
  /** Keys that were pressed, a chord as one. */
  let keys = 0;

  before(async () => {
    for (const grade of grades) keepGrade(out, grade, 'a key');
    await start();
    browser = await chromium.launch({ executablePath: findBrowser(), args: ['--no-sandbox'] });
  });
  after(async () => {
    await browser?.close();
    await kill();
  });
  afterEach(() => assert.deepEqual(errors, []));

  async function start(): Promise<void> {
    const args = ['run', '--silent', 'grade', '--', '--mark', out];
    marking = spawn('npm', args, { cwd: projectRoot, detached: true });
    let said = '';
    address = await new Promise((resolve, reject) => {
      marking.stdout!.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        const found = /give points at (\S+)\n/.exec(said)?.[1];
        if (found !== undefined) resolve(found);
      });
      marking.on('exit', () => reject(new Error(`npm run grade ended: ${said}`)));
    });
  }
  async function kill(): Promise<void> {
    if (marking.exitCode !== null || marking.signalCode !== null) return;
    process.kill(-marking.pid!, 'SIGKILL');
    await once(marking, 'exit');
  }
  async function open(place: string): Promise<Page> {
    const page = await browser.newPage();
    page.on('pageerror', (error) => errors.push(error.message));
    await page.goto(address + place);
    return page;
  }
  const press = async (page: Page, key: string) => {
    keys++;
    await page.keyboard.press(key);
  };
  /** Presses the last key for an answer, and waits for the page behind it. */
  const next = async (page: Page, key: string) => {
    const before = page.url();
    await press(page, key);
    await page.waitForURL((url) => url.href !== before);
  };
  const kept = (student: string, id: string) => {
    const { points, comment } = readMarks(out)[student]?.[id] ?? { comment: '' };
    return [points, comment];
  };
  const order = (id: string) => readingsOf(grades, id).map(({ grade }) => grade.student);

  it('goes through 60 answers to a question in three keys an answer', async () => {
    const page = await open('');
    await page.getByRole('link', { name: /^1\.2 / }).press('Enter');
    await page.waitForURL(/task-1-2-answer\/0\.html/);
    assert.match(await page.content(), /Model answer/);
    const shown = page.frameLocator('iframe[title="an answer in words"]').first();
    await shown.locator('math').first().waitFor();
    // Whoever has clicked into the answer goes on by keys all the same.
    await shown.locator('math').first().click();
    const text = 'which end is first? 3 < 4';
    const own = (i: number) => (i < 5 ? text : `${text}, asks the reader of ${i}`);
    // In turn: a mark alone; one with a comment; one with a comment of before; two marks alone.
    const ways = [
      ...[
        ['4', 'Enter'],
        ['2', 'c', 'Control+Enter'],
        ['0', 'q', 'Enter'],
      ],
      ...[
        ['3', 'n'],
        ['1', 'Enter'],
      ],
    ];
    for (const i of STUDENTS.keys()) {
      keys = 0;
      const [last, ...first] = [...ways[i % ways.length]!].reverse();
      for (const key of first.reverse()) {
        await press(page, key);
        if (key === 'c') await page.keyboard.type(own(i));
      }
      await next(page, last!);
      assert.ok(keys <= MOST_KEYS, `${keys} keys for answer ${i}`);
    }
    assert.match(page.url(), /overview\.html$/, 'after the last comes the class');
    const given = [[0.5, ''], [], [0, text], [0.38, ''], [0.13, '']];
    assert.deepEqual(
      order(LINES).map((student) => kept(student, LINES)),
      STUDENTS.map((_, i) => (i % 5 === 1 ? [0.25, own(i)] : given[i % 5])),
    );
    await page.close();
  });

  it('goes student by student, over what nobody has read', async () => {
    const page = await open('');
    const link = page.getByRole('link', { name: 'student by student' });
    assert.match(
      (await link.locator('..').textContent()) ?? '',
      /student by student \(60 to read\)/,
    );
    await link.press('Enter');
    keys = 0;
    let read = 0;
    const few = readingsOf(grades, 'student').slice(0, 2 * FEW);
    for (const { grade, id } of few.slice(1)) {
      await page.getByRole('heading', { name: grade.student }).waitFor();
      if (id === CHAIN) {
        read++;
        await press(page, '2');
      }
      await next(page, 'Enter');
    }
    assert.equal(read, FEW);
    assert.ok(keys <= MOST_KEYS * read, `${keys} keys`);
    for (const { grade } of few) assert.deepEqual(kept(grade.student, CHAIN), [0.25, '']);
    await page.close();
  });

  it('keeps in two tabs what the other has given, until it is said once more', async () => {
    const [first, second] = [
      await open(`read/${CHAIN}/0.html`),
      await open(`read/${CHAIN}/0.html`),
    ];
    const student = order(CHAIN)[0]!;
    await first.keyboard.press('4');
    // The page says that all is saved before it knows of the key.
    while (kept(student, CHAIN)[0] !== 0.5) await new Promise((done) => setTimeout(done, 20));
    await second.keyboard.press('0');
    await second.getByText(/^Not saved: .* in another tab/).waitFor();
    assert.deepEqual(kept(student, CHAIN), [0.5, '']);
    await second.keyboard.press('0');
    await second.getByText('Saved.').waitFor();
    assert.deepEqual(kept(student, CHAIN), [0, '']);
    await first.close();
    await second.close();
  });

  it('loses at most the last second when the server is killed, and goes on with it', async () => {
    const student = order(CHAIN)[1]!;
    const [points] = kept(student, CHAIN);
    const page = await browser.newPage();
    let waiting = 0;
    page.on('request', () => waiting++);
    page.on('requestfinished', () => waiting--);
    page.on('requestfailed', () => waiting--);
    await page.goto(`${address}read/${CHAIN}/1.html`);
    await page.clock.install();
    await page.keyboard.press('c');
    // A letter each tenth of a second without a pause, by the page's own clock.
    const typed = 'one who types on and on and never stops to think';
    for (const letter of typed) {
      await page.keyboard.type(letter);
      await page.clock.runFor(100);
      while (waiting > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await kill();
    const [, comment] = kept(student, CHAIN) as [number, string];
    assert.ok(typed.startsWith(comment));
    assert.ok(typed.length - comment.length <= 10, `"${comment}" of "${typed}"`);
    await page.keyboard.type('!');
    await page.clock.runFor(1000);
    await page.getByText(/^Not saved: the server does not answer/).waitFor();
    const before = address;
    await start();
    assert.equal(address, before);
    await page.clock.resume();
    await page.getByText('Saved.').waitFor();
    assert.deepEqual(kept(student, CHAIN), [points, `${typed}!`]);
    await page.close();
  });

  it('asks before what was typed on the page of a student is left', async () => {
    const page = await open(`${STUDENTS[0]}.html`);
    const asked: string[] = [];
    page.on('dialog', (dialog) => {
      asked.push(dialog.type());
      return dialog.dismiss();
    });
    const comment = page.locator(`textarea[name="comment-${LINES}"]`);
    await comment.fill('typed');
    await page.getByRole('link', { name: 'next student' }).click();
    await page.waitForTimeout(0);
    assert.equal(await comment.inputValue(), 'typed');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText(/^Saved: /).waitFor();
    assert.equal(kept(STUDENTS[0]!, LINES)[1], 'typed');
    await page.getByRole('link', { name: 'next student' }).click();
    await page.waitForURL(/Boris\.html$/);
    assert.deepEqual(asked, ['beforeunload']);
    await page.close();
  });
});
