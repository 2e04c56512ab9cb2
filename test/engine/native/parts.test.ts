import { dataLoader } from '../../../lib/data';
import { nativeEngine, tfjsEngine, useBackend } from '../../../lib/engine';
import { ClassifierFC, crossEntropy, initialize } from '../../../lib/nn';
import { SGD } from '../../../lib/optim';
import { generator } from '../../../lib/random';
import type { StateDict } from '../../../lib/weights';
import { assertClose } from '../../close';

describe('a batch with more pixels than a thread has room for', () => {
  before(() => useBackend());

  it('goes in parts, with the weights of the reference engine', async () => {
    const [random, side, length] = [generator(5), 200, 61];
    const images = Uint8Array.from({ length: length * side * side }, () =>
      random.integer(50) === 0 ? random.integer(256) : 0,
    );
    const labels = Uint8Array.from({ length }, () => random.integer(10));
    const imageShape = [1, side, side] as const;
    const large = { name: 'large', images, labels, imageShape, length, classes: 10 };
    const network = ClassifierFC({ inputShape: imageShape, outputSize: 10, hiddenDim: 33 });
    const ends: StateDict[] = [];
    for (const engine of [nativeEngine, tfjsEngine]) {
      const point = { weights: initialize(network, 1) };
      const loader = dataLoader(large, { batchSize: length, shuffle: 4 });
      const optimizer = SGD({ learningRate: 0.1, momentum: 0.9 });
      const task = { network, point, loader, lossFunction: crossEntropy, optimizer };
      for (let step = 0; step < 3; step++) await engine.descend(task);
      ends.push(point.weights);
    }
    const [ours, reference] = ends as [StateDict, StateDict];
    for (const [name, tensor] of Object.entries(reference)) {
      assertClose(ours[name]!.dataSync(), tensor.dataSync(), { relative: 1e-3, absolute: 1e-5 });
    }
  });
});
