import { breathe } from '../../cancellation';
import { type Batch, type Dataset, dataLoader, take } from '../../data';
import { takeLast } from '../../data/dataset';
import { applyInTraining, type Network } from '../../nn';
import { clone, disposeStateDict, type StateDict, withBuffers } from '../../weights';
import { batchSizes } from '../batchSizes';
import type { StatisticsPass } from '../engine';

/** The plain way: the forward pass on tfjs, batch by batch. */
export async function tfjsStatistics(
  network: Network,
  weights: StateDict,
  dataset: Dataset,
  { batchSize, signal }: StatisticsPass,
): Promise<StateDict> {
  let result = clone(weights);
  try {
    let done = 0;
    for (const batch of batchesOf(network, dataset, batchSize)) {
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
  network: Network,
  dataset: Dataset,
  batchSize: number,
): Generator<Batch, void, undefined> {
  const size = batchSizes(network, dataset.length, batchSize).at(-1) ?? 0;
  const last = size > batchSize ? size : 0;
  yield* dataLoader(take(dataset, dataset.length - last), { batchSize });
  yield* dataLoader(takeLast(dataset, last), { batchSize: batchSize + 1 });
}

function statisticsOf(buffers: StateDict): StateDict {
  const isCounter = (name: string) => buffers[name]!.dtype !== 'float32';
  const names = Object.keys(buffers);
  for (const name of names.filter(isCounter)) buffers[name]!.dispose();
  return Object.fromEntries(names.filter((n) => !isCounter(n)).map((n) => [n, buffers[n]!]));
}
