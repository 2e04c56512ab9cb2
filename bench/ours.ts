import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataLoader, loadMnist, take } from '../lib/data';
import { useBackend } from '../lib/engine';
import { crossEntropy, initialize } from '../lib/nn';
import { cosineAnnealingLR, SGD } from '../lib/optim';
import { chain, type Datasets, evaluatePath, fitBend, line, linspace } from '../lib/paths';
import { evaluateGrid, orthogonalBasis } from '../lib/plane';
import { projectRoot } from '../lib/root';
import { performEpoch, train } from '../lib/training';
import { clone, type StateDict } from '../lib/weights';
import { figuresOf, NETS, type NetName } from './nets';
import { type Measurement, median, netOf, REPEATS, type Row, SHORT } from './rows';
import { seconds } from './seconds';
import { sweepOn } from './sweep';

/**
 * The lab's side of the benchmark: prints the row named on the command line.
 *
 *     npx tsx bench/ours.ts plane
 */

const BATCH = 128;
const STEPS = 469;
const EPOCHS = 100;
const RECTANGLE = { aRange: [-0.5, 1.5], bRange: [-0.5, 1.5], nx: 30, ny: 30 } as const;

const { network } = NETS.lab;
const say = (measurement: Measurement) => console.log(JSON.stringify(measurement));

const sgd = (learningRate: number) => SGD({ learningRate, momentum: 0.9 });

const loaderOf = (mnist: Datasets, seed: number) =>
  dataLoader(mnist.train, { batchSize: BATCH, shuffle: seed });

const bend = (mnist: Datasets, a: StateDict, b: StateDict, epochs: number) =>
  fitBend(network, a, b, {
    loader: loaderOf(mnist, 7),
    optimizer: sgd(0.05),
    epochs,
    seed: 7,
    schedule: cosineAnnealingLR({ epochs }),
  });

type Measures = Record<string, () => Promise<number>>;

/** What each row of the lab's network measures: seconds, or milliseconds a step. */
function labOn(mnist: Datasets): Measures {
  const training = (seed: number) => {
    const model = { network, weights: initialize(network, seed) };
    const own = { loader: loaderOf(mnist, seed), optimizer: sgd(0.1) };
    return () => performEpoch(model, own.loader, crossEntropy, own.optimizer);
  };
  const [one, two] = [training(1), training(2)];
  const [a, b, c] = [1, 2, 3].map((seed) => initialize(network, seed)) as [
    StateDict,
    StateDict,
    StateDict,
  ];
  const onLine = (ts: readonly number[]) => evaluatePath(network, line(a, b), ts, mnist);
  return {
    step: async () => ((await seconds(one)) / STEPS) * 1000,
    sideBySide: async () => ((await seconds(() => Promise.all([one(), two()]))) / STEPS / 2) * 1000,
    epoch: () => seconds(one),
    evaluation: () => seconds(() => onLine([1])),
    line: () => seconds(() => onLine(linspace(0, 1.5, 30))),
    plane: () => seconds(() => evaluateGrid(network, orthogonalBasis(a, b, c), RECTANGLE, mnist)),
    bendEpoch: () => seconds(() => bend(mnist, a, b, 1)),
    lab: () => seconds(() => wholeLab(mnist)),
    command: () => seconds(async () => runLab()),
    sweep: () => sweepOn(mnist),
  };
}

/** Parts 1 and 2: two minima, four lines, the bend, the chain, the plane. */
async function wholeLab(mnist: Datasets): Promise<void> {
  const inits = [42, 43].map((seed) => initialize(network, seed));
  const [m1, m2] = (await Promise.all(
    inits.map(async (init, i) => {
      const model = { network, weights: clone(init) };
      await train(model, {
        loader: loaderOf(mnist, 42 + i),
        optimizer: sgd(0.1),
        epochs: EPOCHS,
        schedule: cosineAnnealingLR({ epochs: EPOCHS }),
      });
      return model.weights;
    }),
  )) as [StateDict, StateDict];
  const [i1, i2] = inits as [StateDict, StateDict];
  const ts = linspace(0, 1.5, 30);
  for (const [a, b] of [
    [m1, m2],
    [m1, i1],
    [m1, i2],
    [i1, i2],
  ] as const) {
    await evaluatePath(network, line(a, b), ts, mnist);
  }
  const { theta } = await bend(mnist, m1, m2, EPOCHS);
  await evaluatePath(network, chain(m1, m2, theta), linspace(0, 1, 30), mnist);
  await evaluateGrid(network, orthogonalBasis(m1, m2, theta), RECTANGLE, mnist);
}

/** The most memory that a kernel of `npm run lab` took, in MB. */
let ofKernels = 0;

function runLab(): void {
  const out = mkdtempSync(join(tmpdir(), 'bench-lab-'));
  try {
    const command = ['run', '--silent', 'lab', '--', '--out', out];
    const { status, stderr } = spawnSync('npm', command, { cwd: projectRoot, encoding: 'utf8' });
    if (status !== 0) throw new Error(`npm run lab failed:\n${stderr}`);
    const summary = readFileSync(join(out, 'summary.json'), 'utf8');
    ofKernels = (JSON.parse(summary) as { timings: { peakMemoryMB: number } }).timings.peakMemoryMB;
  } finally {
    rmSync(out, { recursive: true });
  }
}

/** Points of the line of which one is told: the anchors' products are shared. */
const LINE_POINTS = 5;
/** Batches of the VGG's epoch. */
const VGG_STEPS = 20;

/** The rows of another network: an epoch, two at once, a point of a line, a step. */
function otherOn(name: NetName, mnist: Datasets): Measures {
  const net = NETS[name];
  const loader = (seed: number, set = mnist.train) =>
    dataLoader(set, { batchSize: net.batch, shuffle: seed });
  const training = (seed: number, batches = loader(seed)) => {
    const model = { network: net.network, weights: initialize(net.network, seed) };
    const optimizer = net.optimizer();
    return () => performEpoch(model, batches, crossEntropy, optimizer);
  };
  if (name === 'vgg') {
    const epoch = training(1, loader(1, take(mnist.train, VGG_STEPS * net.batch)));
    return { vgg: async () => ((await seconds(epoch)) / VGG_STEPS) * 1000 };
  }
  const [one, two] = [training(1), training(2)];
  const between = line(initialize(net.network, 1), initialize(net.network, 2));
  const points = () => evaluatePath(net.network, between, linspace(0, 1, LINE_POINTS), mnist);
  return {
    [`epoch-${name}`]: () => seconds(one),
    [`pair-${name}`]: async () => (await seconds(() => Promise.all([one(), two()]))) / 2,
    [`point-${name}`]: async () => (await seconds(points)) / LINE_POINTS,
  };
}

async function main(): Promise<void> {
  const row = process.argv[2] as Row;
  await useBackend();
  const mnist = await loadMnist();
  const name = netOf(row);
  const lab = labOn(mnist);
  const measures = name === 'lab' ? lab : otherOn(name, mnist);
  // What is compiled or laid out on its first use is not what is asked for here.
  say({ row: 'figures', value: await figuresOf(name, mnist) });
  if (row !== 'lab') {
    await lab.epoch!();
    await lab.evaluation!();
  }
  const values: number[] = [];
  for (let i = 0; i < (SHORT.includes(row) ? REPEATS : 1); i++) values.push(await measures[row]!());
  say({ row, value: median(values) });
  say({ row: 'versions', value: `Node ${process.version}` });
  say({ row: 'memory', value: Math.max(process.resourceUsage().maxRSS / 1000, ofKernels) });
}

void main();
