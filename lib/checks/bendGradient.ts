import type { Batch } from '../data';
import type { Network } from '../nn';
import { bendGradient } from '../paths';
import { dot, linearCombination, norm, type StateDict, subtract } from '../weights';
import { type Check, check, tidily } from './check';

export type GradientAtTheta = (
  t: number,
  theta: StateDict,
  batch: Batch,
) => { readonly loss: number; readonly gradient: StateDict };

/** The chain that the gradient is of, apart from θ. */
export interface Ends {
  readonly network: Network;
  readonly w1: StateDict;
  readonly w2: StateDict;
}

/** Length of the steps that the difference quotient takes, and how far off it may be. */
const STEP = 1e-2;
const TOLERANCE = 0.03;
const LOSS_TOLERANCE = 1e-3;

/**
 * Task 2.2's loss of a batch at φ_θ(t) and its gradient with respect to θ: the loss against the
 * net's, the gradient against the loss a little further along it, where the slope must be |g|.
 */
export function checkBendGradient(
  ends: Ends,
  answer: GradientAtTheta,
  theta: StateDict,
  batch: Batch,
): Promise<Check> {
  const lossAt = (t: number, at: StateDict) =>
    bendGradient(ends.network, t, { ...ends, theta: at }, batch).loss;
  const slopeOverLength = (t: number): number => {
    const { gradient } = answer(t, theta, batch);
    const length = norm(gradient);
    const at = (step: number) =>
      lossAt(t, linearCombination([1, step / length], [theta, gradient]));
    return (at(STEP) - at(-STEP)) / (2 * STEP) / length;
  };
  const judge = (t: number) =>
    tidily(() => {
      const ratio = slopeOverLength(t);
      if (!Number.isFinite(ratio)) return 'the gradient is zero or not finite';
      if (Math.abs(ratio - 1) <= TOLERANCE) return undefined;
      return (
        `along your gradient the loss rises ${ratio.toPrecision(3)} times as fast as the gradient is ` +
        'long: how far does φ(t) move when θ moves by 1?'
      );
    });
  return check('2.2', {
    'the loss is that of the net at φ(t)': tidily(() => {
      for (const t of [0.2, 0.8]) {
        const [got, right] = [answer(t, theta, batch).loss, lossAt(t, theta)];
        if (!(Math.abs(got - right) <= LOSS_TOLERANCE * right)) {
          return `at t = ${t} you have ${Number(got).toPrecision(4)}, and the net there ${right.toPrecision(4)}`;
        }
      }
      return undefined;
    }),
    'at t = 0.2 the gradient is the slope of the loss': judge(0.2),
    'at t = 0.5': judge(0.5),
    'at t = 0.8': judge(0.8),
    'it is another one for another t': tidily(() => {
      const [a, b] = [0.2, 0.8].map((t) => answer(t, theta, batch).gradient) as [
        StateDict,
        StateDict,
      ];
      const apart = norm(subtract(a, b)) / Math.sqrt(dot(a, a));
      return apart > 1e-6 ? undefined : 'at t = 0.2 and 0.8 it is the same: does it use t?';
    }),
  });
}
