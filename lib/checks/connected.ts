import { disagreement } from '../connected';
import { bezier, chain, linspace, measurePath } from '../paths';
import { type Generator, generator } from '../random';
import { disposeStateDict, linearCombination, type StateDict } from '../weights';
import { type Check, check, tidily } from './check';
import { compareFigures, drawTelling, EXACT, separation, type Tolerance } from './figures';
import { AS_BEFORE, leavesAsBefore, watch } from './given';
import { away, ROUNDING, randomPoints } from './points';

/** Task 4.2c's function: barrier (a) of the losses at equal steps of a path, both ends among them. */
export type BarrierOf = (losses: number[]) => number;

/** Task 4.2d's function: the point at t of the quadratic Bézier curve, of which the caller disposes. */
export type BezierPoint = (t: number, w1: StateDict, w2: StateDict, theta: StateDict) => StateDict;

/** Task 4.2e's function: the share of samples for which two nets give different classes. */
export type DisagreementOf = (a: number[], b: number[]) => number;

/** A figure may be rounded to three places. */
const ROUNDED: Tolerance = { absolute: 6e-4, relative: 0 };
const WORDS = { these: 'it is', wanted: 'it should be' };

/**
 * Task 4.2c's function: the largest loss on the way above the mean of its ends, tried on made-up
 * losses.
 *
 * @param answer the student's function
 * @param seed seed of the losses that the answer is tried on
 * @example
 * ```ts
 * const { findings } = await checkBarrier((losses) => Math.max(...losses) - (losses[0] + losses[losses.length - 1]) / 2);
 * findings.every(({ verdict }) => verdict === 'holds'); // → true
 * ```
 */
export async function checkBarrier(answer: BarrierOf, seed = 1): Promise<Check> {
  const ridge = await drawTelling(
    async (attempt) => curveOf(generator(seed, 0, attempt), 1),
    ({ right, mistakes }) => separation([right], mistakes, ROUNDED),
  );
  const valley = curveOf(generator(seed, 1), 0);
  const changed = watch({ 'the losses': [ridge.losses, valley.losses] });
  const on =
    ({ losses, right, mistakes }: ReturnType<typeof curveOf>, which: string) =>
    () =>
      compareFigures([answer(losses)], [right], mistakes, () => `on ${which}`, ROUNDED, WORDS);
  return await check(
    { task: '4.2c', name: 'checkBarrier' },
    {
      'it is the largest loss minus the mean of the ends': on(ridge, 'losses made up for this'),
      'it is above 0 where just one end is high': on(valley, 'losses that fall from end to end'),
      [AS_BEFORE]: leavesAsBefore(changed),
    },
  );
}

/** Losses that fall from the first to the last, with a ridge of so many nats and more, or none. */
function curveOf(random: Generator, ridge: 1 | 0) {
  const ts = linspace(0, 1, 9);
  const [first, last] = [1 + random.uniform(), random.uniform()];
  const losses = ts.map((t, i) => {
    const straight = first + t * (last - first);
    return i > 0 && i < 8 ? straight + ridge * (1 + random.uniform()) : straight;
  });
  const { barrierA, barrierB, maximum } = measurePath(ts, losses);
  const middle = losses[4]! - (losses[0]! + losses[8]!) / 2;
  const mean = losses.reduce((sum, loss) => sum + loss) / losses.length;
  const mistakes = {
    'the raw maximum': [maximum],
    'barrier (b), above the straight line between the ends': [barrierB],
    'the middle of the way above the ends': [middle],
    'the largest loss above the mean of all losses': [maximum - mean],
    'the largest loss above the first': [maximum - losses[0]!],
    'the largest loss above the last': [maximum - losses[8]!],
  };
  return { losses, right: barrierA, mistakes };
}

/**
 * Task 4.2d's function: (1 − t)²·w₁ + 2t(1 − t)·θ + t²·w₂, tried on random points.
 *
 * @param answer the student's function
 * @param seed seed of the points that the answer is tried on
 * @example
 * ```ts
 * const { findings } = await checkBezierPoint((t, w1, w2, theta) =>
 *   linearCombination([(1 - t) ** 2, 2 * t * (1 - t), t * t], [w1, theta, w2]),
 * );
 * findings.every(({ verdict }) => verdict === 'holds'); // → true
 * ```
 */
export async function checkBezierPoint(answer: BezierPoint, seed = 1): Promise<Check> {
  // Not in steps that a table would know.
  const anywhere = Number((0.1 + 0.3 * generator(seed).uniform()).toFixed(4));
  const [w1, w2, theta] = randomPoints(3, seed) as [StateDict, StateDict, StateDict];
  const kept = [w1, w2, theta].map((point) => ({ ...point }));
  const changed = watch({ 'the state dict at w₁': w1, 'that at w₂': w2, 'that at θ': theta });
  const curve = bezier(w1, w2, theta);
  const others = {
    'the chain: it turns sharply at θ': chain(w1, w2, theta),
    'the curve from w₂ to w₁': bezier(w2, w1, theta),
    'the curve with w₂ for a bend': bezier(w1, theta, w2),
    'without the 2 of the middle term': {
      anchors: [w1, theta, w2],
      coefficients: (t: number) => [(1 - t) ** 2, t * (1 - t), t * t],
    },
  };
  const at = (t: number) =>
    tidily(() => {
      const got = answer(t, w1, w2, theta);
      const d = away(got, linearCombination(curve.coefficients(t), curve.anchors));
      if (typeof d === 'string') return d;
      if (d <= ROUNDING) return undefined;
      const other = Object.entries(others).find(
        ([, path]) =>
          Number(away(got, linearCombination(path.coefficients(t), path.anchors))) <= ROUNDING,
      );
      return `at t = ${t} it is ${d.toPrecision(2)} off${other ? `; that is ${other[0]}` : ''}`;
    });
  try {
    return await check(
      { task: '4.2d', name: 'checkBezierPoint' },
      {
        'it begins at w₁': at(0),
        'it ends at w₂': at(1),
        'half way it is ¼·w₁ + ½·θ + ¼·w₂': at(0.5),
        'so it is in between': at(anywhere),
        [AS_BEFORE]: leavesAsBefore(changed),
      },
    );
  } finally {
    disposeStateDict(...kept);
  }
}

/**
 * Task 4.2e's function: how many of two lists' classes differ, as a share, tried on made-up lists.
 *
 * @param answer the student's function
 * @param seed seed of the lists that the answer is tried on
 * @example
 * ```ts
 * const { findings } = await checkDisagreement(disagreement);
 * findings.every(({ verdict }) => verdict === 'holds'); // → true
 * ```
 */
export async function checkDisagreement(answer: DisagreementOf, seed = 1): Promise<Check> {
  const random = generator(seed);
  const some = () => Math.floor(10 * random.uniform());
  const a = Array.from({ length: 40 }, some);
  // About a quarter are drawn anew.
  const b = a.map((label, i) => (i === 0 ? (label + 1) % 10 : i % 4 === 1 ? some() : label));
  const changed = watch({ 'the lists': [a, b] });
  const share = disagreement(a, b);
  const mistakes = {
    'the share on which they agree': [1 - share],
    'the number, not the share': [40 * share],
    'in percent': [100 * share],
    'the mean distance of the classes: 3 is no nearer to 4 than to 9': [
      a.reduce((sum, label, i) => sum + Math.abs(label - b[i]!), 0) / 40,
    ],
  };
  const place = () => 'on two lists made up for this';
  return await check(
    { task: '4.2e', name: 'checkDisagreement' },
    {
      'it is the share of samples whose classes differ': () =>
        compareFigures([answer(a, b)], [share], mistakes, place, EXACT, WORDS),
      'a net does not disagree with itself': () =>
        compareFigures([answer(a, a)], [0], {}, () => 'of a list and itself', EXACT, WORDS),
      [AS_BEFORE]: leavesAsBefore(changed),
    },
  );
}
