import { type Dataset, take } from '../data';
import { takeLast } from '../data/dataset';
import type { Datasets } from '../paths';
import { type Candidates, OF_LOSS, ofAccuracy, separation, type Tolerance } from './figures';

/** What is measured at each point, by its name. */
export const QUANTITIES = {
  trainLoss: 'train losses',
  testLoss: 'test losses',
  trainAcc: 'train accuracies',
  testAcc: 'test accuracies',
} as const;

export type Quantity = keyof typeof QUANTITIES;
export const quantities = Object.keys(QUANTITIES) as Quantity[];
/** One number a point. */
export type Lists = Readonly<Record<Quantity, readonly number[]>>;

/** Figures of some points, and what takes their place by a mistake. */
export interface Measured {
  readonly right: Lists;
  readonly wrong: Readonly<Record<Quantity, Candidates>>;
}

/** The notebooks' batch size: no size of a dataset is a multiple of it. */
const BATCH = 128;

/**
 * What mistakes give in place of the right figures of points: those of the other set, of half of
 * the images, and of a mean over batches in which a short last one counts as much as the others, or
 * not at all.
 *
 * @param right the figures on these datasets
 * @param evaluate gives the figures of the same points on any datasets
 */
export async function mistakesOf(
  datasets: Datasets,
  right: Lists,
  evaluate: (datasets: Datasets) => Promise<Lists>,
): Promise<Measured['wrong']> {
  const half = await evaluate({ train: halfOf(datasets.train), test: halfOf(datasets.test) });
  const short = datasets.test.length % BATCH;
  const end = takeLast(datasets.test, short);
  const last = short > 0 && (await evaluate({ train: end, test: end }));
  const wrongOf = (quantity: Quantity): Candidates => ({
    ...Object.fromEntries(
      quantities
        .filter((other) => other !== quantity)
        .map((other) => [`the ${QUANTITIES[other]}`, right[other]]),
    ),
    'those of half of the images': half[quantity],
    ...(last &&
      quantity === 'testLoss' && {
        'means of batches, in which a short last batch counts as much as the others': right[
          quantity
        ].map((mean, i) => unweighted(mean, last[quantity][i]!, datasets.test.length, short)),
        'those without a short last batch': right[quantity].map((mean, i) =>
          withoutLast(mean, last[quantity][i]!, datasets.test.length, short),
        ),
      }),
  });
  const wrong = Object.fromEntries(quantities.map((name) => [name, wrongOf(name)]));
  return wrong as Record<Quantity, Candidates>;
}

/** Nothing that a mistake gives. */
export const NO_MISTAKES: Measured['wrong'] = {
  trainLoss: {},
  testLoss: {},
  trainAcc: {},
  testAcc: {},
};

/** (k·M + m)/(k + 1) for k full batches of mean M and one of `short` samples with mean m. */
function unweighted(mean: number, last: number, samples: number, short: number): number {
  const full = (samples - short) / BATCH;
  return (full * withoutLast(mean, last, samples, short) + last) / (full + 1);
}

/** M, of which n·mean = (n − short)·M + short·m. */
function withoutLast(mean: number, last: number, samples: number, short: number): number {
  return (samples * mean - short * last) / (samples - short);
}

export function toleranceOf(quantity: Quantity, { train, test }: Datasets): Tolerance {
  if (quantity === 'trainLoss' || quantity === 'testLoss') return OF_LOSS;
  return ofAccuracy((quantity === 'trainAcc' ? train : test).length);
}

/** How far all figures lie from their mistakes, in tolerances. */
export function telling({ right, wrong }: Measured, datasets: Datasets): number {
  return Math.min(
    ...quantities.map((one) => separation(right[one], wrong[one], toleranceOf(one, datasets))),
  );
}

/** Once for a dataset, as what evaluates it lays it out anew for each. */
const halves = new WeakMap<Dataset, Dataset>();

function halfOf(dataset: Dataset): Dataset {
  const half = halves.get(dataset) ?? take(dataset, Math.ceil(dataset.length / 2));
  halves.set(dataset, half);
  return half;
}
