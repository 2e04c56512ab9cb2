import type { Pass, Stretches } from './jobs';
import { kernels } from './kernels';

/** The step after batch `k` of a pass, of some of the weights. */
export function update(
  { update: rule, weights, gradient }: Pass,
  k: number,
  factor: number,
  { from, lines, bytes, next }: Stretches,
): void {
  const { rate, weightDecay, slots } = rule;
  const [first = 0, second = 0] = slots;
  const steps = rule.steps + k;
  const [w, g, m] = [weights + from, gradient + from, first + from];
  const where = [lines, bytes, next] as const;
  if (rule.kind === 'sgd') {
    const { momentum, nesterov } = rule;
    const begin = Number(steps === 0);
    kernels.sgd(w, g, m, ...where, factor, rate, momentum, weightDecay, Number(nesterov), begin);
  } else {
    const { beta1, beta2, epsilon, decoupled } = rule;
    const betas = [beta1, beta2, epsilon] as const;
    const decay = [weightDecay, Number(decoupled)] as const;
    kernels.adam(w, g, m, second + from, ...where, factor, rate, ...betas, ...decay, steps + 1);
  }
}
