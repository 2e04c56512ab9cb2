import type { EvaluateOnLine } from '../../lib/checks';
import { dataLoader } from '../../lib/data';
import { crossEntropy } from '../../lib/nn';
import { type Datasets, interpolateBetweenStateDicts, type PathFigures } from '../../lib/paths';
import { performEpoch } from '../../lib/training';
import { disposeStateDict } from '../../lib/weights';
import { network } from './someMnist';

/** By hand, in batches of 128, the mean over batches weighted or not. */
export const handMadeFigures =
  (datasets: Datasets, weighted: boolean): EvaluateOnLine =>
  async (a, b, ts) => {
    const figures = { ts, trainLoss: [], trainAcc: [], testLoss: [], testAcc: [] } as PathFigures;
    for (const t of ts) {
      const weights = interpolateBetweenStateDicts(t, a, b);
      for (const set of ['train', 'test'] as const) {
        let [loss, accuracy, count] = [0, 0, 0];
        const all = datasets[set];
        for (let from = 0; from < all.length; from += 128) {
          const some = Math.min(128, all.length - from);
          const batch = {
            ...all,
            images: all.images.subarray(784 * from, 784 * (from + some)),
            labels: all.labels.subarray(from, from + some),
            length: some,
          };
          const loader = dataLoader(batch, { batchSize: 128 });
          const got = await performEpoch({ network, weights }, loader, crossEntropy);
          const share = weighted ? some : 1;
          loss += share * got.loss;
          accuracy += share * got.accuracy;
          count += share;
        }
        figures[`${set}Loss`].push(loss / count);
        figures[`${set}Acc`].push(accuracy / count);
      }
      disposeStateDict(weights);
    }
    return figures;
  };
