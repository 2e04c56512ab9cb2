import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensureBuild } from '../lib/build';
import { readArguments, runCommand } from '../lib/command';
import { dataLoader, loadMnist } from '../lib/data';
import { useBackend } from '../lib/engine';
import { InputError } from '../lib/errors';
import { ClassifierFC, crossEntropy, initialize } from '../lib/nn';
import { SGD } from '../lib/optim';
import { evaluateGrid } from '../lib/plane';
import { projectRoot } from '../lib/root';
import { performEpoch } from '../lib/training';
import { loadStateDict, type StateDict, saveStateDict, subtract } from '../lib/weights';
import { median } from './rows';

/**
 * The plane through three small networks, 21×21 points on MNIST's 10 000 test images, beside plain
 * PyTorch and the package loss-landscapes, in turn, each in a process of its own with 2 threads:
 *
 *     python3 -m venv .venv-torch
 *     .venv-torch/bin/pip install torch numpy safetensors loss-landscapes==3.0.6
 *     npx tsx bench/landscape.ts [--rounds N] [--python PATH]
 */

const SIDE = 21;
const SEEDS = [1, 2, 3];
const network = ClassifierFC({
  inputShape: [1, 28, 28],
  outputSize: 10,
  hiddenDim: 32,
  numHidden: 2,
});
const folder = join(projectRoot, 'results', 'landscape');
const fileOf = (seed: number) => join(folder, `${seed}.safetensors`);

const SIDES = ['ours', 'pytorch', 'loss-landscapes'] as const;
type Side = (typeof SIDES)[number];

/** A plane, `losses[i][j]` i steps from w₁ to w₂ and j to w₃, and the processor's time for it. */
interface Plane {
  readonly seconds: number;
  readonly losses: readonly (readonly number[])[];
  readonly versions: string;
}

/** What is asked of loss-landscapes besides. */
interface Peculiar extends Plane {
  /** Cells of its first and second column whose loss is PyTorch's at the point that its source names, to 1e-4. */
  readonly asSaid: readonly [number, number];
  /** PyTorch's loss a step from w₁ towards w₃. */
  readonly nextCell: number;
  /** The loss of the network that it was given as w₁, after the call. */
  readonly startAfterwards: number;
}

/** Three minima to begin with: three epochs each are enough for losses that differ. */
async function trainNets(): Promise<void> {
  const { train } = await loadMnist();
  for (const seed of SEEDS) {
    const model = { network, weights: initialize(network, seed) };
    const loader = dataLoader(train, { batchSize: 128, shuffle: seed });
    const optimizer = SGD({ learningRate: 0.1, momentum: 0.9 });
    for (let epoch = 0; epoch < 3; epoch++) {
      await performEpoch(model, loader, crossEntropy, optimizer);
    }
    saveStateDict(fileOf(seed), model.weights);
  }
}

async function ourPlane(): Promise<Plane> {
  const { test } = await loadMnist();
  const [w1, w2, w3] = SEEDS.map((seed) => loadStateDict(fileOf(seed)).stateDict) as [
    StateDict,
    StateDict,
    StateDict,
  ];
  const rectangle = { aRange: [0, 1], bRange: [0, 1], nx: SIDE, ny: SIDE } as const;
  const begun = process.cpuUsage();
  const plane = { origin: w1, u: subtract(w2, w1), v: subtract(w3, w1) };
  const { trainLoss } = await evaluateGrid(network, plane, rectangle, { train: test });
  const { user, system } = process.cpuUsage(begun);
  const losses = trainLoss.map((_, i) => trainLoss.map((row) => row[i]!));
  return { seconds: (user + system) / 1e6, losses, versions: `Node ${process.version}` };
}

function measure(side: Side, python: string, data: string): Plane {
  const [program, args] =
    side === 'ours'
      ? [process.execPath, ['--require', 'tsx/cjs', __filename, 'ours']]
      : [python, [join(__dirname, 'landscape.py'), data, folder, String(SIDE), side]];
  // A thread of OpenMP that waits would use the processor, the more the busier the machine.
  const threads = { LAB_THREADS: '2', OMP_NUM_THREADS: '2', OMP_WAIT_POLICY: 'PASSIVE' };
  const env = { ...process.env, ...threads };
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', env });
  if (status !== 0) throw new Error(`${side} failed:\n${stderr}`);
  const plane = JSON.parse(stdout.trim().split('\n').at(-1)!) as Plane;
  console.error(`${side}: ${plane.seconds.toFixed(2)} s`);
  return plane;
}

async function landscape(): Promise<number> {
  const { values, positionals } = readArguments('landscape', {
    rounds: { type: 'string', default: '3' },
    python: {
      type: 'string',
      default: process.env.LAB_TORCH ?? join(projectRoot, '.venv-torch', 'bin', 'python'),
    },
  });
  await useBackend();
  if (positionals[0] === 'ours') {
    console.log(JSON.stringify(await ourPlane()));
    return 0;
  }
  const modules = 'torch, numpy, safetensors, loss_landscapes';
  if (spawnSync(values.python, ['-c', `import ${modules}`]).status !== 0) {
    throw new InputError(
      `landscape: ${values.python} cannot import ${modules}; install them there`,
    );
  }
  await ensureBuild();
  await trainNets();
  const { source } = await loadMnist();
  const rounds = Array.from({ length: Number(values.rounds) }, (_, i) => {
    console.error(`round ${i + 1} of ${values.rounds}`);
    return SIDES.map((side) => measure(side, values.python, source));
  });
  console.log(report(SIDES.map((_, k) => rounds.map((round) => round[k]!))));
  return 0;
}

/** Markdown: time and corners of each side, in the order of SIDES, and what else is to be known. */
function report(runs: readonly (readonly Plane[])[]): string {
  const corners = [0, SIDE - 1].flatMap((j) => [0, SIDE - 1].map((i) => [i, j] as const));
  const rows = runs.map((planes) => {
    const seconds = planes.map((plane) => plane.seconds);
    const { losses, versions } = planes[0]!;
    const times = `${median(seconds).toFixed(2)} (${Math.min(...seconds).toFixed(2)})`;
    return [versions, times, ...corners.map(([i, j]) => losses[i]![j]!.toPrecision(6))];
  });
  const header = ['', 'processor time, s: median (least)', 'w₁', 'w₂', 'w₃', 'w₂ + w₃ − w₁'];
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const [ours, truth, other] = runs.map((planes) => planes[0]!) as [Plane, Plane, Peculiar];
  const errors = ours.losses.flatMap((row, i) =>
    row.map((loss, j) => Math.abs(loss / truth.losses[i]![j]! - 1)),
  );
  return [
    ...[header, header.map(() => '---'), ...rows].map(line),
    '',
    `ours beside PyTorch's over all points: ${Math.max(...errors).toExponential(1)} relative at most`,
    `loss-landscapes: of ${SIDE} cells of a column ${other.asSaid.join(' and ')} (the first, the second) are as its source says`,
    `its first cell: ${other.losses[0]![0]}; PyTorch a step from w₁ towards w₃: ${other.nextCell}`,
    `the network that it was given as w₁ has afterwards a loss of ${other.startAfterwards}`,
  ].join('\n');
}

runCommand(landscape);
