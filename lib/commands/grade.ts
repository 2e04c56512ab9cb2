import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ensureBuild } from '../build';
import { useBackend } from '../engine';
import { InputError } from '../errors';
import { writeAtomically } from '../files';
import { gradeAll, merge, share } from '../grading/batch';
import { type GradingOptions, taskOf } from '../grading/gradeNotebooks';
import type { Grade, Written } from '../grading/gradeSubmission';
import { writeReports } from '../grading/reports';
import { protections } from '../grading/sandbox';
import { findSubmissions } from '../grading/submissions';
import { projectRoot, shortPath } from '../root';
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
    shard: { type: 'string' },
    merge: { type: 'boolean', default: false },
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
  if (values.merge) return tell(merge(positionals), out);
  const { submissions: all, notes } = findSubmissions(positionals);
  const submissions = share(all, values.shard, values.seed);
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
  return tell(await gradeAll(submissions, written, options, out), out);
}

function tell(grades: readonly Grade[], out: string): number {
  console.log(writeReports(grades, out));
  console.log(
    `overview.html, grades.csv, grades.json and a page a student are in ${shortPath(out)}`,
  );
  return 0;
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

runCommand(grade);
