import { type Dataset, dataLoader } from '../data';
import { crossEntropy, type Network } from '../nn';
import { distance } from '../paths';
import { performEpoch } from '../training';
import { norm, type StateDict } from '../weights';
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

/** Tasks 1.1 and 3.2: two nets from two inits, trained until they know the training set. */
export function checkMinima(answer: Minima): Promise<Check> {
  const { task, network, inits, minima, train, leastAccuracy } = answer;
  /** Nothing has been trained as long as every minimum is where it began. */
  const begun = () => {
    const moved = minima.some((minimum, i) => inits[i] && distance(minimum, inits[i]) !== 0);
    if (!moved) notAnswered();
  };
  const learnt = (i: number): Judge => {
    return async () => {
      begun();
      const [weights, init] = [minima[i], inits[i]];
      if (weights === undefined || init === undefined) return 'it is missing';
      if (!Number.isFinite(norm(weights))) {
        return 'some of its weights are not finite: did the loss run away? Try a smaller learning rate';
      }
      if (distance(weights, init) === 0) return 'it is still its initialisation';
      const loader = dataLoader(train, { batchSize: 500 });
      const { accuracy } = await performEpoch({ network, weights }, loader, crossEntropy);
      if (accuracy >= leastAccuracy) return undefined;
      const wrong = Math.round((1 - accuracy) * train.length);
      const hint =
        accuracy < 0.5
          ? 'does performEpoch get the optimizer, and the model the weights you keep?'
          : 'does the learning rate fall towards zero, and are there enough epochs?';
      return `it errs on ${wrong} of ${train.length} training images: ${hint}`;
    };
  };
  const all = leastAccuracy === 1;
  const goal = all ? 'every training image' : `${100 * leastAccuracy} % of the training images`;
  return check(task, {
    'two trainings began at two different points': () => {
      begun();
      if (inits.length < 2) return `there are ${inits.length}: keep where each training began`;
      return distance(inits[0]!, inits[1]!) > 0
        ? undefined
        : 'both began at the same weights: what makes the second draw differ?';
    },
    'and ended at two different points': () => {
      begun();
      if (minima.length < 2) return `there are ${minima.length}: train twice, and keep both`;
      return distance(minima[0]!, minima[1]!) > 1e-3 * norm(minima[0]!)
        ? undefined
        : 'both ended at the same weights';
    },
    [`minimum 1 classifies ${goal} rightly`]: learnt(0),
    [`minimum 2 classifies ${goal} rightly`]: learnt(1),
  });
}
