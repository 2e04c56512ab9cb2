import assert from 'node:assert/strict';
import { dataLoader, makeDataset } from '../../../lib/data';
import { type Engine, nativeEngine, tfjsEngine, useBackend } from '../../../lib/engine';
import { ClassifierFC, crossEntropy, initialize } from '../../../lib/nn';
import { Adam, type Optimizer, SGD } from '../../../lib/optim';
import { assertClose } from '../../close';

describe('momentum of a pixel that is seldom lit', () => {
  before(() => useBackend());
  const steps = 1000;
  /** The first pixel is lit in the first image alone, the others always. */
  const dataset = makeDataset({
    name: 'once',
    images: Uint8Array.from({ length: 4 * steps }, (_, i) =>
      i % 4 === 0 && i > 0 ? 0 : 200 - (i % 7),
    ),
    labels: Uint8Array.from({ length: steps }, (_, i) => i % 3),
    imageShape: [1, 2, 2],
    classes: 3,
  });
  const network = ClassifierFC({ inputShape: [1, 2, 2], outputSize: 3, hiddenDim: 8 });

  async function descend(engine: Engine, optimizer: Optimizer) {
    const point = { weights: initialize(network, 1) };
    const loader = dataLoader(dataset, { batchSize: 1 });
    await engine.descend({ network, point, loader, lossFunction: crossEntropy, optimizer });
    return { weights: point.weights, state: optimizer.state() };
  }

  const cases = {
    momentum_buffer: () => SGD({ learningRate: 0.01, momentum: 0.9 }),
    exp_avg: () => Adam({ learningRate: 0.01 }),
  };
  for (const [slot, make] of Object.entries(cases)) {
    it(`${slot}: becomes 0, where it would stay among the subnormal numbers`, async () => {
      const [ours, reference] = [
        await descend(nativeEngine, make()),
        await descend(tfjsEngine, make()),
      ];
      const tiny = ({ state }: typeof ours) =>
        [...state[`layers.1.weight.${slot}`]!.dataSync()].filter(
          (x) => x !== 0 && Math.abs(x) < 1e-31,
        );
      assert.equal(tiny(ours).length, 0);
      assert.ok(tiny(reference).length > 0);
      for (const [name, weights] of Object.entries(reference.weights)) {
        const expected = weights.dataSync();
        ours.weights[name]!.dataSync().forEach((x, i) => {
          assertClose(x, expected[i]!, { relative: 1e-4, absolute: 1e-5 });
        });
      }
    });
  }
});
