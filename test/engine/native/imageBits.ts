import { dataLoader } from '../../../lib/data';
import { nativeEngine, useBackend } from '../../../lib/engine';
import { crossEntropy, initialize } from '../../../lib/nn';
import { SGD } from '../../../lib/optim';
import { recomputeStatistics } from '../../../lib/training';
import { fingerprint } from '../../../lib/weights';
import { toyDataset } from '../../toy';
import { smallConvolutional as network } from './imageNetworks';

/** Prints what a training and an evaluation end with, to the bit, for whatever LAB_THREADS says. */
async function main(): Promise<void> {
  await useBackend();
  const dataset = toyDataset(300, 3);
  const loader = dataLoader(dataset, { batchSize: 37, shuffle: 4 });
  const optimizer = SGD({ learningRate: 0.02, momentum: 0.9 });
  const point = { weights: initialize(network, 1) };
  const seen = await nativeEngine.descend({
    network,
    point,
    loader,
    lossFunction: crossEntropy,
    optimizer,
  });
  const there = await recomputeStatistics(network, point.weights, dataset, { batchSize: 100 });
  const figures = await nativeEngine.evaluator(network, [there], dataset).evaluate([[1]]);
  console.log(fingerprint(point.weights, there), JSON.stringify([seen, figures]));
}

void main();
