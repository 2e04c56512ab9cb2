import * as tf from '@tensorflow/tfjs';
import { InputError, refuseForeign } from '../errors';
import { runOwnKernel } from '../ownKernels';
import { makeOptimizer, type Optimizer } from './optimizer';
import { requireFraction, requireNonNegative, ruleName, TORCH_NAMES } from './options';

/** SGD's options, as torch names them. */
export interface SGDOptions {
  /** The rate that a schedule is a factor of, at least 0. */
  readonly learningRate: number;
  /** µ, in [0, 1); by default 0. */
  readonly momentum?: number;
  /** Look ahead along the momentum (needs one); by default not. */
  readonly nesterov?: boolean;
  /** λ ≥ 0, the weight of ½·|w|² in what is minimised; by default 0. */
  readonly weightDecay?: number;
}

/**
 * Stochastic gradient descent, as `torch.optim.SGD` without dampening:
 *
 *     g ← g + λ·w
 *     b ← g in the first step, then µ·b + g
 *     w ← w − rate·b,  with Nesterov w − rate·(g + µ·b)
 *
 * Without momentum b is g and nothing is remembered. Sutskever et al. 2013 (ICML) on momentum;
 * like torch's, this form keeps the rate out of b, so a change of rate acts at once.
 *
 * @param options the rate, and what is not at its default
 * @throws InputError on a negative rate or decay, momentum outside [0, 1), Nesterov without it, or an
 *   option under PyTorch's name, as `weight_decay`
 * @example
 * ```ts
 * SGD({ learningRate: 0.5 }).step(a, b).w.arraySync(); // → [ 3, 3.5 ]
 * ```
 */
export function SGD(options: SGDOptions): Optimizer {
  refuseForeign('SGD', options, TORCH_NAMES);
  const { learningRate, momentum = 0, nesterov = false, weightDecay = 0 } = options;
  requireFraction('SGD', 'momentum', momentum);
  requireNonNegative('SGD', 'weightDecay', weightDecay);
  if (nesterov && momentum === 0) {
    throw new InputError('SGD: nesterov needs a momentum above 0, got 0; set momentum, say 0.9');
  }
  const rule = {
    name: ruleName('SGD', { momentum, nesterov, weightDecay }),
    slots: momentum === 0 ? [] : ['momentum_buffer'],
    native: { kind: 'sgd', momentum, nesterov, weightDecay } as const,
    at(rate: number) {
      const [minusRate, mu, lambda] = [-rate, momentum, weightDecay].map((c) => tf.scalar(c));
      const numbers = tf.tensor1d([rate, momentum, weightDecay]);
      const descend = (w: tf.Tensor, direction: tf.Tensor) => w.add(direction.mul(minusRate!));
      return (w: tf.Tensor, gradient: tf.Tensor, _: number, [b]: readonly tf.Tensor[]) => {
        const own = b && runOwnKernel('SGDStep', { w, g: gradient, b, numbers }, { nesterov });
        if (own) return own as [tf.Tensor, tf.Tensor];
        const g = weightDecay === 0 ? gradient : gradient.add(w.mul(lambda!));
        if (momentum === 0) return [descend(w, g)] as const;
        const buffer = b === undefined ? g.clone() : b.mul(mu!).add(g);
        return [descend(w, nesterov ? g.add(buffer.mul(mu!)) : buffer), buffer] as const;
      };
    },
  };
  return makeOptimizer(rule, learningRate);
}
