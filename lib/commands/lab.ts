import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { basename, join, resolve } from 'node:path';
import * as v from 'valibot';
import { ensureBuild } from '../build';
import { readOptions, runCommand } from '../command';
import { otherSet } from '../data';
import { InputError } from '../errors';
import { requireRoom, writeAtomically } from '../files';
import { readNotebook } from '../ipynb';
import { carryOutInTurn } from '../jupyter/carryOutInTurn';
import { ensurePython } from '../jupyter/python';
import { startNotebook } from '../jupyter/startNotebook';
import { writeReport } from '../report';
import { mergeFigures } from '../report/mergeFigures';
import { projectRoot } from '../root';
import { readJson, recordOf } from '../saved';
import { readShare } from '../share';

/** What all parts leave, nets, grids and notebooks, is about half of it. */
const MOST_BYTES = 100e6;

/**
 * `npm run lab`: carries out the answered notebooks, on the full MNIST with no browser,
 * and writes the executed notebooks, `summary.json` and `report.html`. A quick run has a folder of its
 * own, so that no net of a full one is lost, and so has one on another set than MNIST.
 *
 * `--share i/n` begins with that share of the trainings, for the i-th of n machines that have one
 * folder; the command without it then makes notebooks, figures and report of them all.
 */
async function lab(): Promise<number> {
  const options = readOptions('lab', {
    quick: { type: 'boolean', default: false },
    out: { type: 'string' },
    part: { type: 'string' },
    share: { type: 'string' },
  });
  const out = resolve(options.out ?? usualFolder(options.quick));
  const parts = chooseParts(options.part);
  const share = options.share === undefined ? undefined : readShare('lab: --share', options.share);
  const notebooks = share ? join(out, `share-${share.i}`) : out;
  requireRoom(notebooks, MOST_BYTES);
  // One that cannot be read is told of before hours of others.
  for (const part of parts) readNotebook(source(part));
  await ensureBuild();
  await ensurePython();
  const started = performance.now();
  const environment = {
    ...{ LAB_SIZE: options.quick ? 'small' : 'full', LAB_OUT: out },
    ...(share && { LAB_SHARE: options.share }),
  };
  const executions = await carryOutInTurn(parts, (part) =>
    startNotebook(source(part), join(notebooks, `${part}.ipynb`), environment),
  );
  if (share) {
    console.log(`what was trained is in ${out}; without --share it becomes the report`);
    return 0;
  }
  const total = (performance.now() - started) / 1000;
  const summary = {
    ...mergeFigures(parts.map((part) => readFigures(out, part))),
    machine: machine(),
    // What differs from run to run stands here alone: seconds, in all and by cell, and the most
    // memory a kernel had.
    timings: {
      ...Object.fromEntries(executions.map(({ seconds }, i) => [parts[i], seconds])),
      total,
      peakMemoryMB: Math.max(...executions.map((e) => Math.round(e.peakMemoryMB))),
      stages: executions.flatMap(({ stages }, i) =>
        stages.map((one) => ({ part: parts[i], ...one, share: one.seconds / total })),
      ),
    },
  };
  writeAtomically(join(out, 'summary.json'), `${JSON.stringify(summary, null, 1)}\n`);
  writeReport(
    join(out, 'report.html'),
    summary,
    parts.map((part) => join(out, `${part}.ipynb`)),
  );
  console.log(
    `the report is ${join(out, 'report.html')}, the figures are in summary.json beside it`,
  );
  return 0;
}

function usualFolder(quick: boolean): string {
  const other = otherSet();
  const ofSet = other === undefined ? 'results' : join('results', basename(other));
  return quick ? join(ofSet, 'quick') : ofSet;
}

const folder = join(projectRoot, 'notebooks', 'instructor');

function source(part: string): string {
  return join(folder, `${part}.ipynb`);
}

/** What is carried out when no part is named: the parts that take minutes. */
const USUAL = ['part-0', 'part-1', 'part-2'];

/** `--part 1,2` as names of notebooks, each once. */
function chooseParts(wanted: string | undefined): string[] {
  const all = readdirSync(folder)
    .filter((name) => /^part-.*\.ipynb$/.test(name))
    .map((name) => name.replace('.ipynb', ''))
    .sort();
  if (wanted === undefined) return USUAL;
  const parts = [...new Set(wanted.split(',').map((part) => `part-${part.trim()}`))];
  const unknown = parts.find((part) => !all.includes(part));
  if (unknown !== undefined) {
    const known = all.map((part) => part.replace('part-', '')).join(', ');
    throw new InputError(`lab: --part ${unknown.replace('part-', '')} is none of ${known}`);
  }
  return parts;
}

function readFigures(out: string, part: string): Record<string, unknown> {
  const file = join(out, `figures-${part}.json`);
  const told = { file, what: 'file of figures', remedy: 'carry the part out again' };
  return readJson(readFileSync(file, 'utf8'), recordOf(v.unknown()), told);
}

function machine() {
  // A copy without git's history has no commit to name.
  const git = spawnSync('git', ['rev-parse', 'HEAD'], { cwd: projectRoot, encoding: 'utf8' });
  const commit = git.status === 0 ? git.stdout.trim() : 'unknown';
  const { platform, arch, version: node } = process;
  return { node, platform, arch, cpu: cpus()[0]?.model, cores: availableParallelism(), commit };
}

runCommand(lab);
