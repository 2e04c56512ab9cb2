import type * as tf from '@tensorflow/tfjs';
import type { Batch } from '../data';
import { dot, linearCombination, norm, type StateDict, subtract } from '../weights';
import { type Check, check, tidily } from './check';

type BendGradient = (
  t: number,
  theta: StateDict,
  batch: Batch,
) => { readonly loss: number | tf.Scalar; readonly gradient: StateDict };

/** Length of the steps that the difference quotient takes, and how far off it may be. */
const STEP = 1e-2;
const TOLERANCE = 0.03;

/**
 * Task 2.2's gradient of a batch's loss at φ_θ(t) with respect to θ, against the answer's own loss
 * a little further along it: the slope there must be |g|.
 */
export function checkBendGradient(
  answer: BendGradient,
  theta: StateDict,
  batch: Batch,
): Promise<Check> {
  const slopeOverLength = (t: number): number => {
    const { gradient } = answer(t, theta, batch);
    const length = norm(gradient);
    const at = (step: number) => {
      const { loss } = answer(t, linearCombination([1, step / length], [theta, gradient]), batch);
      return typeof loss === 'number' ? loss : loss.dataSync()[0]!;
    };
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
