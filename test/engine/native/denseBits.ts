import { dataLoader } from '../../../lib/data';
import { nativeEngine, useBackend } from '../../../lib/engine';
import { ClassifierFC, crossEntropy, initialize } from '../../../lib/nn';
import { Adam, SGD } from '../../../lib/optim';
import { fingerprint } from '../../../lib/weights';
import { toyDataset } from '../../toy';

/**
 * Prints what trainings end with, to the bit, for whatever LAB_THREADS says. A step is 7 million
 * multiplications, worth as many threads; 67 neurons and 101 samples divide by none of their numbers.
 * Neither do the nineteen panels of 300 neurons.
 */
async function main(): Promise<void> {
  await useBackend();
  const shape = { inputShape: [1, 4, 4], outputSize: 10, nonlinearity: 'tanh' } as const;
  const network = ClassifierFC({ ...shape, hiddenDim: 67, numHidden: 16 });
  const loader = dataLoader(toyDataset(300, 3), { batchSize: 101, shuffle: 4 });
  const coefficients = [0.3, 1, 0].map((t) => [1 - t, t]);
  const family = { fixed: [initialize(network, 2)], coefficients };
  const rule = { learningRate: 0.02, momentum: 0.9, weightDecay: 1e-3 };
  const [trained, bent] = [1, 3].map((seed) => ({ weights: initialize(network, seed) }));
  const task = { network, loader, lossFunction: crossEntropy };
  const wide = ClassifierFC({ ...shape, nonlinearity: 'relu', hiddenDim: 300, numHidden: 2 });
  const point = { weights: initialize(wide, 1) };
  const seen = [
    await nativeEngine.descend({ ...task, point: trained!, optimizer: SGD(rule) }),
    await nativeEngine.descend({
      ...task,
      point: trained!,
      optimizer: Adam({ learningRate: 0.01 }),
    }),
    await nativeEngine.descend({ ...task, point: bent!, optimizer: SGD(rule), family }),
    await nativeEngine.descend({ ...task, network: wide, point, optimizer: SGD(rule) }),
  ];
  console.log(fingerprint(trained!.weights, bent!.weights, point.weights), JSON.stringify(seen));
}

void main();
