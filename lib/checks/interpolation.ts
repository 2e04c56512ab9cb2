import { interpolateBetweenStateDicts } from '../paths';
import { disposeStateDict, type StateDict } from '../weights';
import { type Check, check, tidily } from './check';
import { away, OTHER_NAMES, ROUNDING, randomPoints } from './points';

/** Task 1.2's function: the point t·a + (1 − t)·b of the line, of which the caller disposes. */
export type LinePoint = (t: number, a: StateDict, b: StateDict) => StateDict;

/** Nothing is earned for leaving alone what an answer does not use. */
const LATER = 'that shows once the points in between are right';

/**
 * Task 1.2's function: t·A + (1 − t)·B, tensor by tensor, for any t and any architecture. Tried on
 * random points; nothing of the student's is changed or disposed.
 *
 * @param answer the student's function
 * @param seed seed of the points that the answer is tried on
 * @example
 * ```ts
 * const { findings } = await checkInterpolation(interpolateBetweenStateDicts);
 * findings.every(({ verdict }) => verdict === 'holds'); // → true
 * ```
 */
export async function checkInterpolation(answer: LinePoint, seed = 1): Promise<Check> {
  const [a, b] = randomPoints(2, seed, OTHER_NAMES) as [StateDict, StateDict];
  const kept = [{ ...a }, { ...b }];
  const at = (t: number, expected: StateDict): string | undefined => {
    // Copies, so that a student's change shows in its own finding and in no other.
    const got = answer(t, { ...a }, { ...b });
    const distance = away(got, expected);
    if (typeof distance === 'string') return distance;
    if (distance <= ROUNDING) return undefined;
    const swapped = away(got, interpolateBetweenStateDicts(1 - t, a, b));
    return Number(swapped) <= ROUNDING
      ? `at t = ${t} you are where t = ${1 - t} should be: which end belongs to t = 0?`
      : `at t = ${t} you are ${distance.toPrecision(2)} away from where you should be`;
  };
  const between = (t: number) => at(t, interpolateBetweenStateDicts(t, a, b));
  try {
    return await check(
      { task: '1.2', name: 'checkInterpolation' },
      {
        'at t = 1 it is the first state dict': tidily(() => at(1, a)),
        'at t = 0 it is the second': tidily(() => at(0, b)),
        'in between every tensor moves on a straight line': tidily(
          () => between(0.5) ?? between(0.25),
        ),
        'tensors are paired by their names': tidily(() => {
          const turned = Object.fromEntries(Object.entries(b).reverse());
          if (between(0.5) !== undefined) return LATER;
          const d = away(answer(0.5, { ...a }, turned), interpolateBetweenStateDicts(0.5, a, b));
          if (typeof d === 'string') return d;
          return d <= ROUNDING
            ? undefined
            : 'the point changes when the tensors come in another order: pair them by their names';
        }),
        'past the ends the line goes on': tidily(() => between(1.5) ?? between(-0.3)),
        'the state dicts it was given are as before': tidily(() => {
          const got = answer(0.5, a, b);
          const changed = [a, b].findIndex((given, i) =>
            Object.entries(kept[i]!).some(([name, was]) => given[name] !== was || was.isDisposed),
          );
          if (changed >= 0) return `it changed its ${['first', 'second'][changed]} state dict`;
          const d = away(got, interpolateBetweenStateDicts(0.5, a, b));
          return Number(d) <= ROUNDING ? undefined : LATER;
        }),
      },
    );
  } finally {
    disposeStateDict(...kept);
  }
}
