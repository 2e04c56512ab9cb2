import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ensureBuild } from '../lib/build';
import { readOptions, runCommand } from '../lib/command';
import { loadMnist } from '../lib/data';
import { InputError } from '../lib/errors';
import { requireRoom, writeAtomically } from '../lib/files';
import { projectRoot, shortPath } from '../lib/root';
import { coresApart } from './apart';
import { requireSame, saveInits } from './nets';
import {
  askedOf,
  has,
  type Measurement,
  median,
  netOf,
  type Pair,
  ROWS,
  type Row,
  type Side,
  tellsFigures,
} from './rows';
import { table } from './table';

/** A row of one side in a round, measured in a process of its own; memory is its most, in MB. */
interface Run {
  readonly side: Side;
  readonly row: Row;
  readonly value: number;
  readonly memory: number;
  /** How far apart the cores were right before: see `coresApart`. */
  readonly apart: number | undefined;
  readonly versions: string;
}

/** Where a process finds what it needs. */
interface Places {
  readonly python: string;
  readonly data: string;
  readonly inits: string;
}

const defaultPython = join(projectRoot, '.venv-torch', 'bin', 'python');

/**
 * `npm run bench`: the lab against PyTorch and JAX in one run, the sides in turn, round by round;
 * medians, ratios and their spread. A peer that is not installed has no figures. Before it is timed
 * each side computes figures from the same weights; where a peer's are not ours, the run ends. Every run goes to
 * `results/bench.json`, with `-- --publish` to `bench/results.json`, which the table of docs/speed.md is made of.
 */
async function bench(): Promise<number> {
  const values = readOptions('bench', {
    rounds: { type: 'string', default: '3' },
    rows: { type: 'string' },
    python: { type: 'string', default: process.env.LAB_TORCH ?? defaultPython },
    publish: { type: 'boolean', default: false },
  });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new InputError(
      `bench: --rounds must be a whole number of at least 1, got ${values.rounds}`,
    );
  }
  const rows = chooseRows(values.rows);
  if (values.publish && values.rows !== undefined) {
    throw new InputError('bench: --publish keeps all rows; leave out --rows');
  }
  const results = join(projectRoot, values.publish ? 'bench/results.json' : 'results/bench.json');
  requireRoom(dirname(results));
  await ensureBuild();
  const sides: Side[] = ['ours', ...findPeers(values.python)];
  const inits = mkdtempSync(join(tmpdir(), 'bench-'));
  const places = { python: values.python, data: (await loadMnist()).source, inits };
  const runs: Run[] = [];
  try {
    for (const net of new Set(rows.map(netOf))) saveInits(inits, net);
    for (let round = 1; round <= rounds; round++) {
      for (const row of rows) {
        const turn = sides.filter((side) => has(side, row) && (side !== 'template' || round === 1));
        const told = `round ${round} of ${rounds}: ${row}`;
        runs.push(...(await measureRow(row, turn, places, told)));
      }
    }
  } finally {
    rmSync(inits, { recursive: true });
  }
  const machine = `${cpus()[0]?.model}, ${availableParallelism()} cores`;
  const versions = [...new Set(runs.map((run) => run.versions))];
  const result = { date: new Date().toISOString().slice(0, 10), machine, versions, rounds, runs };
  writeAtomically(results, `${JSON.stringify(result, null, 1)}\n`);
  console.log(`${table(rows, sides, runs)}\n\n${[machine, ...versions].join('; ')}`);
  const apart = runs.flatMap((run) => run.apart ?? []);
  if (apart.length > 0) {
    const [least, middle, most] = [Math.min(...apart), median(apart), Math.max(...apart)].map(
      (time) => time.toFixed(2),
    );
    console.log(`from one core to another and back: ${middle} µs (${least} to ${most})`);
  }
  console.log(`medians of ${rounds} rounds; every run is in ${shortPath(results)}`);
  return 0;
}

/** `--rows vgg,epoch` as rows, in their usual order; all by default. */
function chooseRows(wanted: string | undefined): Row[] {
  const all = Object.keys(ROWS) as Row[];
  const names = wanted?.split(',').map((name) => name.trim());
  const unknown = names?.find((name) => !all.includes(name as Row));
  if (unknown === undefined) return all.filter((row) => names?.includes(row) ?? true);
  throw new InputError(`bench: --rows ${unknown} is none of ${all.join(', ')}`);
}

/** @throws InputError when a Python was named that has neither torch nor jax */
function findPeers(python: string): Side[] {
  const has = (module: string) => spawnSync(python, ['-c', `import numpy, ${module}`]).status === 0;
  const [torch, jax] = [has('torch'), has('jax')];
  if (!torch && !jax && (python !== defaultPython || existsSync(defaultPython))) {
    throw new InputError(`bench: ${python} cannot import torch or jax; install them there`);
  }
  if (!torch || !jax) {
    const missing = [...(torch ? [] : ['PyTorch']), ...(jax ? [] : ['JAX'])].join(' and ');
    console.error(`${missing}: not installed. To compare with both:\n  ${INSTALL}`);
  }
  return [...(torch ? (['tuned', 'template'] as const) : []), ...(jax ? (['jax'] as const) : [])];
}

const INSTALL = 'python3 -m venv .venv-torch && .venv-torch/bin/pip install torch numpy jax';

/**
 * A row of each side, ours first.
 *
 * @throws Error where a side computes other figures than ours
 */
async function measureRow(
  row: Row,
  sides: readonly Side[],
  places: Places,
  told: string,
): Promise<Run[]> {
  const runs: Run[] = [];
  let ours: readonly Pair[] = [];
  for (const side of sides) {
    console.error(`${told}, ${side}`);
    const apart = await coresApart();
    const { figures, ...run } = measure(side, row, places);
    if (side === 'ours') ours = figures!;
    else if (tellsFigures(side, row)) requireSame(`${side}, ${row}`, ours, figures);
    runs.push({ ...run, apart });
  }
  return runs;
}

function measure(side: Side, row: Row, { python, data, inits }: Places) {
  const asked = askedOf(side, row);
  const template = side === 'template' ? ['--template'] : [];
  const ofTorch = row === 'sweep' ? 'peer_sweep.py' : 'peer.py';
  const peer = join(__dirname, side === 'jax' ? 'peer_jax.py' : ofTorch);
  const [program, args] =
    side === 'ours'
      ? [process.execPath, ['--require', 'tsx/cjs', join(__dirname, 'ours.ts'), row]]
      : [python, [peer, data, inits, ...template, asked]];
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: projectRoot,
    encoding: 'utf8',
    // What ours writes goes away with the inits, also where it is interrupted.
    env: side === 'ours' ? { ...process.env, TMPDIR: inits } : process.env,
  });
  if (status !== 0) throw new Error(`${side} failed:\n${stderr}`);
  const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
  const found = lines.map((line) => JSON.parse(line) as Measurement);
  const value = (name: string) => found.find((measurement) => measurement.row === name)?.value;
  return {
    side,
    row,
    value: Number(value(asked)),
    memory: Number(value('memory')),
    versions: String(value('versions')),
    figures: value('figures') as readonly Pair[] | undefined,
  };
}

runCommand(bench);
