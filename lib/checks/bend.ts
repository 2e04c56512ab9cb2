import type { Dataset } from '../data';
import { InputError } from '../errors';
import type { Network } from '../nn';
import {
  chain,
  distance,
  evaluatePath,
  line,
  linspace,
  measurePath,
  type Path,
  type PathMeasures,
} from '../paths';
import {
  disposeStateDict,
  dot,
  linearCombination,
  norm,
  type StateDict,
  subtract,
} from '../weights';
import { type Check, check, notAnswered } from './check';
import { asPoint } from './points';

/** A bend, as a notebook holds it. */
export interface Bend {
  readonly task: string;
  readonly network: Network;
  readonly w1: StateDict;
  readonly w2: StateDict;
  /** Before a fit it is the midpoint of the line. */
  readonly theta: StateDict;
  readonly train: Dataset;
  /** The chain may rise over its ends by this share of what the line does. */
  readonly share: number;
  /** The least train accuracy on the chain. */
  readonly leastAccuracy: number;
}

const POINTS = 21;
/** Nats over its ends that a line between two trainings rises by at least; the lab's: 0.4 and 1.2. */
const LEAST_RIDGE = 0.05;
/** A θ nearer to the line than this share of its length has not left it. */
const OFF_THE_LINE = 0.01;

/** Of the line's ridge, what a step off the line must take away to have gone downhill. */
const DOWNHILL = 0.25;
/** A chain that rises by more than this many times the line's ridge has gone astray. */
const ASTRAY = 1.25;
/** An end with less than this share of the wanted accuracy is no minimum. */
const LEARNT = 0.9;

/** The ts at which chain and line are measured. */
const TS = linspace(0, 1, POINTS);

/** What is measured of a chain and of the line between its ends. */
interface Measured {
  readonly bent: PathMeasures;
  readonly straight: PathMeasures;
  readonly trainAcc: readonly number[];
  /** How far θ is from the line, in its length. */
  readonly away: number;
}

/**
 * Tasks 2.2 and 3.2: the bend left the line, and the chain is low all along. Nothing holds between
 * ends that are no minima.
 *
 * @param answer the bend with its ends, and the bars that it is held to
 * @example
 * ```ts
 * const { findings } = await checkBend({ task: '2.2', network, w1, w2, theta, train: small, share: 0.1, leastAccuracy: 0.99 });
 * findings.some(({ verdict }) => verdict === 'holds'); // → false
 * ```
 */
export async function checkBend(answer: Bend): Promise<Check> {
  const { task, share, leastAccuracy } = answer;
  let along: Promise<Measured> | undefined;
  const of = (judge: (measured: Measured) => string | undefined) => async () => {
    along ??= measure(answer);
    return judge(await along);
  };
  return await check(
    { task, name: 'checkBend' },
    {
      'θ has left the line': of(hasLeftTheLine),
      'the ridge of the line is gone from the chain': of((measured) => isLow(measured, share)),
      [`the chain keeps ${100 * leastAccuracy} % train accuracy`]: of(({ trainAcc }) => {
        const least = Math.min(...trainAcc);
        if (least >= leastAccuracy) return undefined;
        return `at t = ${TS[trainAcc.indexOf(least)]!.toFixed(2)} it has ${(100 * least).toFixed(1)} %`;
      }),
    },
  );
}

/** @throws InputError where there is no chain between two minima to be measured */
async function measure(answer: Bend): Promise<Measured> {
  const { network, train } = answer;
  const w1 = named('w₁', () => asPoint(network, answer.w1));
  const w2 = named('w₂', () => asPoint(network, answer.w2));
  const theta = named('θ', () => asPoint(network, answer.theta));
  requireMoved(w1, w2, theta);
  const on = (path: Path) => evaluatePath(network, path, TS, { train });
  const { trainLoss, trainAcc } = await on(chain(w1, w2, theta));
  const lost = trainLoss.findIndex((loss) => !Number.isFinite(loss));
  if (lost >= 0) {
    throw new InputError(
      `the loss at t = ${TS[lost]!.toFixed(2)} is not finite, so far out has θ gone: the fit ` +
        'diverged, try a smaller learning rate',
    );
  }
  for (const [end, accuracy] of Object.entries({ 'w₁': trainAcc[0]!, 'w₂': trainAcc.at(-1)! })) {
    if (accuracy >= LEARNT * answer.leastAccuracy) continue;
    throw new InputError(
      `${end} is no minimum, it has ${(100 * accuracy).toFixed(1)} % train accuracy: train it first`,
    );
  }
  const straight = measurePath(TS, (await on(line(w2, w1))).trainLoss);
  const away = height(subtract(theta, w1), subtract(w2, w1));
  return { bent: measurePath(TS, trainLoss), straight, trainAcc, away };
}

/** What a point is called goes before what is amiss with it. */
function named(name: string, point: () => StateDict): StateDict {
  try {
    return point();
  } catch (error) {
    throw error instanceof InputError ? new InputError(`${name}: ${error.message}`) : error;
  }
}

function requireMoved(w1: StateDict, w2: StateDict, theta: StateDict): void {
  const midpoint = linearCombination([0.5, 0.5], [w1, w2]);
  const moved = distance(theta, midpoint) !== 0;
  disposeStateDict(midpoint);
  if (!moved) {
    notAnswered(
      'if it is answered, θ has not moved: does findBend return the θ that the steps moved?',
    );
  }
  for (const [name, weights] of Object.entries({ θ: theta, 'w₁': w1, 'w₂': w2 })) {
    if (Number.isFinite(norm(weights))) continue;
    throw new InputError(
      `some numbers of ${name} are not finite: did the loss diverge? Try a smaller learning rate`,
    );
  }
}

function hasLeftTheLine({ bent, straight, away }: Measured): string | undefined {
  if (!(away > OFF_THE_LINE)) {
    return (
      `it is ${away.toPrecision(2)} of |w₂ − w₁| away from it: did the steps reach θ, and go ` +
      'downhill?'
    );
  }
  if (bent.barrierA <= (1 - DOWNHILL) * straight.barrierA) return undefined;
  const rises = `the chain rises by ${bent.barrierA.toPrecision(2)} nats, the line by ${straight.barrierA.toPrecision(2)}`;
  return bent.barrierA <= ASTRAY * straight.barrierA
    ? `it has, but hardly downhill: ${rises}. Which way do the steps go?`
    : `it has, and climbed: ${rises}. Do the steps go downhill, and is the learning rate small enough?`;
}

function isLow({ bent, straight }: Measured, share: number): string | undefined {
  if (!(straight.barrierA >= LEAST_RIDGE)) {
    return (
      `the line itself rises by ${straight.barrierA.toPrecision(2)} nats only, so there is no ` +
      'ridge to go around: are its ends two nets, trained from two initialisations?'
    );
  }
  if (bent.barrierA <= share * straight.barrierA) return undefined;
  return (
    `the chain rises by ${bent.barrierA.toPrecision(3)} nats over its ends, highest at t = ` +
    `${bent.argmax.toFixed(2)}; the line by ${straight.barrierA.toPrecision(3)}: more epochs, or ` +
    'another learning rate?'
  );
}

/** How far v sticks out of the direction of u, in units of |u|; disposes both. */
function height(v: StateDict, u: StateDict): number {
  const rest = linearCombination([1, -dot(u, v) / dot(u, u)], [v, u]);
  const away = norm(rest) / norm(u);
  disposeStateDict(v, u, rest);
  return away;
}
