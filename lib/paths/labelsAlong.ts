import { breathe } from '../cancellation';
import { type Dataset, dataLoader } from '../data';
import { apply, type Network, winnerOf } from '../nn';
import { disposeStateDict, linearCombination } from '../weights';
import type { Path } from './points';

const BATCH = 1000;

/**
 * The class that the network takes each sample for at each t of a path: `[i][s]` is that of sample
 * s at ts[i]. Buffers, where there are any, are combined as the weights are.
 */
export async function labelsAlong(
  network: Network,
  path: Path,
  ts: readonly number[],
  dataset: Dataset,
  { signal }: { signal?: AbortSignal | undefined } = {},
): Promise<number[][]> {
  const labels: number[][] = [];
  for (const t of ts) {
    const weights = linearCombination(path.coefficients(t), path.anchors, 'labelsAlong');
    try {
      const there: number[] = [];
      for (const { x } of dataLoader(dataset, { batchSize: BATCH })) {
        await breathe(signal);
        const logits = apply(network, weights, x);
        const [rows, classes] = logits.shape;
        const values = logits.dataSync();
        for (let row = 0; row < rows; row++) there.push(winnerOf(values, row * classes, classes));
        logits.dispose();
      }
      labels.push(there);
    } finally {
      disposeStateDict(weights);
    }
  }
  return labels;
}
