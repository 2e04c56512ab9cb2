import { type Dataset, dataLoader } from '../data';
import { crossEntropy, type Network } from '../nn';
import { distance } from '../paths';
import { type HistoryRow, performEpoch } from '../training';
import { clone, cosine, disposeStateDict, norm, type StateDict } from '../weights';
import { type Check, check, type Judge, notAnswered } from './check';
import { asPoint } from './points';
import { trace } from './trace';

type TrainOnce = (
  init: StateDict,
  seed: number,
  report: (row: HistoryRow) => void,
) => Promise<StateDict>;

/** Two trained networks, as a notebook holds them; minimum i was trained from init i. */
export interface Minima {
  readonly task: string;
  readonly network: Network;
  readonly inits: readonly StateDict[];
  /** Before a training they are the inits, or missing. */
  readonly minima: readonly StateDict[];
  readonly train: Dataset;
  /** To tell a net that was trained on these images instead. */
  readonly test?: Dataset;
  /** What trained them; its first epoch is tried from two places. */
  readonly trainOnce?: TrainOnce;
  /** The least train accuracy to be called a minimum. */
  readonly leastAccuracy: number;
}

/** A net with less than this accuracy has learnt nothing of ten classes. */
const GUESSED = 0.2;
/** Cosine of nets that are one, perhaps scaled; two trainings' is next to 0, even from one init. */
const SAME_DIRECTION = 0.99;
/** A net with less than this share of the wanted accuracy has hardly been trained. */
const LEARNT = 0.5;
/** Training makes weights longer, up to 8 times at sensible rates; one that learnt little by then diverged. */
const RAN_AWAY = 10;
/**
 * Standard deviations that the correlation with an init is above 0. Of a training's own init,
 * with SGD, Adam and AdamW, at high rates and with decay: 8 and more; of another: 3 at most.
 */
const TRACE = 5;
/** Of the loss of a first epoch; one that begins at a minimum has less than a third of it. */
const AS_ANEW = 0.8;
/** A seed that no notebook has, of which an init of its own would be drawn. */
const SEED = 90125;

/**
 * Tasks 1.1 and 3.2: two nets from two inits, trained until they know the training set.
 *
 * @param answer the two nets with their inits, and what they are held to
 * @example
 * ```ts
 * const { findings } = await checkMinima({ task: '1.1', network, inits: [w1, w2], minima: [], train: small, leastAccuracy: 1 });
 * findings.some(({ verdict }) => verdict === 'holds'); // → false
 * ```
 */
export async function checkMinima(answer: Minima): Promise<Check> {
  const { task, network, train, test, leastAccuracy } = answer;
  const { inits, minima } = answer as { inits: unknown; minima: unknown };
  const listed = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
  const of = (i: number) => ({
    init: asPoint(network, listed(inits)[i]),
    weights: asPoint(network, listed(minima)[i]),
  });
  /** Nothing has been trained as long as every minimum is where it began. */
  const begun = () => {
    const untouched = listed(minima).every((minimum, i) => {
      const init = listed(inits)[i];
      return minimum === undefined || init === undefined || isSame(minimum, init);
    });
    if (untouched) {
      notAnswered(
        'if it is answered, nothing has moved: does performEpoch get the optimizer, and does ' +
          'trainOnce return the weights that were trained?',
      );
    }
  };
  const isSame = (a: unknown, b: unknown): boolean => {
    try {
      return distance(asPoint(network, a), asPoint(network, b)) === 0;
    } catch {
      return false;
    }
  };
  const known = new Map<string, number>();
  const accuracyOn = async (data: Dataset, i: number, weights: StateDict): Promise<number> => {
    const key = `${i} ${data === train}`;
    const loader = dataLoader(data, { batchSize: 500 });
    const accuracy =
      known.get(key) ?? (await performEpoch({ network, weights }, loader, crossEntropy)).accuracy;
    known.set(key, accuracy);
    return accuracy;
  };
  const hasLearnt = async (i: number): Promise<boolean> => {
    if (listed(minima)[i] === undefined || isSame(listed(minima)[i], listed(inits)[i]))
      return false;
    const { weights } = of(i);
    return (await accuracyOn(train, i, weights)) >= LEARNT * leastAccuracy;
  };
  const minimum = (i: number): Judge => {
    return async () => {
      begun();
      if (listed(minima)[i] === undefined || listed(inits)[i] === undefined) return 'it is missing';
      const { init, weights } = of(i);
      if (!Number.isFinite(norm(weights))) {
        return 'some of its weights are not finite: did the loss diverge? Try a smaller learning rate';
      }
      if (distance(weights, init) === 0) {
        return 'it is still its initialisation: does performEpoch get the optimizer?';
      }
      const accuracy = await accuracyOn(train, i, weights);
      if (accuracy >= leastAccuracy) return undefined;
      const wrong = Math.round((1 - accuracy) * train.length);
      const told = `it misclassifies ${wrong} of ${train.length} training images`;
      const longer = norm(weights) / norm(init);
      if (accuracy < LEARNT * leastAccuracy && longer > RAN_AWAY) {
        return (
          `${told}, and its weights are ${longer.toPrecision(2)} times as long as at its init: the ` +
          'training diverged, try a smaller learning rate'
        );
      }
      if (test && (await accuracyOn(test, i, weights)) >= Math.max(accuracy, leastAccuracy)) {
        return `${told}, and no test image: was it trained on the test set?`;
      }
      const hint =
        wrong <= train.length / 1000
          ? 'almost there, a few epochs more?'
          : accuracy < GUESSED
            ? 'does performEpoch get the optimizer, and the model the weights you keep?'
            : 'is the learning rate what you think in the first epoch, does it fall towards zero in ' +
              'the last, and are there enough epochs?';
      return `${told}: ${hint}`;
    };
  };
  const all = leastAccuracy === 1;
  const goal = all ? 'every training image' : `${100 * leastAccuracy} % of the training images`;
  return await check(task, {
    'two trainings began and ended at different points': async () => {
      begun();
      for (const [name, list] of Object.entries({ inits, minima })) {
        if (listed(list).length >= 2) continue;
        const hint =
          name === 'inits' ? 'keep where each training began' : 'train twice, and keep both';
        return `there are ${listed(list).length} ${name}: ${hint}`;
      }
      const [first, second] = [of(0), of(1)];
      if (!(distance(first.init, second.init) > 0)) {
        return 'both began at the same weights: what makes the second draw differ?';
      }
      const weights = [first.weights, second.weights] as const;
      const broken = weights.findIndex((one) => !Number.isFinite(norm(one)));
      if (broken >= 0) return `some weights of net ${broken + 1} are not finite`;
      if (!(cosine(...weights) < SAME_DIRECTION)) {
        return 'both ended at the same weights: did each begin at the init it was given?';
      }
      const learnt = [await hasLearnt(0), await hasLearnt(1)];
      if (learnt.every(Boolean)) return undefined;
      return learnt.some(Boolean)
        ? `net ${learnt[0] ? 2 : 1} has not learnt much yet`
        : 'no net has learnt much yet';
    },
    'each began at the init of its own': async () => {
      begun();
      if (!((await hasLearnt(0)) && (await hasLearnt(1))))
        return 'that shows once both have learnt';
      const [first, second] = [of(0), of(1)];
      const from = (weights: StateDict, init: StateDict) => trace(weights, init) > TRACE;
      const own = [from(first.weights, first.init), from(second.weights, second.init)];
      if (own.every(Boolean)) {
        return answer.trainOnce && (await ignoresInit(answer.trainOnce, first))
          ? 'from minimum 1 trainOnce learns as from any init: does it begin at the init that it is given?'
          : undefined;
      }
      if (from(first.weights, second.init) && from(second.weights, first.init)) {
        return 'minimum 1 comes from init 2, and minimum 2 from init 1: have they been exchanged?';
      }
      const i = own[0] ? 2 : 1;
      return (
        `minimum ${i} has no trace of init ${i} in it, and training leaves one: does trainOnce begin ` +
        'at the init that it is given?'
      );
    },
    [`minimum 1 classifies ${goal} correctly`]: minimum(0),
    [`minimum 2 classifies ${goal} correctly`]: minimum(1),
  });
}

/**
 * Whether a training that begins at a minimum goes as one that begins anew: its loss in the first
 * epoch, after which it is stopped, or what it returns where it reports none. Nothing is said of
 * one that throws.
 */
async function ignoresInit(
  trainOnce: TrainOnce,
  { init, weights }: { readonly init: StateDict; readonly weights: StateDict },
): Promise<boolean> {
  const after = await firstEpoch(trainOnce, weights);
  if (after === undefined) return false;
  if (typeof after !== 'number') {
    const left = trace(after, weights);
    disposeStateDict(after);
    return !(left > TRACE);
  }
  const anew = await firstEpoch(trainOnce, init);
  return typeof anew === 'number' && after > AS_ANEW * anew;
}

async function firstEpoch(
  trainOnce: TrainOnce,
  init: StateDict,
): Promise<number | StateDict | undefined> {
  const given = clone(init);
  const losses: number[] = [];
  let weights: StateDict | undefined;
  try {
    weights = await trainOnce(given, SEED, ({ trainLoss }) => {
      losses.push(Number(trainLoss));
      throw new Error('one epoch is enough for the check');
    });
  } catch (error) {
    if (error instanceof Error && error.name === 'Interrupted') throw error;
  } finally {
    disposeStateDict(given);
  }
  return losses.length > 0 ? losses[0] : weights;
}
