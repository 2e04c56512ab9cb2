import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Dataset, dataLoader, loadMnist, subset } from '../../lib/data';
import { ClassifierFC, initialize } from '../../lib/nn';
import { cosineAnnealingLR, SGD } from '../../lib/optim';
import { fitBend } from '../../lib/paths';
import { sideBySide, train } from '../../lib/training';
import { type StateDict, saveStateDict } from '../../lib/weights';
import { temporaryFolder } from '../temporaryFolder';

const folder = temporaryFolder();

const NAMES = [
  ...['minimum-1', 'minimum-2', 'early', 'from-another-init'],
  ...['of-the-test-set-1', 'of-the-test-set-2', 'diverged-1', 'diverged-2', 'theta'],
];

/** What `trainOnce` has left: weights that submissions find beside them. */
export const trainedFiles = () => readdirSync(folder).map((name) => join(folder, name));

/**
 * Two minima of the small size, from the seeds of Part 1, a bend between them, and nets that went
 * wrong; once for all submissions.
 */
export async function trainOnce(): Promise<void> {
  if (existsSync(join(folder, 'theta.safetensors'))) return;
  const mnist = await loadMnist();
  const small = subset(mnist.train, 6000, 42);
  const tested = subset(mnist.test, 1000, 42);
  const [w1, w2, ...others] = (await sideBySide([
    () => trained(small, 42, 40),
    () => trained(small, 43, 40),
    () => trained(small, 43, 2),
    () => trained(small, 77, 40),
    () => trained(tested, 42, 40),
    () => trained(tested, 43, 40),
    () => trained(small, 42, 3, 50),
    () => trained(small, 43, 3, 50),
  ])) as [StateDict, StateDict, ...StateDict[]];
  const epochs = 30;
  const { theta } = await fitBend(network, w1, w2, {
    loader: dataLoader(small, { batchSize: 128, shuffle: 7 }),
    optimizer: SGD({ learningRate: 0.05, momentum: 0.9 }),
    epochs,
    seed: 7,
    schedule: cosineAnnealingLR({ epochs }),
  });
  const nets = [w1, w2, ...others, theta];
  for (const [i, name] of NAMES.entries()) {
    saveStateDict(join(folder, `${name}.safetensors`), nets[i]!);
  }
}

/** That of Parts 1 and 2. */
export const network = ClassifierFC({
  inputShape: [1, 28, 28],
  outputSize: 10,
  hiddenDim: 64,
  numHidden: 1,
  nonlinearity: 'relu',
});

/** A net from the init of a seed. */
export async function trained(
  images: Dataset,
  seed: number,
  epochs: number,
  learningRate = 0.1,
): Promise<StateDict> {
  const model = { network, weights: initialize(network, seed) };
  const optimizer = SGD({ learningRate, momentum: 0.9 });
  const loader = dataLoader(images, { batchSize: 128, shuffle: seed });
  await train(model, { loader, optimizer, epochs, schedule: cosineAnnealingLR({ epochs }) });
  optimizer.dispose();
  return model.weights;
}
