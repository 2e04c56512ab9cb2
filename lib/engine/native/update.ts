import type { Pass } from './jobs';
import { kernels } from './kernels';

/** The step after batch `k` of a pass, of `bytes` bytes of the weights from `from` on. */
export function update(
  { update: rule, weights, gradient }: Pass,
  k: number,
  factor: number,
  from: number,
  bytes: number,
): void {
  const { rate, weightDecay, slots } = rule;
  const [first = 0, second = 0] = slots;
  const steps = rule.steps + k;
  const [w, g, m] = [weights + from, gradient + from, first + from];
  if (rule.kind === 'sgd') {
    const { momentum, nesterov } = rule;
    const begin = Number(steps === 0);
    kernels.sgd(w, g, m, bytes, factor, rate, momentum, weightDecay, Number(nesterov), begin);
  } else {
    const { beta1, beta2, epsilon, decoupled } = rule;
    kernels.adam(
      w,
      g,
      m,
      second + from,
      bytes,
      factor,
      rate,
      beta1,
      beta2,
      epsilon,
      weightDecay,
      Number(decoupled),
      steps + 1,
    );
  }
}
