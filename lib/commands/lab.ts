import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { ensureBuild } from '../build';
import { readOptions, runCommand } from '../command';
import { InputError } from '../errors';
import { requireRoom, writeAtomically } from '../files';
import { type Execution, executeNotebook } from '../jupyter/executeNotebook';
import { ensurePython } from '../jupyter/python';
import { statusLine } from '../jupyter/statusLine';
import { writeReport } from '../report';
import { mergeFigures } from '../report/mergeFigures';
import { projectRoot } from '../root';

/** What all parts leave, nets, grids and notebooks, is about half of it. */
const MOST_BYTES = 100e6;

/**
 * `npm run lab`: carries out the answered notebooks, on the full MNIST with no browser,
 * and writes the executed notebooks, `summary.json` and `report.html`.
 */
async function lab(): Promise<number> {
  const options = readOptions('lab', {
    quick: { type: 'boolean', default: false },
    out: { type: 'string', default: 'results' },
    part: { type: 'string' },
  });
  const out = resolve(options.out);
  const parts = chooseParts(options.part);
  requireRoom(out, MOST_BYTES);
  await ensureBuild();
  await ensurePython();
  const started = performance.now();
  const environment = { LAB_SIZE: options.quick ? 'small' : 'full', LAB_OUT: out };
  const executions: Record<string, Execution> = {};
  for (const part of parts) {
    const status = statusLine(part);
    try {
      const target = join(out, `${part}.ipynb`);
      executions[part] = await executeNotebook(source(part), target, environment, status.show);
      status.end(`done in ${executions[part].seconds.toFixed(0)} s`);
    } catch (error) {
      status.end('failed');
      throw error;
    }
  }
  const summary = {
    ...mergeFigures(parts.map((part) => readFigures(out, part))),
    machine: machine(),
    // What differs from run to run stands here alone: seconds, and the most memory a kernel had.
    timings: {
      ...Object.fromEntries(Object.entries(executions).map(([part, e]) => [part, e.seconds])),
      total: (performance.now() - started) / 1000,
      peakMemoryMB: Math.max(...Object.values(executions).map((e) => Math.round(e.peakMemoryMB))),
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

const folder = join(projectRoot, 'notebooks', 'instructor');

function source(part: string): string {
  return join(folder, `${part}.ipynb`);
}

/** What is carried out when no part is named: the parts that take minutes. */
const USUAL = ['part-0', 'part-1', 'part-2'];

/** `--part 1,2` as names of notebooks. */
function chooseParts(wanted: string | undefined): string[] {
  const all = readdirSync(folder)
    .filter((name) => /^part-.*\.ipynb$/.test(name))
    .map((name) => name.replace('.ipynb', ''))
    .sort();
  if (wanted === undefined) return USUAL;
  const parts = wanted.split(',').map((part) => `part-${part.trim()}`);
  const unknown = parts.find((part) => !all.includes(part));
  if (unknown !== undefined) {
    const known = all.map((part) => part.replace('part-', '')).join(', ');
    throw new InputError(`lab: --part ${unknown.replace('part-', '')} is none of ${known}`);
  }
  return parts;
}

function readFigures(out: string, part: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(out, `figures-${part}.json`), 'utf8')) as Record<
    string,
    unknown
  >;
}

function machine() {
  // A copy without git's history has no commit to name.
  const git = spawnSync('git', ['rev-parse', 'HEAD'], { cwd: projectRoot, encoding: 'utf8' });
  const commit = git.status === 0 ? git.stdout.trim() : 'unknown';
  const { platform, arch, version: node } = process;
  return { node, platform, arch, cpu: cpus()[0]?.model, cores: availableParallelism(), commit };
}

runCommand(lab);
