import { dataLoader, loadMnist } from '../lib/data';
import { useBackend } from '../lib/engine';
import { ClassifierFC, crossEntropy, initialize } from '../lib/nn';
import { cosineAnnealingLR, SGD } from '../lib/optim';
import { chain, type Datasets, evaluatePath, fitBend, line, linspace } from '../lib/paths';
import { evaluateGrid, orthogonalBasis } from '../lib/plane';
import { performEpoch, train } from '../lib/training';
import { clone, type StateDict } from '../lib/weights';
import { type Measurement, median, REPEATS, type Row, SHORT } from './rows';

/**
 * The lab's side of the benchmark: prints the rows named on the command line.
 *
 *     npx tsx bench/ours.ts step line plane
 */

const BATCH = 128;
const STEPS = 469;
const EPOCHS = 100;
const RECTANGLE = { aRange: [-0.5, 1.5], bRange: [-0.5, 1.5], nx: 30, ny: 30 } as const;

const network = ClassifierFC({ inputShape: [1, 28, 28], outputSize: 10, hiddenDim: 64 });
const say = (measurement: Measurement) => console.log(JSON.stringify(measurement));

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return (performance.now() - begun) / 1000;
}

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

/** What each row measures: seconds, or milliseconds a step. */
function measuresOn(mnist: Datasets): Record<Row, () => Promise<number>> {
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

async function main(): Promise<void> {
  const rows = process.argv.slice(2) as Row[];
  await useBackend();
  const measures = measuresOn(await loadMnist());
  // What is compiled on its first use is not what is asked for here.
  if (!rows.includes('lab')) {
    await measures.epoch();
    await measures.evaluation();
  }
  for (const row of rows) {
    const values: number[] = [];
    for (let i = 0; i < (SHORT.includes(row) ? REPEATS : 1); i++)
      values.push(await measures[row]());
    say({ row, value: median(values) });
  }
  say({ row: 'versions', value: `Node ${process.version}` });
  say({ row: 'memory', value: process.resourceUsage().maxRSS / 1000 });
}

void main();
