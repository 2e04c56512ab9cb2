import type { Dataset } from '../data';
import type { Network } from '../nn';
import { chain, distance, evaluatePath, line, linspace, measurePath } from '../paths';
import {
  disposeStateDict,
  dot,
  linearCombination,
  norm,
  type StateDict,
  subtract,
} from '../weights';
import { type Check, check, notAnswered } from './check';

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

/** Tasks 2.2 and 3.2: the bend left the line, and the chain is low all along. */
export async function checkBend(answer: Bend): Promise<Check> {
  const { task, network, w1, w2, theta, train, share, leastAccuracy } = answer;
  const midpoint = linearCombination([0.5, 0.5], [w1, w2]);
  const begun = () => {
    if (distance(theta, midpoint) === 0) notAnswered();
    if (!Number.isFinite(norm(theta))) {
      throw new Error('some numbers of θ are not finite: try a smaller learning rate');
    }
  };
  const ts = linspace(0, 1, POINTS);
  const on = async (path: Parameters<typeof evaluatePath>[1]) =>
    await evaluatePath(network, path, ts, { train, test: train });
  let along: ReturnType<typeof on> | undefined;
  const onChain = async () => {
    along ??= on(chain(w1, w2, theta));
    return await along;
  };
  const result = await check(task, {
    'θ has left the line': () => {
      begun();
      const away = height(subtract(theta, w1), subtract(w2, w1));
      if (away > OFF_THE_LINE) return undefined;
      return (
        `it is ${away.toPrecision(2)} of |w₂ − w₁| away from it: did the steps reach θ, and go ` +
        'downhill?'
      );
    },
    'the ridge of the line is gone from the chain': async () => {
      begun();
      const bent = measurePath(ts, (await onChain()).trainLoss);
      const straight = measurePath(ts, (await on(line(w2, w1))).trainLoss);
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
    },
    [`the chain keeps ${100 * leastAccuracy} % train accuracy`]: async () => {
      begun();
      const { trainAcc } = await onChain();
      const least = Math.min(...trainAcc);
      if (least >= leastAccuracy) return undefined;
      return `at t = ${ts[trainAcc.indexOf(least)]!.toFixed(2)} it has ${(100 * least).toFixed(1)} %`;
    },
  });
  disposeStateDict(midpoint);
  return result;
}

/** How far v sticks out of the direction of u, in units of |u|; disposes both. */
function height(v: StateDict, u: StateDict): number {
  const rest = linearCombination([1, -dot(u, v) / dot(u, u)], [v, u]);
  const away = norm(rest) / norm(u);
  disposeStateDict(v, u, rest);
  return away;
}
