import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { readArguments, runCommand } from '../lib/command';
import { type Dataset, dataLoader, loadMnist, take } from '../lib/data';
import { nativeEngine, useBackend } from '../lib/engine';
import { requireRoom, writeAtomically } from '../lib/files';
import { ClassifierFC, crossEntropy, initialize, type Network } from '../lib/nn';
import { Adam, type Optimizer, SGD } from '../lib/optim';
import { renderSvg } from '../lib/plots';
import { projectRoot, shortPath } from '../lib/root';
import { performEpoch } from '../lib/training';
import { median, REPEATS } from './rows';
import { seconds } from './seconds';

/**
 * How the evaluation of many points grows with what it is asked for, and what more cores give:
 * `npx tsx bench/scaling.ts` writes results/scaling.svg, with `--publish` bench/scaling.svg, which
 * docs/speed.md shows. Each panel has the line that the count of arithmetic promises, drawn through the
 * largest measurement, so that a wrong power shows. That of cores is drawn through the one of one core
 * and on to sixteen, so that the others check it. `npx tsx bench/scaling.ts cores` prints the seconds of these
 * two and of the same with three layers of 512: three points, and an epoch with Adam on 3000 images.
 */

interface Measured {
  readonly panel: string;
  readonly x: number;
  readonly seconds: number;
}

/** What a panel's time should grow as. */
const GROWTHS: Readonly<Record<string, (x: number) => number>> = {
  'grid points': (x) => x,
  'hidden width': (x) => x,
  'hidden layers of 64 after the first': (x) => x,
  'cores, 2500 points': (cores) => 1 / cores,
  'cores, an epoch of one net': (cores) => largestShare(cores),
};
const ON_CORES = Object.keys(GROWTHS).slice(-2) as [string, string];
const MOST_CORES = 16;
const SAMPLES = 10_000;

/** Neurons, and how many of them threads share at a time. */
const [NEURONS, PANEL] = [64, 16];

/** The share of the first layer that the busiest thread of an epoch has. */
function largestShare(cores: number): number {
  const panels = NEURONS / PANEL;
  return Math.ceil(panels / cores) / panels;
}

const networkOf = (hiddenDim: number, numHidden: number) =>
  ClassifierFC({ inputShape: [1, 28, 28], outputSize: 10, hiddenDim, numHidden });

async function measure(points: number, hiddenDim: number, numHidden: number): Promise<number> {
  const network = networkOf(hiddenDim, numHidden);
  const anchors = [1, 2, 3].map((seed) => initialize(network, seed));
  const dataset = take((await loadMnist()).train, SAMPLES);
  const evaluator = nativeEngine.evaluator(network, anchors, dataset);
  const side = Math.round(Math.sqrt(points));
  const grid = Array.from({ length: points }, (_, i) => [1, (i % side) / side, i / points]);
  await evaluator.evaluate(grid.slice(0, 20));
  const time = await seconds(() => evaluator.evaluate(grid));
  evaluator.dispose();
  return time;
}

/** An epoch: the median of some, after another. */
async function measureEpoch(
  network: Network,
  dataset: Dataset,
  optimizer: Optimizer,
): Promise<number> {
  const model = { network, weights: initialize(network, 1) };
  const loader = dataLoader(dataset, { batchSize: 128, shuffle: 1 });
  const epoch = () => performEpoch(model, loader, crossEntropy, optimizer);
  await epoch();
  const times: number[] = [];
  for (let i = 0; i < REPEATS; i++) times.push(await seconds(epoch));
  return median(times);
}

/** Seconds of what is timed on so many cores, of the lab's network first. */
async function onCores(): Promise<number[]> {
  const { train } = await loadMnist();
  const sgd = SGD({ learningRate: 0.1, momentum: 0.9 });
  const adam = Adam({ learningRate: 0.001 });
  return [
    await measure(2500, NEURONS, 1),
    await measureEpoch(networkOf(NEURONS, 1), train, sgd),
    await measure(3, 512, 3),
    await measureEpoch(networkOf(512, 3), take(train, 3000), adam),
  ];
}

async function scaling(): Promise<number> {
  const options = { publish: { type: 'boolean', default: false } } as const;
  const { values, positionals } = readArguments('scaling', options);
  const picture = join(projectRoot, values.publish ? 'bench' : 'results', 'scaling.svg');
  await useBackend();
  if (positionals[0] === 'cores') {
    console.log(JSON.stringify(await onCores()));
    return 0;
  }
  requireRoom(dirname(picture));
  const measured: Measured[] = [];
  const add = (panel: string, x: number, seconds: number) => {
    measured.push({ panel, x, seconds });
    console.log(`${panel} ${x}: ${seconds.toFixed(3)} s`);
  };
  for (const side of [10, 18, 32, 56, 100]) {
    add('grid points', side * side, await measure(side * side, 64, 1));
  }
  for (const width of [32, 64, 128, 256, 512, 1024]) {
    add('hidden width', width, await measure(400, width, 1));
  }
  for (const depth of [1, 2, 4, 8]) {
    add('hidden layers of 64 after the first', depth, await measure(400, 64, depth + 1));
  }
  for (let cores = 1; cores <= availableParallelism(); cores *= 2) {
    const { stdout } = spawnSync(
      process.execPath,
      ['--require', 'tsx/cjs', join(__dirname, 'scaling.ts'), 'cores'],
      { encoding: 'utf8', env: { ...process.env, LAB_THREADS: String(cores) } },
    );
    const [points, epoch] = JSON.parse(stdout) as [number, number];
    add(ON_CORES[0], cores, points);
    add(ON_CORES[1], cores, epoch);
  }
  writeAtomically(picture, `${await renderSvg(plot(measured))}\n`);
  console.log(`the picture is ${shortPath(picture)}`);
  return 0;
}

const everyCount = (most: number) => Array.from({ length: most }, (_, i) => i + 1);

function plot(measured: readonly Measured[]) {
  const panels = Object.entries(GROWTHS).map(([panel, growth]) => {
    const points = measured.filter((point) => point.panel === panel);
    const isOfCores = ON_CORES.includes(panel);
    const through = isOfCores ? points[0]! : points.at(-1)!;
    const xs = isOfCores ? everyCount(MOST_CORES) : points.map(({ x }) => x);
    const expected = xs.map((x) => ({
      x,
      seconds: (through.seconds * growth(x)) / growth(through.x),
    }));
    const axis = { type: 'log', nice: false };
    return {
      width: 180,
      height: 180,
      layer: [
        {
          data: { values: expected },
          mark: { type: 'line', color: '#777', strokeDash: [4, 3] },
          encoding: {},
        },
        { data: { values: points }, mark: { type: 'point', filled: true, size: 60 }, encoding: {} },
      ],
      encoding: {
        x: { field: 'x', type: 'quantitative', scale: axis, title: panel, axis: { tickCount: 4 } },
        y: { field: 'seconds', type: 'quantitative', scale: { type: 'log' }, title: 'time (s)' },
      },
    };
  });
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v5.json',
    description:
      'Time of evaluating many points against grid points, hidden width, hidden layers and cores; ' +
      'dots measured, dashed lines the growth that the count of arithmetic promises, of cores to 16.',
    background: 'white',
    hconcat: panels,
  };
}

runCommand(scaling);
