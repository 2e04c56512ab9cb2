import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { listeners } from '../close';

/**
 * Required beside the tests that hold the library against PyTorch and SciPy, it writes docs/numbers.md
 * of what they compared: the command stands in that page.
 */

const root = join(__dirname, '..', '..');

/** What a test has compared: how many numbers, and those that came nearest to what is allowed. */
interface Row {
  readonly file: string;
  readonly title: string;
  count: number;
  ours: number;
  theirs: number;
  allowed: number;
}

const rows = new Map<string, Row>();
let now: { readonly file: string; readonly title: string } | undefined;

listeners.push(({ actual, expected, allowed }) => {
  if (now === undefined) return;
  const key = `${now.file} ${now.title}`;
  const row = rows.get(key) ?? { ...now, count: 0, ours: 0, theirs: 0, allowed: 0 };
  rows.set(key, row);
  row.count += expected.length;
  for (let i = 0; i < expected.length; i++) {
    const [ours, theirs] = [actual[i]!, expected[i]!];
    if (!(share(ours, theirs, allowed(theirs)) >= share(row.ours, row.theirs, row.allowed)))
      continue;
    Object.assign(row, { ours, theirs, allowed: allowed(theirs) });
  }
});

/** The part of what is allowed that a difference takes; nothing is allowed nothing. */
function share(ours: number, theirs: number, allowed: number): number {
  return ours === theirs ? 0 : Math.abs(ours - theirs) / allowed;
}

const readJson = (path: string) => JSON.parse(readFileSync(join(root, path), 'utf8'));

function versions(): string {
  const fixtures = ['optim', 'paths', 'curvature'].map((of) =>
    readJson(`test/${of}/fixtures.json`),
  );
  const torch = [...new Set(fixtures.map((of) => of.torch as string))].join(' and ');
  const { scipy } = readJson('test/matching/fixtures.json');
  const tfjs = readJson('node_modules/@tensorflow/tfjs/package.json').version;
  return `Node ${process.version} on ${process.arch}, tfjs ${tfjs}; PyTorch ${torch}, SciPy ${scipy}`;
}

function pageOf(command: string): string {
  const digits = (x: number, n: number) => String(Number(x.toPrecision(n)));
  const lines = [...rows.values()].map(({ file, title, count, ours, theirs, allowed }) => {
    const cells = [digits(ours, 9), digits(theirs, 9), digits(Math.abs(ours - theirs), 2)];
    const what = title.replaceAll('|', '\\|');
    return `| ${file}: ${what} | ${count} | ${cells.join(' | ')} | ${digits(allowed, 2)} |`;
  });
  return `# Numbers beside PyTorch's

Each row is a test: how many numbers it compares, and those two of them that come nearest to what is
allowed, with their difference and that. Where the difference is 0, all numbers are equal to the last
bit. The fixtures stand beside the tests, with the scripts that made them; a few rows compare with a
formula or with finite differences, as their titles say.

${versions()}. Written by

\`\`\`sh
${command}
\`\`\`

| test | numbers | ours | theirs | difference | allowed |
|---|---|---|---|---|---|
${lines.join('\n')}
`;
}

/** Mocha's own hooks, for all files. */
export const mochaHooks = {
  beforeEach(this: Mocha.Context) {
    const { currentTest } = this;
    const file = relative(join(root, 'test'), currentTest?.file ?? '');
    now = { file: file.replace('.test.ts', ''), title: currentTest?.fullTitle() ?? '' };
  },
  afterAll() {
    const files = process.argv.filter((word) => word.endsWith('.test.ts'));
    const options = '--no-config --require tsx --require ./test/numbers/page.ts --timeout 60000';
    const page = pageOf(
      `npx mocha ${options} \\\n  ${files.map((file) => relative(root, file)).join(' ')}`,
    );
    writeFileSync(join(root, 'docs', 'numbers.md'), page);
  },
};
