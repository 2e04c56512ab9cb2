import type { Dataset } from '../data';
import type { Network } from '../nn';
import { distance } from '../paths';
import { cosine, norm, type StateDict } from '../weights';
import { type Check, check, notAnswered } from './check';
import { type ClaimedNets, claimedNets } from './claimedNets';
import { comesFrom, ignoresInit, type TrainOnce } from './traceOfInit';

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
  const { task, leastAccuracy } = answer;
  const nets = claimedNets(answer.network, answer);
  const goal =
    leastAccuracy === 1
      ? 'every training image'
      : `${100 * leastAccuracy} % of the training images`;
  return await check(
    { task, name: 'checkMinima' },
    {
      'two trainings began and ended at different points': () => areApart(nets, answer),
      'each began at the init of its own': () => beganAtOwnInits(nets, answer),
      [`minimum 1 classifies ${goal} correctly`]: () => classifies(nets, 0, answer),
      [`minimum 2 classifies ${goal} correctly`]: () => classifies(nets, 1, answer),
    },
  );
}

/** Nothing has been trained as long as every minimum is where it began. */
function requireTraining({ inits, minima, hasMoved }: ClaimedNets): void {
  if (minima.some((_, i) => inits[i] !== undefined && hasMoved(i))) return;
  notAnswered(
    'if it is answered, nothing has moved: does performEpoch get the optimizer, and does ' +
      'trainOnce return the weights that were trained?',
  );
}

async function hasLearnt(nets: ClaimedNets, i: number, { train, leastAccuracy }: Minima) {
  return nets.hasMoved(i) && (await nets.accuracy(i, train)) >= LEARNT * leastAccuracy;
}

async function areApart(nets: ClaimedNets, answer: Minima): Promise<string | undefined> {
  requireTraining(nets);
  const { inits, minima } = nets;
  if (inits.length < 2) return `there are ${inits.length} inits: keep where each training began`;
  if (minima.length < 2) return `there are ${minima.length} minima: train twice, and keep both`;
  const [first, second] = [nets.net(0), nets.net(1)];
  if (!(distance(first.init, second.init) > 0)) {
    return 'both began at the same weights: what makes the second draw differ?';
  }
  const weights = [first.weights, second.weights] as const;
  const broken = weights.findIndex((one) => !Number.isFinite(norm(one)));
  if (broken >= 0) return `some weights of net ${broken + 1} are not finite`;
  if (!(cosine(...weights) < SAME_DIRECTION)) {
    return 'both ended at the same weights: did each begin at the init it was given?';
  }
  const learnt = [await hasLearnt(nets, 0, answer), await hasLearnt(nets, 1, answer)];
  if (learnt.every(Boolean)) return undefined;
  return learnt.some(Boolean)
    ? `net ${learnt[0] ? 2 : 1} has not learnt much yet`
    : 'no net has learnt much yet';
}

async function beganAtOwnInits(nets: ClaimedNets, answer: Minima): Promise<string | undefined> {
  requireTraining(nets);
  if (!((await hasLearnt(nets, 0, answer)) && (await hasLearnt(nets, 1, answer)))) {
    return 'that shows once both have learnt';
  }
  const [first, second] = [nets.net(0), nets.net(1)];
  const own = [first, second].map(({ init, weights }) => comesFrom(init, weights));
  if (own.every(Boolean)) {
    return answer.trainOnce && (await ignoresInit(answer.trainOnce, first))
      ? 'from minimum 1 trainOnce learns as from any init: does it begin at the init that it is given?'
      : undefined;
  }
  if (comesFrom(second.init, first.weights) && comesFrom(first.init, second.weights)) {
    return 'minimum 1 comes from init 2, and minimum 2 from init 1: have they been exchanged?';
  }
  const i = own[0] ? 2 : 1;
  return (
    `minimum ${i} has no trace of init ${i} in it, and training leaves one: does trainOnce begin ` +
    'at the init that it is given?'
  );
}

async function classifies(
  nets: ClaimedNets,
  i: number,
  { train, test, leastAccuracy }: Minima,
): Promise<string | undefined> {
  requireTraining(nets);
  if (nets.minima[i] === undefined || nets.inits[i] === undefined) return 'it is missing';
  const { init, weights } = nets.net(i);
  if (!Number.isFinite(norm(weights))) {
    return 'some of its weights are not finite: did the loss diverge? Try a smaller learning rate';
  }
  if (!nets.hasMoved(i)) {
    return 'it is still its initialisation: does performEpoch get the optimizer?';
  }
  const accuracy = await nets.accuracy(i, train);
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
  if (test && (await nets.accuracy(i, test)) >= Math.max(accuracy, leastAccuracy)) {
    return `${told}, and no test image: was it trained on the test set?`;
  }
  return `${told}: ${whereToLook(accuracy, wrong / train.length)}`;
}

function whereToLook(accuracy: number, wrong: number): string {
  if (wrong <= 1 / 1000) return 'almost there, a few epochs more?';
  if (accuracy < GUESSED) {
    return 'does performEpoch get the optimizer, and the model the weights you keep?';
  }
  return (
    'is the learning rate what you think in the first epoch, does it fall towards zero in the ' +
    'last, and are there enough epochs?'
  );
}
