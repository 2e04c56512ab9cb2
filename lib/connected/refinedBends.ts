import { InputError, requireFinite } from '../errors';
import { extent } from '../extent';
import { chain } from '../paths';
import { clone, linearCombination, type StateDict } from '../weights';

/**
 * A chain's bends and one more, in the middle of the segment where the loss is highest: where to
 * begin the next fit, as the automated nudged elastic band does (Draxler et al. 2018, arXiv
 * 1803.00885). The chain through them goes the same way. The caller disposes the result.
 *
 * @param w1 the chain's beginning
 * @param w2 its end
 * @param bends the bends that it has, which stay as they are
 * @param ts places on the chain, in [0, 1]
 * @param losses the losses there, as many
 * @throws InputError when there is no loss, not one for each t, a t is not finite, or the structures differ
 * @example
 * ```ts
 * const optimizer = SGD({ learningRate: 0.1 });
 * const { ts, trainLoss } = await evaluatePath(network, chain(w1, w2, theta), linspace(0, 1, 9), datasets);
 * const bends = refinedBends(w1, w2, [theta], ts, trainLoss);
 * const { thetas } = await fitBend(network, w1, w2, { loader, optimizer, epochs: 4, seed: 7, bends });
 * thetas.length; // → 2
 * optimizer.dispose();
 * disposeStateDict(...bends, ...thetas);
 * ```
 */
export function refinedBends(
  w1: StateDict,
  w2: StateDict,
  bends: readonly StateDict[],
  ts: readonly number[],
  losses: readonly number[],
): StateDict[] {
  if (ts.length !== losses.length || ts.length === 0) {
    throw new InputError(
      `refinedBends: expected a loss for each t, got ${ts.length} ts and ${losses.length} losses`,
    );
  }
  for (const t of ts) requireFinite('refinedBends', 't', t);
  const segments = bends.length + 1;
  const highest = extent(losses)[1];
  const top = ts[losses.findIndex((loss) => Object.is(loss, highest))]!;
  const segment = Math.max(0, Math.min(segments - 1, Math.floor(top * segments)));
  const { anchors, coefficients } = chain(w1, w2, ...bends);
  const middle = linearCombination(coefficients((segment + 0.5) / segments), anchors);
  return bends.map(clone).toSpliced(segment, 0, middle);
}
