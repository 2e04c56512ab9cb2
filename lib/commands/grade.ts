import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { availableParallelism, freemem } from 'node:os';
import { join, resolve } from 'node:path';
import { ensureBuild } from '../build';
import { useBackend } from '../engine';
import { InputError } from '../errors';
import { writeAtomically } from '../files';
import { type GradingOptions, taskOf } from '../grading/gradeNotebooks';
import { type Grade, gradeSubmission, type Written } from '../grading/gradeSubmission';
import { protections } from '../grading/sandbox';
import { studentPage } from '../grading/studentPage';
import { findSubmissions, type Submission } from '../grading/submissions';
import { gradesCsv } from '../grading/tables';
import { projectRoot, shortPath } from '../root';
import { summaryFrame, textTable } from '../tables';
import { sideBySide } from '../training';
import { readNotebook } from '../workbook';
import { readArguments, runCommand } from './command';

/** A submission in the sandbox may take this much memory, so many run at once as there is room. */
const MEMORY_MB = 3000;

/**
 * `npm run grade -- PATH…`: carries out each submission in a sandbox of its own, judges here what
 * it left, and writes `grades.json`, `grades.csv` and a page a student. Started again with the same
 * `--out`, it goes on with those that are not graded yet.
 */
async function grade(): Promise<number> {
  const { values, positionals } = readArguments('grade', {
    out: { type: 'string', default: 'grades' },
    size: { type: 'string', default: 'small' },
    seed: { type: 'string' },
  });
  if (positionals.length === 0) {
    throw new InputError(
      'grade: say which notebooks or folders, as in npm run grade -- submissions/',
    );
  }
  if (values.size !== 'small' && values.size !== 'full') {
    throw new InputError(`grade: --size must be small or full, got ${values.size}`);
  }
  const out = resolve(values.out);
  const { submissions, notes } = findSubmissions(positionals);
  const guards = protections();
  if (guards.length === 0) {
    throw new InputError(
      'grade: bubblewrap does not work here, and what students wrote is not carried out without ' +
        'it; install it (Debian and Ubuntu: apt install bubblewrap)',
    );
  }
  for (const guard of guards) console.error(`protection: ${guard}`);
  for (const note of notes) console.error(`note: ${note}`);
  ensureBuild();
  await useBackend('wasm');
  const small = values.size === 'small';
  const { points, written } = workbook();
  const options: GradingOptions = {
    seed: chooseSeed(out, values.seed),
    small,
    cellSeconds: small ? 120 : 3600,
    limits: {
      seconds: small ? 600 : 4 * 3600,
      memoryMB: MEMORY_MB,
      processes: 40,
      diskMB: 500,
      outputMB: 300,
    },
    points,
  };
  const grades = await gradeAll(submissions, written, options, out);
  writeAtomically(join(out, 'grades.json'), `${JSON.stringify(grades.map(brief), null, 1)}\n`);
  writeAtomically(join(out, 'grades.csv'), gradesCsv(grades));
  console.log(textTable(table(grades), { rows: 1000 }));
  console.log(
    `seed ${options.seed}; grades.csv, grades.json and a page a student are in ${shortPath(out)}`,
  );
  return 0;
}

async function gradeAll(
  submissions: readonly Submission[],
  written: readonly Omit<Written, 'text'>[],
  options: GradingOptions,
  out: string,
): Promise<Grade[]> {
  const atOnce = Math.max(
    1,
    Math.min(availableParallelism(), Math.floor(freemem() / 1e6 / MEMORY_MB)),
  );
  const begun = Date.now();
  let [done, graded] = [0, 0];
  return await sideBySide(
    submissions.map((submission) => async () => {
      const file = join(out, 'students', `${fileName(submission.student)}.json`);
      const key = keyOf(submission, options);
      let result = takeUp(file, key);
      if (result === undefined) {
        result = await gradeSubmission(submission, written, options);
        writeAtomically(join(out, `${fileName(submission.student)}.html`), studentPage(result));
        writeAtomically(file, JSON.stringify({ key, grade: result }));
        graded++;
      }
      done++;
      const each = (Date.now() - begun) / 1000 / Math.max(graded, 1);
      const left = Math.round((submissions.length - done) * each);
      console.error(
        `${done}/${submissions.length} · ${result.student}: ${result.earned} of ${result.most} · about ${left} s left`,
      );
      return result;
    }),
    { atOnce },
  );
}

/** A grade that was made of the same notebooks in the same way. */
function takeUp(file: string, key: string): Grade | undefined {
  if (!existsSync(file)) return undefined;
  const saved = JSON.parse(readFileSync(file, 'utf8')) as { key: string; grade: Grade };
  return saved.key === key ? saved.grade : undefined;
}

function keyOf({ notebooks }: Submission, options: GradingOptions): string {
  const hash = createHash('sha256').update(JSON.stringify(options));
  for (const path of notebooks) hash.update(path).update(readFileSync(path));
  return hash.digest('hex');
}

/** Drawn anew for a run, so that nobody knows the inputs; kept, so that it can go on. */
function chooseSeed(out: string, wanted: string | undefined): number {
  const file = join(out, 'seed.txt');
  const text = wanted ?? (existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined);
  const seed = text === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(text);
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new InputError(`grade: --seed must be a whole number from 0, got ${text}`);
  }
  writeAtomically(file, `${seed}\n`);
  return seed;
}

/** Points and answers in words, from the instructor's notebooks. */
function workbook() {
  const folder = join(projectRoot, 'notebooks', 'instructor');
  const cells = readdirSync(folder)
    .filter((name) => name.endsWith('.ipynb'))
    .flatMap((name) => readNotebook(join(folder, name)).cells);
  const points: Record<string, number> = {};
  const written: Omit<Written, 'text'>[] = [];
  for (const { id, metadata, cell_type } of cells) {
    const { points: worth } = metadata.nbgrader ?? {};
    if (worth === undefined) continue;
    if (cell_type === 'code') points[id] = worth;
    else written.push({ id, task: taskOf(id), points: worth });
  }
  return { points, written };
}

/** Without the pictures, which are in the student's page. */
function brief({ notebooks, ...grade }: Grade) {
  return { ...grade, notebooks: notebooks.map(({ outputs: _, ...rest }) => rest) };
}

function table(grades: readonly Grade[]) {
  const tasks = [
    ...new Set(grades.flatMap(({ verdicts }) => verdicts.map(({ task }) => task))),
  ].sort();
  const rows = grades.map(({ student, verdicts, earned }) => {
    const of = (task: string) =>
      verdicts.filter((one) => one.task === task).reduce((sum, one) => sum + one.earned, 0);
    return [student, { ...Object.fromEntries(tasks.map((task) => [task, of(task)])), sum: earned }];
  });
  return summaryFrame(Object.fromEntries(rows) as Record<string, object>);
}

/** A student's name as a file's: letters of any language, digits, and little else. */
function fileName(student: string): string {
  const plain = student
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}._ -]/gu, '_')
    .slice(0, 80);
  const tag = createHash('sha256').update(student).digest('hex').slice(0, 6);
  return plain === student && !/^\./.test(plain) ? plain : `${plain.replace(/^\.+/, '_')}-${tag}`;
}

runCommand(grade);
