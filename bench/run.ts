import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { ensureBuild } from '../lib/build';
import { readOptions, runCommand } from '../lib/command';
import { loadMnist } from '../lib/data';
import { InputError } from '../lib/errors';
import { requireRoom, writeAtomically } from '../lib/files';
import { projectRoot, shortPath } from '../lib/root';
import { type Measurement, median, ROWS, type Row } from './rows';

/** A row of one side in a round, measured in a process of its own; memory is its most, in MB. */
interface Run {
  readonly side: Side;
  readonly row: Row;
  readonly value: number;
  readonly memory: number;
  readonly versions: string;
}

type Side = 'ours' | 'tuned' | 'template';

/** Of the template's way once what does not take hours; its whole lab is put together from that. */
const TEMPLATE: readonly Row[] = ['step', 'epoch', 'evaluation', 'bendEpoch', 'lab'];

const defaultPython = join(projectRoot, '.venv-torch', 'bin', 'python');

/**
 * `npm run bench`: the lab against PyTorch in one run, the sides in turn, round by round; medians,
 * ratios and their spread. Without PyTorch the lab's own rows are printed. Every run goes to
 * `results/bench.json`, with `-- --publish` to `bench/results.json`, which the table of docs/speed.md is made of.
 */
async function bench(): Promise<number> {
  const values = readOptions('bench', {
    rounds: { type: 'string', default: '3' },
    python: { type: 'string', default: process.env.LAB_TORCH ?? defaultPython },
    publish: { type: 'boolean', default: false },
  });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new InputError(
      `bench: --rounds must be a whole number of at least 1, got ${values.rounds}`,
    );
  }
  const results = join(projectRoot, values.publish ? 'bench/results.json' : 'results/bench.json');
  requireRoom(dirname(results));
  await ensureBuild();
  const { source } = await loadMnist();
  const python = findTorch(values.python);
  const sides: Side[] = python === undefined ? ['ours'] : ['ours', 'tuned', 'template'];
  const runs: Run[] = [];
  for (let round = 1; round <= rounds; round++) {
    for (const row of Object.keys(ROWS) as Row[]) {
      for (const side of sides) {
        if (side === 'template' && (round > 1 || !TEMPLATE.includes(row))) continue;
        console.error(`round ${round} of ${rounds}: ${row}, ${side}`);
        runs.push(measure(side, row, source, python));
      }
    }
  }
  const machine = `${cpus()[0]?.model}, ${availableParallelism()} cores`;
  const versions = [...new Set(runs.map((run) => run.versions))];
  const result = { date: new Date().toISOString().slice(0, 10), machine, versions, rounds, runs };
  writeAtomically(results, `${JSON.stringify(result, null, 1)}\n`);
  console.log(`${table(runs)}\n\n${[machine, ...versions].join('; ')}`);
  console.log(`medians of ${rounds} rounds; every run is in ${shortPath(results)}`);
  return 0;
}

/** @throws InputError when a Python was named that has no torch */
function findTorch(python: string): string | undefined {
  const has = spawnSync(python, ['-c', 'import torch, numpy']).status === 0;
  if (has) return python;
  if (python !== defaultPython || existsSync(defaultPython)) {
    throw new InputError(`bench: ${python} cannot import torch and numpy; install them there`);
  }
  console.error(
    'no PyTorch to compare with: only the lab’s rows follow. To get it:\n' +
      '  python3 -m venv .venv-torch && .venv-torch/bin/pip install torch numpy',
  );
  return undefined;
}

function measure(side: Side, row: Row, data: string, python: string | undefined): Run {
  const template = side === 'template' ? ['--template'] : [];
  const [program, args] =
    side === 'ours' || python === undefined
      ? [process.execPath, ['--require', 'tsx/cjs', join(__dirname, 'ours.ts'), row]]
      : [python, [join(__dirname, 'peer.py'), data, ...template, row]];
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: projectRoot,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${side} failed:\n${stderr}`);
  const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
  const found = lines.map((line) => JSON.parse(line) as Measurement);
  const value = (name: string) => found.find((measurement) => measurement.row === name)?.value;
  return {
    side,
    row,
    value: Number(value(row)),
    memory: Number(value('memory')),
    versions: String(value('versions')),
  };
}

/** A row each, as Markdown: medians, and of the ratios of a round the least and the most. */
function table(runs: readonly Run[]): string {
  const peers = runs.some(({ side }) => side === 'tuned');
  const body = (Object.keys(ROWS) as Row[]).map((row) => {
    const of = (side: Side) => runs.filter((run) => run.row === row && run.side === side);
    const [ours, tuned, template] = [of('ours'), of('tuned'), of('template')];
    const value = (side: readonly Run[]) => median(side.map((run) => run.value));
    const memory = (side: readonly Run[]) => median(side.map((run) => run.memory));
    const ratios = ours.map((run, i) => run.value / (tuned[i]?.value ?? Number.NaN));
    const spread = `${digits(Math.min(...ratios))}–${digits(Math.max(...ratios))}`;
    const alone = [ROWS[row], digits(value(ours)), digits(memory(ours))];
    if (!peers) return alone;
    return [
      ...alone,
      digits(value(tuned)),
      digits(memory(tuned)),
      `${digits(median(ratios))} (${spread})`,
      digits(value(template)),
      digits(value(template) / value(ours)),
    ];
  });
  const alone = ['row', 'ours', 'MB'];
  const header = peers
    ? [...alone, 'PyTorch, tuned', 'MB', 'ours ÷ tuned (spread)', 'the template', 'template ÷ ours']
    : alone;
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...body.map(line)].join('\n');
}

function digits(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(3))) : '—';
}

runCommand(bench);
