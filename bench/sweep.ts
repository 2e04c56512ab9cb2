import { dataLoader } from '../lib/data';
import { ClassifierFC, crossEntropy, initialize, type Network } from '../lib/nn';
import { Adam } from '../lib/optim';
import { type Datasets, evaluatePath, fitBend, line, linspace } from '../lib/paths';
import { performEpoch } from '../lib/training';
import type { StateDict } from '../lib/weights';
import { seconds } from './seconds';

/** Part 3.1: hidden layers, neurons in each, nonlinearity. */
const NETWORKS = [
  [1, 64, 'relu'],
  [1, 128, 'relu'],
  [1, 512, 'relu'],
  [3, 128, 'relu'],
  [3, 512, 'relu'],
  [3, 128, 'sigmoid'],
  [1, 64, 'tanh'],
] as const;
/** Nets of each, which make as many pairs; epochs of each net and of each bend; points of each path. */
const [SEEDS, EPOCHS, POINTS] = [3, 25, 31];
/** Points of a line that are evaluated for the time of one. */
const MEASURED = 5;

/** Seconds that the whole of Part 3.1 takes, by an epoch of each network, one of its bend, and some points. */
export async function sweepOn(mnist: Datasets): Promise<number> {
  let all = 0;
  for (const [numHidden, hiddenDim, nonlinearity] of NETWORKS) {
    const shape = { inputShape: [1, 28, 28], outputSize: 10 };
    const network = ClassifierFC({ ...shape, numHidden, hiddenDim, nonlinearity });
    all += await oneNetwork(network, mnist);
  }
  return all;
}

async function oneNetwork(network: Network, mnist: Datasets): Promise<number> {
  const [a, b] = [1, 2].map((seed) => initialize(network, seed)) as [StateDict, StateDict];
  const loader = (seed: number) => dataLoader(mnist.train, { batchSize: 128, shuffle: seed });
  const optimizer = () => Adam({ learningRate: 0.003 });
  const training = (seed: number) => {
    const model = { network, weights: initialize(network, seed) };
    return performEpoch(model, loader(seed), crossEntropy, optimizer());
  };
  const bend = (seed: number) =>
    fitBend(network, a, b, { loader: loader(seed), optimizer: optimizer(), epochs: 1, seed });
  const two = (work: (seed: number) => Promise<unknown>) =>
    seconds(() => Promise.all([work(1), work(2)]));
  const epochs = ((await two(training)) + (await two(bend))) / 2;
  const onLine = () => evaluatePath(network, line(a, b), linspace(0, 1, MEASURED), mnist);
  const point = (await seconds(onLine)) / MEASURED;
  return SEEDS * (EPOCHS * epochs + 2 * POINTS * point);
}
