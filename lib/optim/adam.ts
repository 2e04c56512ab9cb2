import * as tf from '@tensorflow/tfjs';
import { refuseForeign } from '../errors';
import { makeOptimizer, type Optimizer } from './optimizer';
import {
  requireFraction,
  requireNonNegative,
  requirePositive,
  ruleName,
  TORCH_NAMES,
} from './options';

/** Adam's options, as torch names them. */
export interface AdamOptions {
  /** The rate that a schedule is a factor of, at least 0. */
  readonly learningRate: number;
  /** β₁ in [0, 1): how slowly the mean of gradients moves; by default 0.9. */
  readonly beta1?: number;
  /** β₂ in [0, 1): how slowly the mean of their squares moves; by default 0.999. */
  readonly beta2?: number;
  /** ε > 0, keeps the division from 0; by default 1e-8. */
  readonly epsilon?: number;
  /** λ ≥ 0; by default 0 for Adam, 0.01 for AdamW. */
  readonly weightDecay?: number;
}

/**
 * Adam as `torch.optim.Adam` (Kingma, Ba 2015, arXiv 1412.6980). In step k, from m = v = 0:
 *
 *     g ← g + λ·w
 *     m ← m + (1 − β₁)·(g − m)
 *     v ← β₂·v + (1 − β₂)·g²
 *     w ← w − rate · m/(1 − β₁ᵏ) / (√(v/(1 − β₂ᵏ)) + ε)
 *
 * @throws InputError on a negative rate or decay, β outside [0, 1), ε not above 0, or an option under
 *   PyTorch's name, as `weight_decay`
 * @example
 * ```ts
 * Adam({ learningRate: 0.5 }).step(a, b).w.arraySync(); // → [ 3, 3.5 ]
 * ```
 */
export function Adam({ weightDecay = 0, ...options }: AdamOptions): Optimizer {
  const decay = (w: tf.Tensor, g: tf.Tensor) => [w, g.add(w.mul(weightDecay))] as const;
  return adamWith('Adam', { ...options, weightDecay }, false, decay);
}

/**
 * Adam with decoupled weight decay, as `torch.optim.AdamW` (Loshchilov, Hutter 2019, arXiv
 * 1711.05101): w ← w − rate·λ·w first, then Adam's step with the bare gradient. λ is 0.01 unless
 * told, as torch's.
 *
 * @throws InputError as `Adam`
 * @example
 * ```ts
 * AdamW({ learningRate: 0.5, weightDecay: 0.5 }).step(a, b).w.arraySync(); // → [ 2.25, 2.5 ]
 * ```
 */
export function AdamW({ weightDecay = 0.01, ...options }: AdamOptions): Optimizer {
  const decay = (w: tf.Tensor, g: tf.Tensor, rate: number) =>
    [w.mul(1 - rate * weightDecay), g] as const;
  return adamWith('AdamW', { ...options, weightDecay }, true, decay);
}

type Decay = (w: tf.Tensor, g: tf.Tensor, rate: number) => readonly [w: tf.Tensor, g: tf.Tensor];

function adamWith(
  where: string,
  {
    learningRate,
    beta1 = 0.9,
    beta2 = 0.999,
    epsilon = 1e-8,
    weightDecay,
    ...others
  }: AdamOptions & { weightDecay: number },
  decoupled: boolean,
  decay: Decay,
): Optimizer {
  refuseForeign(where, others, TORCH_NAMES);
  requireFraction(where, 'beta1', beta1);
  requireFraction(where, 'beta2', beta2);
  requirePositive(where, 'epsilon', epsilon);
  requireNonNegative(where, 'weightDecay', weightDecay);
  const rule = {
    name: ruleName(where, { beta1, beta2, epsilon, weightDecay }),
    slots: ['exp_avg', 'exp_avg_sq'],
    native: { kind: 'adam', beta1, beta2, epsilon, weightDecay, decoupled } as const,
    at(rate: number) {
      const [toMean, keep, toSquare] = [1 - beta1, beta2, 1 - beta2].map((c) => tf.scalar(c));
      return (
        weight: tf.Tensor,
        gradient: tf.Tensor,
        step: number,
        [mean, square]: readonly tf.Tensor[],
      ) => {
        const [w, g] = weightDecay === 0 ? [weight, gradient] : decay(weight, gradient, rate);
        const m = mean === undefined ? g.mul(toMean!) : mean.add(g.sub(mean).mul(toMean!));
        const gg = g.mul(g).mul(toSquare!);
        const v = square === undefined ? gg : square.mul(keep!).add(gg);
        // With c = √(1 − β₂ᵏ): rate/(1 − β₁ᵏ) · m / (√v/c + ε) = rate·c/(1 − β₁ᵏ) · m / (√v + ε·c).
        const c = Math.sqrt(1 - beta2 ** step);
        const direction = m.div(v.sqrt().add(epsilon * c));
        return [w.add(direction.mul((-rate * c) / (1 - beta1 ** step))), m, v] as const;
      };
    },
  };
  return makeOptimizer(rule, learningRate);
}
