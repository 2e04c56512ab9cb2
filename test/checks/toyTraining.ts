import { dataLoader } from '../../lib/data';
import { type Optimizer, SGD } from '../../lib/optim';
import { train } from '../../lib/training';
import { clone, type StateDict } from '../../lib/weights';
import { toyDataset, toyNetwork } from '../toy';

export const datasets = { train: toyDataset(300, 1), test: toyDataset(200, 2) };

/** A net that knows the toy images. */
export async function trained(
  init: StateDict,
  optimizer: Optimizer = SGD({ learningRate: 0.1, momentum: 0.9 }),
): Promise<StateDict> {
  const model = { network: toyNetwork, weights: clone(init) };
  const loader = dataLoader(datasets.train, { batchSize: 20, shuffle: 1 });
  await train(model, { loader, optimizer, epochs: 20 });
  return model.weights;
}
