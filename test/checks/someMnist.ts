import { loadMnist, subset, take } from '../../lib/data';
import { ClassifierFC } from '../../lib/nn';
import type { Datasets } from '../../lib/paths';

/**
 * No seed at which a mistake passes, or a right answer does not. `LAB_SEEDS=50` tries more of them
 * than the suite has time for.
 */
export const SEEDS = Number(process.env.LAB_SEEDS ?? 1);
export const seeds = (count = SEEDS) => Array.from({ length: count }, (_, i) => 7 * i + 1);

export const network = ClassifierFC({ inputShape: [1, 28, 28], outputSize: 10, hiddenDim: 64 });

/** The images of the small lab, and what a mistake takes for them. */
export interface SomeMnist {
  readonly datasets: Datasets;
  readonly exchanged: Datasets;
  readonly halves: Readonly<Record<string, Datasets>>;
}

export async function someMnist(): Promise<SomeMnist> {
  const mnist = await loadMnist();
  const [train, test] = [subset(mnist.train, 6000, 42), subset(mnist.test, 1000, 42)];
  return {
    datasets: { train, test },
    exchanged: { train: test, test: train },
    halves: {
      'the first half': { train: take(train, 3000), test: take(test, 500) },
      'any half': { train: subset(train, 3000, 5), test: subset(test, 500, 5) },
      'all but one batch': { train: take(train, 5888), test: take(test, 896) },
    },
  };
}
