import { breathe } from '../cancellation';
import { type Dataset, dataLoader } from '../data';
import { applyInTraining, type Network } from '../nn';
import { clone, disposeStateDict, type StateDict, withBuffers } from '../weights';

const BATCH = 500;

/**
 * `weights` with BatchNorm's running statistics made anew by a pass over `dataset`: the mean over
 * batches of their means and (unbiased) variances, as `torch.optim.swa_utils.update_bn`. Elsewhere
 * than where a network was trained its statistics hold no longer, and without this a point of a
 * path looks far worse than it is (Garipov et al. 2018, 1802.10026). Nothing is dropped out, and
 * counters are carried over. The caller disposes the result; `weights` stay.
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
    for (const batch of dataLoader(dataset, { batchSize })) {
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

function statisticsOf(buffers: StateDict): StateDict {
  const isCounter = (name: string) => buffers[name]!.dtype !== 'float32';
  const names = Object.keys(buffers);
  for (const name of names.filter(isCounter)) buffers[name]!.dispose();
  return Object.fromEntries(names.filter((n) => !isCounter(n)).map((n) => [n, buffers[n]!]));
}
