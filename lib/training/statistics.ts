import { breathe } from '../cancellation';
import { type Batch, type Dataset, dataLoader, take } from '../data';
import { takeLast } from '../data/dataset';
import { applyInTraining, type Network } from '../nn';
import { smallestBatch } from '../nn/network';
import { clone, disposeStateDict, type StateDict, withBuffers } from '../weights';

const BATCH = 500;

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
  { batchSize = BATCH, signal }: { batchSize?: number; signal?: AbortSignal | undefined } = {},
): Promise<StateDict> {
  let result = clone(weights);
  try {
    let done = 0;
    for (const batch of batchesOf(dataset, batchSize, smallestBatch(network) > 1)) {
      await breathe(signal);
      done++;
      const pass = applyInTraining(network, result, batch.x, { momentum: 1 / done });
      pass.logits.dispose();
      result = withBuffers(result, statisticsOf(pass.buffers));
    }
    return result;
  } catch (error) {
    disposeStateDict(result);
    throw error;
  }
}

function* batchesOf(
  dataset: Dataset,
  batchSize: number,
  noneAlone: boolean,
): Generator<Batch, void, undefined> {
  const alone = noneAlone && dataset.length > batchSize && dataset.length % batchSize === 1;
  const last = alone ? batchSize + 1 : 0;
  yield* dataLoader(take(dataset, dataset.length - last), { batchSize });
  yield* dataLoader(takeLast(dataset, last), { batchSize: batchSize + 1 });
}

function statisticsOf(buffers: StateDict): StateDict {
  const isCounter = (name: string) => buffers[name]!.dtype !== 'float32';
  const names = Object.keys(buffers);
  for (const name of names.filter(isCounter)) buffers[name]!.dispose();
  return Object.fromEntries(names.filter((n) => !isCounter(n)).map((n) => [n, buffers[n]!]));
}
