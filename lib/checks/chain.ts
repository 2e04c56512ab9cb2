import { getStateDictFromChain } from '../paths';
import { generator } from '../random';
import { disposeStateDict, linearCombination, type StateDict } from '../weights';
import { type Check, check, tidily } from './check';
import { AS_BEFORE, leavesAsBefore, watch } from './given';
import { away, ROUNDING, randomPoints } from './points';

/** Task 2.1's function: the point φ_θ(t) of the chain, of which the caller disposes. */
export type ChainPoint = (t: number, w1: StateDict, w2: StateDict, theta: StateDict) => StateDict;

/**
 * Task 2.1's function: straight from w₁ to θ, straight on to w₂, both at even speed. Tried on random
 * points.
 *
 * @param answer the student's function
 * @param seed seed of the points that the answer is tried on
 * @example
 * ```ts
 * const { findings } = await checkChain(getStateDictFromChain);
 * findings.every(({ verdict }) => verdict === 'holds'); // → true
 * ```
 */
export async function checkChain(answer: ChainPoint, seed = 1): Promise<Check> {
  // Not in steps that a table would know.
  const anywhere = Number((0.5 * generator(seed).uniform()).toFixed(4));
  const [w1, w2, theta] = randomPoints(3, seed) as [StateDict, StateDict, StateDict];
  const kept = [w1, w2, theta].map((point) => ({ ...point }));
  const changed = watch({ 'the state dict at w₁': w1, 'that at w₂': w2, 'that at θ': theta });
  const distance = (t: number, point: StateDict) => away(answer(t, w1, w2, theta), point);
  const at = (t: number, point: StateDict, name: string, where: string) =>
    tidily(() => {
      const d = distance(t, point);
      if (typeof d === 'string') return d;
      if (d <= ROUNDING) return undefined;
      const other = Object.entries({ 'w₁': w1, θ: theta, 'w₂': w2 }).find(
        ([, anchor]) => Number(distance(t, anchor)) <= ROUNDING,
      );
      const at = other ? `at ${other[0]}, ` : '';
      return `at t = ${t} your chain is ${at}${d.toPrecision(2)} away from ${name}: look at the ${where}`;
    });
  /** Whether an answer is straight, and crossed at even speed, between where it has its own ends. */
  const evenBetween = (from: number, to: number, ts: readonly number[]) => {
    const [begin, end] = [answer(from, w1, w2, theta), answer(to, w1, w2, theta)];
    if (typeof away(begin, w1) === 'string' || !(Number(away(end, begin)) > ROUNDING)) return false;
    return ts.every((t) => {
      const share = (t - from) / (to - from);
      return Number(distance(t, linearCombination([1 - share, share], [begin, end]))) <= ROUNDING;
    });
  };
  const on = (ts: readonly number[], [from, to]: readonly [number, number], where: string) =>
    tidily(() => {
      for (const t of ts) {
        const d = distance(t, getStateDictFromChain(t, w1, w2, theta));
        if (typeof d === 'string') return d;
        if (d <= ROUNDING) continue;
        return evenBetween(from, to, ts)
          ? `between its ends it is straight, and crossed at even speed, but it does not lead ${where}`
          : `at t = ${t} it is ${d.toPrecision(2)} off the straight way ${where}, crossed at even speed`;
      }
      return undefined;
    });
  try {
    return await check(
      { task: '2.1', name: 'checkChain' },
      {
        'φ(0) = w₁': at(0, w1, 'w₁', 'first segment'),
        'φ(½) = θ': at(0.5, theta, 'θ', 'place where the segments meet'),
        'φ(1) = w₂': at(1, w2, 'w₂', 'second segment'),
        'the first segment': on([0.1, 0.25, 0.4, anywhere], [0, 0.5], 'from w₁ to θ'),
        'the second segment': on([0.6, 0.75, 0.9, 1 - anywhere], [0.5, 1], 'from θ to w₂'),
        'it is continuous at t = ½': tidily(() =>
          jumpAtBend((t) => answer(t, w1, w2, theta), w1, theta),
        ),
        [AS_BEFORE]: leavesAsBefore(changed),
      },
    );
  } finally {
    disposeStateDict(...kept);
  }
}

/** Nothing where a chain passes θ without a jump; else a hint. */
function jumpAtBend(
  answer: (t: number) => StateDict,
  w1: StateDict,
  theta: StateDict,
): string | undefined {
  const points = [0.25, 0.5 - 1e-6, 0.5, 0.5 + 1e-6, 0.75].map((t) => answer(t));
  const other = points.map((point) => away(point, w1)).find((d) => typeof d === 'string');
  if (other !== undefined) return String(other);
  const [early, before, at, after, late] = points as StateDict[];
  if (away(late, early!) === 0) return 'it does not move at all';
  if (!(Number(away(at, theta)) <= ROUNDING)) return 'that shows once φ(½) is θ';
  const jump = Math.max(Number(away(before, at!)), Number(away(after, at!)));
  return jump < 1e-4 ? undefined : `it jumps by ${jump.toPrecision(2)} there`;
}
