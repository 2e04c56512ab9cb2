import { join } from 'node:path';
import { dataLoader, take } from '../lib/data';
import { ClassifierFC, crossEntropy, initialize, type Network, VGG } from '../lib/nn';
import { Adam, type Optimizer, SGD } from '../lib/optim';
import type { Datasets } from '../lib/paths';
import { performEpoch } from '../lib/training';
import { disposeStateDict, saveStateDict } from '../lib/weights';
import type { netOf, Pair } from './rows';

export type NetName = ReturnType<typeof netOf>;

/** A network as one of the parts trains it. */
export interface Net {
  readonly network: Network;
  /** The same without dropout, which no two libraries draw alike. */
  readonly exact: Network;
  readonly optimizer: () => Optimizer;
  readonly batch: number;
  /** Batches after which the sides are compared. */
  readonly steps: number;
  /** Test images that they are compared on. */
  readonly tested: number;
}

function fullyConnected(numHidden: number, hiddenDim: number) {
  const network = ClassifierFC({ inputShape: [1, 28, 28], outputSize: 10, hiddenDim, numHidden });
  return { network, exact: network, batch: 128, tested: 10_000 };
}

/** Adam's first steps are of one size for any gradient, so that rounding grows with each. */
const withAdam = { optimizer: () => Adam({ learningRate: 0.003 }), steps: 20 };

export const NETS: Readonly<Record<NetName, Net>> = {
  lab: {
    ...fullyConnected(1, 64),
    optimizer: () => SGD({ learningRate: 0.1, momentum: 0.9 }),
    steps: 50,
  },
  '1x512': { ...fullyConnected(1, 512), ...withAdam },
  '3x128': { ...fullyConnected(3, 128), ...withAdam },
  // Weights moved by 1e-7 lead to a loss that is moved by 5e-6 after 5 steps, 1e-3 after 20.
  '3x512': { ...fullyConnected(3, 512), ...withAdam, steps: 5 },
  vgg: {
    network: VGG({ depth: 11, width: 1 / 8 }),
    exact: VGG({ depth: 11, width: 1 / 8, dropout: 0 }),
    optimizer: () => SGD({ learningRate: 0.05, momentum: 0.9, weightDecay: 0.0005 }),
    batch: 64,
    // Rounding grows fast where BatchNorm divides by the small variance of a black background.
    steps: 5,
    tested: 500,
  },
};

/** Where the inits of seeds 1, 2 and 3 lie for the peers, who begin at the same weights. */
export function saveInits(folder: string, name: NetName): void {
  for (const seed of [1, 2, 3]) {
    const init = initialize(NETS[name].exact, seed);
    saveStateDict(join(folder, `${name}-${seed}.safetensors`), init);
    disposeStateDict(init);
  }
}

/**
 * What every side computes before it is timed: loss and accuracy on test images at the init of seed
 * 1, over the first batches of a training in the order of the file, and on the test images again.
 */
export async function figuresOf(name: NetName, mnist: Datasets): Promise<Pair[]> {
  const { exact, optimizer, batch, steps, tested } = NETS[name];
  const model = { network: exact, weights: initialize(exact, 1) };
  const test = dataLoader(take(mnist.test, tested), { batchSize: 1000 });
  const first = dataLoader(take(mnist.train, steps * batch), { batchSize: batch });
  const figures = [
    await performEpoch(model, test, crossEntropy),
    await performEpoch(model, first, crossEntropy, optimizer()),
    await performEpoch(model, test, crossEntropy),
  ];
  disposeStateDict(model.weights);
  return figures.map(({ loss, accuracy }) => [loss, accuracy]);
}

/** Relative, of a loss at the same weights, and of one that a training has led to. */
const OF_LOSS = { 'at the init': 1e-5, 'while it trains': 1e-3, 'after it': 1e-3 };
/** One test image; what a training has led to is told by its loss. */
const OF_ACCURACY = 1.01e-4;

/** @throws Error that names the first figure in which two sides differ by more than rounding, or has none */
export function requireSame(what: string, ours: readonly Pair[], theirs?: readonly Pair[]): void {
  if (theirs === undefined) throw new Error(`${what}: it has not said what it computes`);
  for (const [i, [when, relative]] of Object.entries(OF_LOSS).entries()) {
    const [[loss, accuracy], [itsLoss, itsAccuracy]] = [ours[i]!, theirs[i]!];
    const isSame =
      Math.abs(itsLoss - loss) <= relative * loss &&
      (i > 0 || Math.abs(itsAccuracy - accuracy) <= OF_ACCURACY);
    if (isSame) continue;
    throw new Error(
      `${what}: ${when} loss and accuracy are ${itsLoss}, ${itsAccuracy}, ours ${loss}, ` +
        `${accuracy}: not the same computation, so its time says nothing`,
    );
  }
}
