import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { ensureBuild } from '../lib/build';
import { readOptions, runCommand } from '../lib/commands/command';
import { loadMnist } from '../lib/data';
import { InputError } from '../lib/errors';
import { writeAtomically } from '../lib/files';
import { projectRoot } from '../lib/root';
import { type Measurement, ROWS, type Row } from './rows';

/** One run of one side: its rows, its versions and the most memory it had, in MB. */
interface Run {
  readonly rows: Readonly<Partial<Record<Row, number>>>;
  readonly versions: string;
  readonly memory: number;
}

type Side = 'ours' | 'tuned' | 'template';

const FAST: readonly Row[] = [
  'step',
  'sideBySide',
  'epoch',
  'evaluation',
  'line',
  'bendEpoch',
  'plane',
];
/** Of the template's way the short rows; the plane would take most of an hour. */
const TEMPLATE: readonly Row[] = ['step', 'epoch', 'evaluation', 'bendEpoch'];

const results = join(projectRoot, 'bench', 'results.json');
const defaultPython = join(projectRoot, '.venv-torch', 'bin', 'python');

/**
 * `npm run bench`: the lab against PyTorch in one run, the sides in turn, round by round; medians,
 * ratios and their spread. Without PyTorch the lab's own rows are printed.
 */
async function bench(): Promise<number> {
  const values = readOptions('bench', {
    rounds: { type: 'string', default: '3' },
    python: { type: 'string', default: process.env.LAB_TORCH ?? defaultPython },
  });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new InputError(`bench: --rounds must be a number of at least 1, got ${values.rounds}`);
  }
  ensureBuild();
  const { source } = await loadMnist();
  const python = findTorch(values.python);
  const sides: Side[] = python === undefined ? ['ours'] : ['ours', 'tuned', 'template'];
  const runs: Record<Side, Run[]> = { ours: [], tuned: [], template: [] };
  const labs: Record<Side, Run[]> = { ours: [], tuned: [], template: [] };
  for (let round = 1; round <= rounds; round++) {
    for (const side of sides) {
      console.error(`round ${round} of ${rounds}: ${side}`);
      const rows = side === 'template' ? TEMPLATE : FAST;
      if (side !== 'template' || round === 1) runs[side].push(measure(side, rows, source, python));
    }
  }
  for (const side of sides) {
    console.error(`the whole lab: ${side}`);
    labs[side].push(measure(side, ['lab'], source, python));
  }
  const text = report(runs, labs);
  console.log(text);
  const machine = `${cpus()[0]?.model}, ${availableParallelism()} cores`;
  writeAtomically(results, `${JSON.stringify({ machine, rounds, runs, labs }, null, 1)}\n`);
  console.log(`\n${machine}; every run's figures are in bench/results.json`);
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

function measure(side: Side, rows: readonly Row[], data: string, python: string | undefined): Run {
  const [program, args] =
    side === 'ours'
      ? [process.execPath, ['--require', 'tsx/cjs', join(__dirname, 'ours.ts'), ...rows]]
      : [
          python!,
          [
            join(__dirname, 'peer.py'),
            data,
            ...(side === 'template' ? ['--template'] : []),
            ...rows,
          ],
        ];
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: projectRoot,
    encoding: 'utf8',
    maxBuffer: 1e8,
  });
  if (status !== 0) throw new Error(`${side} failed:\n${stderr}`);
  const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
  const found = lines.map((line) => JSON.parse(line) as Measurement);
  const value = (row: string) => found.find((measurement) => measurement.row === row)?.value;
  return {
    rows: Object.fromEntries(rows.map((row) => [row, Number(value(row))])),
    versions: String(value('versions')),
    memory: Number(value('memory')),
  };
}

function report(runs: Record<Side, Run[]>, labs: Record<Side, Run[]>): string {
  const all = (side: Side, row: Row) =>
    (row === 'lab' ? labs : runs)[side].map((run) => run.rows[row]).filter((v) => v !== undefined);
  const peers = runs.tuned.length > 0;
  const header = peers
    ? [
        'row',
        'ours',
        'PyTorch, tuned',
        'ours ÷ tuned (least–most)',
        'PyTorch, as the template',
        'template ÷ ours',
      ]
    : ['row', 'ours'];
  const body = (Object.keys(ROWS) as Row[]).map((row) => {
    const ours = all('ours', row);
    const tuned = all('tuned', row);
    const template = all('template', row);
    const ratios = ours.map((value, i) => value / (tuned[i] ?? Number.NaN));
    return [
      ROWS[row],
      digits(median(ours)),
      ...(peers
        ? [
            digits(median(tuned)),
            `${digits(median(ratios))} (${digits(Math.min(...ratios))}–${digits(Math.max(...ratios))})`,
            template.length > 0 ? digits(median(template)) : '—',
            template.length > 0 ? digits(median(template) / median(ours)) : '—',
          ]
        : []),
    ];
  });
  const memory = (side: Side) => labs[side][0]?.memory ?? Number.NaN;
  body.push([
    'peak memory of the whole lab (MB)',
    digits(memory('ours')),
    ...(peers ? [digits(memory('tuned')), digits(memory('ours') / memory('tuned')), '—', '—'] : []),
  ]);
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const versions = [
    ...new Set(
      Object.values(runs)
        .flat()
        .map((run) => run.versions),
    ),
  ].join('; ');
  return [line(header), line(header.map(() => '---')), ...body.map(line), '', versions].join('\n');
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted.length === 0
    ? Number.NaN
    : (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
}

function digits(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(3))) : '—';
}

runCommand(bench);
