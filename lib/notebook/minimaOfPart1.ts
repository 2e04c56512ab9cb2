import { existsSync } from 'node:fs';
import { type Dataset, dataLoader } from '../data';
import { initialize, type Network } from '../nn';
import { cosineAnnealingLR, SGD } from '../optim';
import { type HistoryRow, sideBySide, train } from '../training';
import { disposeStateDict, loadStateDict, type StateDict } from '../weights';
import type { Lab } from './lab';
import { progress } from './progress';
import { reuse } from './reuse';
import { isOfNetwork } from './savedNets';

/**
 * The two minima that Part 1 has left in the lab's folder. Where it has not, or of another network,
 * the library trains two nets in their place and says so, so that each part can be worked on by itself. The caller
 * disposes the tensors.
 *
 * @param lab whose folder is looked in
 * @param network the network that the minima are of
 * @param trainSet what the two are trained on where they are missing
 * @throws InputError when a file of them cannot be read
 * @example
 * ```ts
 * // in a notebook
 * const lab = openLab();
 * const minima = await minimaOfPart1(lab, network, datasets.train);
 * disposeStateDict(...minima);
 * ```
 */
export async function minimaOfPart1(
  lab: Lab,
  network: Network,
  trainSet: Dataset,
): Promise<[StateDict, StateDict]> {
  const files = [1, 2].map((i) => lab.file(`minimum-${i}.safetensors`));
  let why = 'not saved yet';
  if (files.every((file) => existsSync(file))) {
    const minima = files.map((file) => loadStateDict(file).stateDict);
    if (minima.every((minimum) => isOfNetwork(minimum, network))) {
      return minima as [StateDict, StateDict];
    }
    disposeStateDict(...minima);
    why = 'of another network than this one (is hiddenDim the same in both settings?)';
  }
  console.log(`Part 1's minima are ${why}: the library trains two nets to go on with`);
  const epochs = lab.size === 'small' ? 40 : 100;
  const standIns = [1, 2].map((seed) => async () => {
    const from = { network, trainSet, epochs, seed, by: 'minimaOfPart1' };
    const { weights } = await reuse(lab.file(`stand-in-${seed}.safetensors`), from, async () => {
      const model = { network, weights: initialize(network, seed) };
      const optimizer = SGD({ learningRate: 0.1, momentum: 0.9 });
      const loader = dataLoader(trainSet, { batchSize: 128, shuffle: seed });
      const schedule = cosineAnnealingLR({ epochs });
      const bar = progress(epochs, `stand-in ${seed}`);
      const onEpoch = ({ epoch }: HistoryRow) => bar.update(epoch);
      try {
        const history = await train(model, { loader, optimizer, epochs, schedule, onEpoch });
        return { weights: model.weights, history };
      } catch (error) {
        disposeStateDict(model.weights);
        throw error;
      } finally {
        bar.finish();
        optimizer.dispose();
      }
    });
    return weights;
  });
  return (await sideBySide(standIns)) as [StateDict, StateDict];
}
