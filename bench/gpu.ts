import { dataLoader, loadMnist, subset } from '../lib/data';
import { useBackend } from '../lib/engine';
import { crossEntropy, initialize, VGG } from '../lib/nn';
import { cosineAnnealingLR, SGD } from '../lib/optim';
import { chain, evaluatePath, fitBend, line, linspace } from '../lib/paths';
import { evaluateGrid, orthogonalBasis } from '../lib/plane';
import { performEpoch, train } from '../lib/training';
import { clone, type StateDict } from '../lib/weights';

/**
 * Times Part 3.2's network on the backend that `LAB_BACKEND` names, one line of JSON a row:
 *
 *     LAB_BACKEND=webgpu npx tsx bench/gpu.ts            steps and evaluations
 *     LAB_BACKEND=webgpu npx tsx bench/gpu.ts --whole    all that Part 3.2 computes, its checks left out
 *
 * `bench/gpu.py` is the same in PyTorch.
 */

const ROUNDS = 5;

interface Data {
  readonly train: ReturnType<typeof subset>;
  readonly test: ReturnType<typeof subset>;
}

/** The median over rounds of the milliseconds for each batch of an epoch, the first left out. */
async function stepTime(width: number, batchSize: number, dataset: Data['train']): Promise<number> {
  const network = VGG({ depth: 11, width, dropout: 0.5 });
  const model = { network, weights: initialize(network, 1) };
  const optimizer = SGD({ learningRate: 0.05, momentum: 0.9, weightDecay: 0.0005 });
  const loader = dataLoader(dataset, { batchSize, shuffle: 1 });
  return await median(async () => {
    await performEpoch(model, loader, crossEntropy, optimizer);
    return loader.length;
  });
}

/** Milliseconds for the losses of all images at one point. */
async function evaluationTime(width: number, dataset: Data['train']): Promise<number> {
  const network = VGG({ depth: 11, width, dropout: 0.5 });
  const model = { network, weights: initialize(network, 1) };
  const loader = dataLoader(dataset, { batchSize: 500 });
  return await median(async () => {
    await performEpoch(model, loader, crossEntropy);
    return 1;
  });
}

/** The median of milliseconds ÷ what `act` says that it did, over rounds after a first one. */
async function median(act: () => Promise<number>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round <= ROUNDS; round++) {
    const start = performance.now();
    const count = await act();
    if (round > 0) times.push((performance.now() - start) / count);
  }
  return times.sort((a, b) => a - b)[(ROUNDS - 1) / 2]!;
}

/** Part 3.2 at full size: two minima, three lines, the bend, the chain, the plane; seconds of each. */
async function wholePart({ train: images, test }: Data) {
  const network = VGG({ depth: 11, width: 1 / 8, dropout: 0.5 });
  const datasets = { train: images, test };
  const loaderOf = (seed: number) => dataLoader(images, { batchSize: 64, shuffle: seed });
  const seconds: Record<string, number> = {};
  const timed = async <T>(name: string, act: () => Promise<T>): Promise<T> => {
    const start = performance.now();
    const result = await act();
    seconds[name] = (performance.now() - start) / 1000;
    return result;
  };
  const epochs = 12;
  const schedule = cosineAnnealingLR({ epochs });
  const minimum = async (seed: number): Promise<StateDict> => {
    const model = { network, weights: clone(initialize(network, seed)) };
    const optimizer = SGD({ learningRate: 0.05, momentum: 0.9, weightDecay: 0.0005 });
    await train(model, { loader: loaderOf(seed), optimizer, epochs, schedule });
    return model.weights;
  };
  const w1 = await timed('minimum 1', () => minimum(1));
  const w2 = await timed('minimum 2', () => minimum(2));
  const ts = linspace(0, 1, 21);
  const evaluated = (
    path: Parameters<typeof evaluatePath>[1],
    statistics = 'recomputed' as const,
  ) => evaluatePath(network, path, ts, datasets, { statistics });
  const straight = await timed('line', () => evaluated(line(w2, w1)));
  const { theta } = await timed('bend', () =>
    fitBend(network, w1, w2, {
      loader: loaderOf(7),
      optimizer: SGD({ learningRate: 0.02, momentum: 0.9 }),
      epochs,
      seed: 7,
      schedule,
    }),
  );
  const bent = await timed('chain', () => evaluated(chain(w1, w2, theta)));
  const grid = { aRange: [-0.4, 1.4], bRange: [-2, 4], nx: 11, ny: 11 } as const;
  await timed('plane', () => evaluateGrid(network, orthogonalBasis(w1, w2, theta), grid, datasets));
  const most = (losses: readonly number[]) => Math.max(...losses);
  return {
    seconds,
    total: Object.values(seconds).reduce((a, b) => a + b),
    minimum1: { loss: straight.trainLoss[0], accuracy: straight.trainAcc[0] },
    minimum2: { loss: straight.trainLoss.at(-1), accuracy: straight.trainAcc.at(-1) },
    largestOnLine: most(straight.trainLoss),
    largestOnChain: most(bent.trainLoss),
  };
}

async function main(): Promise<void> {
  const backend = await useBackend();
  const say = (row: object) => console.log(JSON.stringify({ backend: backend.name, ...row }));
  say({ reason: backend.reason });
  const mnist = await loadMnist();
  const data = { train: subset(mnist.train, 5000, 42), test: subset(mnist.test, 1000, 42) };
  if (process.argv.includes('--whole')) {
    say(await wholePart(data));
    return;
  }
  for (const [width, batchSize] of [
    [1 / 8, 64],
    [1 / 8, 128],
    [1, 128],
  ] as const) {
    // A wide network on the processor takes minutes.
    const images = subset(data.train, backend.name === 'webgpu' ? 5000 : 10 * batchSize, 1);
    if (width === 1 && backend.name !== 'webgpu') continue;
    say({ row: 'step (ms)', width, batchSize, value: await stepTime(width, batchSize, images) });
  }
  say({ row: '5000 images (ms)', width: 1 / 8, value: await evaluationTime(1 / 8, data.train) });
  if (backend.name === 'webgpu') {
    say({ row: '5000 images (ms)', width: 1, value: await evaluationTime(1, data.train) });
  }
}

void main().then(() => process.exit(0));
