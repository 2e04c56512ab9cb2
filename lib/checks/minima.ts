import { type Dataset, dataLoader } from '../data';
import { crossEntropy, type Network } from '../nn';
import { distance } from '../paths';
import { performEpoch } from '../training';
import { cosine, norm, type StateDict } from '../weights';
import { type Check, check, type Judge, notAnswered } from './check';

/** Two trained networks, as a notebook holds them; minimum i was trained from init i. */
export interface Minima {
  readonly task: string;
  readonly network: Network;
  readonly inits: readonly StateDict[];
  /** Before a training they are the inits, or missing. */
  readonly minima: readonly StateDict[];
  readonly train: Dataset;
  /** The least train accuracy to be called a minimum. */
  readonly leastAccuracy: number;
}

/** A net with less than this accuracy has learnt nothing of ten classes. */
const GUESSED = 0.2;
/** Cosine of nets that are one, perhaps scaled; two trainings' is next to 0, even from one init. */
const SAME_DIRECTION = 0.99;
/** A net with less than this share of the wanted accuracy has hardly been trained. */
const LEARNT = 0.5;

/** Tasks 1.1 and 3.2: two nets from two inits, trained until they know the training set. */
export function checkMinima(answer: Minima): Promise<Check> {
  const { task, network, inits, minima, train, leastAccuracy } = answer;
  /** Nothing has been trained as long as every minimum is where it began. */
  const begun = () => {
    const moved = minima.some((minimum, i) => inits[i] && distance(minimum, inits[i]) !== 0);
    if (!moved) {
      notAnswered(
        'if it is answered, nothing has moved: does trainOnce return the weights that were trained?',
      );
    }
  };
  const known = new Map<number, number>();
  const accuracyOf = async (i: number): Promise<number> => {
    const [weights, init] = [minima[i], inits[i]];
    if (!weights || !init || distance(weights, init) === 0) return 0;
    const loader = dataLoader(train, { batchSize: 500 });
    const accuracy =
      known.get(i) ?? (await performEpoch({ network, weights }, loader, crossEntropy)).accuracy;
    known.set(i, accuracy);
    return accuracy;
  };
  const learnt = async (i: number) => (await accuracyOf(i)) >= LEARNT * leastAccuracy;
  const minimum = (i: number): Judge => {
    return async () => {
      begun();
      const [weights, init] = [minima[i], inits[i]];
      if (weights === undefined || init === undefined) return 'it is missing';
      if (!Number.isFinite(norm(weights))) {
        return 'some of its weights are not finite: did the loss diverge? Try a smaller learning rate';
      }
      if (distance(weights, init) === 0) return 'it is still its initialisation';
      const accuracy = await accuracyOf(i);
      if (accuracy >= leastAccuracy) return undefined;
      const wrong = Math.round((1 - accuracy) * train.length);
      const hint =
        wrong <= train.length / 1000
          ? 'almost there, a few epochs more?'
          : accuracy < GUESSED
            ? 'does performEpoch get the optimizer, and the model the weights you keep?'
            : 'is the learning rate what you think in the first epoch, does it fall towards zero in ' +
              'the last, and are there enough epochs?';
      return `it misclassifies ${wrong} of ${train.length} training images: ${hint}`;
    };
  };
  const all = leastAccuracy === 1;
  const goal = all ? 'every training image' : `${100 * leastAccuracy} % of the training images`;
  return check(task, {
    'two trainings began and ended at different points': async () => {
      begun();
      if (inits.length < 2)
        return `there are ${inits.length} inits: keep where each training began`;
      if (!(distance(inits[0]!, inits[1]!) > 0)) {
        return 'both began at the same weights: what makes the second draw differ?';
      }
      if (minima.length < 2) return `there are ${minima.length} minima: train twice, and keep both`;
      if (!(cosine(minima[0]!, minima[1]!) < SAME_DIRECTION)) {
        return 'both ended at the same weights: did each begin at the init it was given?';
      }
      const [first, second] = [await learnt(0), await learnt(1)];
      if (first && second) return undefined;
      return first || second
        ? `net ${first ? 2 : 1} has not learnt much yet`
        : 'no net has learnt much yet';
    },
    [`minimum 1 classifies ${goal} correctly`]: minimum(0),
    [`minimum 2 classifies ${goal} correctly`]: minimum(1),
  });
}
