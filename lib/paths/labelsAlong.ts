import type { Dataset } from '../data';
import { defaultEngine, type Engine, guarded } from '../engine';
import type { Network } from '../nn';
import type { Path } from './points';

/**
 * The class that the network takes each sample for at each t of a path: `[i][s]` is that of sample
 * s at ts[i]. Buffers, where there are any, are combined as the weights are.
 *
 * @param network the network that is evaluated
 * @param dataset the samples, in their order
 * @throws InputError on what every `Engine` refuses
 * @example
 * ```ts
 * const labels = await labelsAlong(network, line(w1, w2), [0, 0.5, 1], small);
 * [labels.length, labels[0].length]; // → [ 3, 12 ]
 * ```
 */
export async function labelsAlong(
  network: Network,
  path: Path,
  ts: readonly number[],
  dataset: Dataset,
  { engine = defaultEngine, signal }: { engine?: Engine; signal?: AbortSignal | undefined } = {},
): Promise<number[][]> {
  const evaluator = guarded(engine).evaluator(network, path.anchors, dataset);
  try {
    const points = ts.map((t) => path.coefficients(t));
    return await evaluator.labels(points, { signal });
  } finally {
    evaluator.dispose();
  }
}
