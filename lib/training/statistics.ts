import type { Dataset } from '../data';
import { defaultEngine, type Engine, guarded } from '../engine';
import { requireInteger } from '../errors';
import type { Network } from '../nn';
import type { StateDict } from '../weights';

const BATCH = 500;

/** How statistics are recomputed. */
export interface RecomputeOptions {
  /** Images in a batch; by default 500. */
  readonly batchSize?: number;
  /** Who computes; by default `defaultEngine`. */
  readonly engine?: Engine;
  readonly signal?: AbortSignal | undefined;
}

/**
 * `weights` with BatchNorm's running statistics made anew by a pass over `dataset`: the mean over
 * batches of their means and (unbiased) variances, as `torch.optim.swa_utils.update_bn`. Elsewhere
 * than where a network was trained its statistics hold no longer, and without this a point of a
 * path looks far worse than it is (Garipov et al. 2018, 1802.10026). Nothing is dropped out, and
 * counters are carried over. The caller disposes the result; `weights` stay.
 *
 * Where a BatchNorm has one number a channel and image, a last image that would be a batch alone
 * goes with the batch before it: of one number there is no variance, and PyTorch refuses it.
 *
 * @param network the network that the weights are of
 * @throws InputError when all of such a network's data is one image, or a batch is to be
 * @example
 * ```ts
 * // Without BatchNorm there is nothing to recompute.
 * const same = await recomputeStatistics(network, w1, small);
 * equal(same, w1); // → true
 * disposeStateDict(same);
 * ```
 */
export async function recomputeStatistics(
  network: Network,
  weights: StateDict,
  dataset: Dataset,
  { batchSize = BATCH, engine = defaultEngine, signal }: RecomputeOptions = {},
): Promise<StateDict> {
  requireInteger('recomputeStatistics', 'batchSize', batchSize, 1);
  return await guarded(engine).statistics(network, weights, dataset, { batchSize, signal });
}
