import type { Batch } from '../data';
import type { Network } from '../nn';
import { bendGradient } from '../paths';
import { cosine, linearCombination, norm, type StateDict } from '../weights';
import { type Check, check, tidily, withFields } from './check';
import { away } from './points';

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
/** Cosine of vectors that point one way. */
const ALONG = 0.999;

/**
 * Task 2.2's loss of a batch at φ_θ(t) and its gradient with respect to θ: the loss against the
 * net's, the gradient against the loss a little further along it, where the slope must be |g|, and
 * against the gradient itself.
 */
export function checkBendGradient(
  ends: Ends,
  answer: GradientAtTheta,
  theta: StateDict,
  batch: Batch,
): Promise<Check> {
  const lossAt = (t: number, at: StateDict) =>
    bendGradient(ends.network, t, { ...ends, theta: at }, batch).loss;
  const asked = (t: number) => withFields(answer(t, theta, batch), 'loss', 'gradient');
  const slopeOverLength = (t: number, gradient: StateDict): number => {
    const length = norm(gradient);
    const at = (step: number) =>
      lossAt(t, linearCombination([1, step / length], [theta, gradient]));
    return (at(STEP) - at(-STEP)) / (2 * STEP) / length;
  };
  const judge = (t: number) =>
    tidily(() => {
      const right = bendGradient(ends.network, t, { ...ends, theta }, batch).gradient;
      const got = asked(t).gradient;
      const off = away(got, right);
      if (typeof off === 'string') return off;
      const [length, along] = [norm(got), cosine(got, right)];
      if (!(length > 0 && Number.isFinite(length))) return 'the gradient is zero or not finite';
      const ratio = slopeOverLength(t, got);
      // By both: the difference quotient knows nothing of the library's gradient.
      const whole = Number.isFinite(off) && off <= TOLERANCE * norm(right);
      if (Math.abs(ratio - 1) <= TOLERANCE && whole) return undefined;
      const partOf = (g: StateDict, name: string) => norm({ [name]: g[name]! });
      const still = Object.keys(right).find((n) => partOf(got, n) === 0 && partOf(right, n) > 0);
      if (still)
        return `the part of '${still}' is zero: has every layer its part in your gradient?`;
      if (along < -ALONG) {
        return 'along it the loss falls as fast as it should rise: which way does a gradient point?';
      }
      if (along > ALONG) {
        return (
          `it points the right way, and the slope of the loss along it is ${ratio.toPrecision(3)} ` +
          'times its length |g|, not once: how far does φ(t) move when θ moves by 1?'
        );
      }
      return 'the loss rises faster in another direction: is it the loss at φ(t), and of this batch?';
    });
  return check('2.2', {
    'the loss is that of the net at φ(t)': tidily(() => {
      for (const t of [0.2, 0.8]) {
        const [got, right] = [asked(t).loss, lossAt(t, theta)];
        if (!Number.isFinite(right)) return 'the loss there is not finite: are w₁ and w₂ minima?';
        if (!(Math.abs(got - right) <= LOSS_TOLERANCE * right)) {
          const atTheta = lossAt(0.5, theta);
          if (Math.abs(got - atTheta) <= LOSS_TOLERANCE * atTheta) {
            return `at t = ${t} it is that of the net at θ: which point is φ(t)?`;
          }
          return `at t = ${t} you have ${Number(got).toPrecision(4)}, the network there has ${right.toPrecision(4)}`;
        }
      }
      return undefined;
    }),
    'at t = 0.2 the gradient is the slope of the loss': judge(0.2),
    'at t = 0.5': judge(0.5),
    'at t = 0.8': judge(0.8),
  });
}
