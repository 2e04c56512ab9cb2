import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { readArguments, runCommand } from '../lib/command';
import { curvatureAt, extremeEigenvalues } from '../lib/curvature';
import { dataLoader, loadMnist } from '../lib/data';
import { useBackend } from '../lib/engine';
import { ClassifierFC, crossEntropy, initialize } from '../lib/nn';
import { SGD } from '../lib/optim';
import { projectRoot } from '../lib/root';
import { performEpoch } from '../lib/training';
import { loadStateDict, saveStateDict } from '../lib/weights';
import { median } from './rows';

/**
 * A product with the Hessian of a 784-64-10 network on MNIST's 60 000 training images, and its ten
 * largest eigenvalues, beside PyTorch's double backward with scipy's eigsh, and curvlinops:
 *
 *     python3 -m venv .venv-torch
 *     .venv-torch/bin/pip install torch numpy safetensors scipy curvlinops-for-pytorch
 *     npx tsx bench/curvature.ts [--weights FILE] [--python PATH]
 *
 * Without weights it trains some. Exit code 1 where an eigenvalue is more than 1e-3 from another's.
 */

const LARGEST = 10;
const PRODUCTS = 9;
const EPOCHS = 10;
const MOST_APART = 1e-3;

/** Times are the processor's, of all threads, in seconds. */
interface Side {
  readonly name: string;
  readonly gradient: number;
  readonly product: number;
  readonly eigenvalues: number;
  readonly largest: readonly number[];
}

const network = ClassifierFC({ inputShape: [1, 28, 28], outputSize: 10, hiddenDim: 64 });

async function trained(): Promise<string> {
  const { train } = await loadMnist();
  const model = { network, weights: initialize(network, 1) };
  const loader = dataLoader(train, { batchSize: 128, shuffle: 1 });
  const optimizer = SGD({ learningRate: 0.1, momentum: 0.9 });
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    await performEpoch(model, loader, crossEntropy, optimizer);
  }
  const file = join(projectRoot, 'results', 'curvature', 'minimum.safetensors');
  saveStateDict(file, model.weights);
  return file;
}

async function ours(file: string): Promise<Side> {
  const { train } = await loadMnist();
  const curvature = await curvatureAt(network, loadStateDict(file).stateDict, train);
  const size = curvature.gradient.length;
  const v = new Float64Array(size).fill(1 / Math.sqrt(size));
  await curvature.hessian(v);
  const times: number[] = [];
  for (let i = 0; i < PRODUCTS; i++) {
    times.push((await processorSeconds(() => curvature.hessian(v))).seconds);
  }
  const { seconds, result } = await processorSeconds(() =>
    extremeEigenvalues((x) => curvature.hessian(x), size, { largest: LARGEST, smallest: 0 }),
  );
  const gradient = Math.hypot(...curvature.gradient);
  curvature.dispose();
  const largest = result.largest.map(({ value }) => value);
  return { name: 'ours', gradient, product: median(times), eigenvalues: seconds, largest };
}

async function processorSeconds<T>(work: () => Promise<T>) {
  const begun = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(begun);
  return { seconds: (user + system) / 1e6, result };
}

function theirs(side: string, file: string, python: string, data: string): Side {
  // A thread of OpenMP that waits would use the processor, the more the busier the machine.
  const env = { ...process.env, OMP_NUM_THREADS: '2', OMP_WAIT_POLICY: 'PASSIVE' };
  const args = [join(__dirname, 'curvature.py'), data, file, side];
  const { status, stdout, stderr } = spawnSync(python, args, { encoding: 'utf8', env });
  if (status !== 0) throw new Error(`${side} failed:\n${stderr}`);
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as Side;
}

async function curvature(): Promise<number> {
  const { values } = readArguments('curvature', {
    weights: { type: 'string' },
    python: {
      type: 'string',
      default: process.env.LAB_TORCH ?? join(projectRoot, '.venv-torch', 'bin', 'python'),
    },
  });
  await useBackend();
  const { source } = await loadMnist();
  const file = values.weights ?? (await trained());
  const sides = [await ours(file)];
  for (const side of ['pytorch', 'curvlinops']) {
    sides.push(theirs(side, file, values.python, source));
  }
  const [own] = sides as [Side];
  const apart = sides.map(({ largest }) =>
    Math.max(...largest.map((value, i) => Math.abs(value - own.largest[i]!) / value)),
  );
  console.log('| | product, s | ten largest, s | ∣∇L∣ | largest | tenth | most apart from ours |');
  console.log('|---|---|---|---|---|---|---|');
  for (const [i, { name, product, eigenvalues, gradient, largest }] of sides.entries()) {
    const figures = [product.toFixed(3), eigenvalues.toFixed(2), gradient.toExponential(3)];
    const ends = [largest[0]!, largest.at(-1)!].map((value) => value.toPrecision(6));
    console.log(`| ${[name, ...figures, ...ends, apart[i]!.toExponential(1)].join(' | ')} |`);
  }
  return Math.max(...apart) <= MOST_APART ? 0 : 1;
}

runCommand(curvature);
