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

  async function descend(
    engine: Engine,
    optimizer: Optimizer,
    { images = dataset, hiddenDim = 8, passes = 1 } = {},
  ) {
    const { imageShape: inputShape } = images;
    const network = ClassifierFC({ inputShape, outputSize: 3, hiddenDim });
    const point = { weights: initialize(network, 1) };
    const loader = dataLoader(images, { batchSize: 1 });
    const descent = { network, point, loader, lossFunction: crossEntropy, optimizer };
    for (let i = 0; i < passes; i++) await engine.descend(descent);
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
        const expected = [...weights.dataSync()];
        const own = [...ours.weights[name]!.dataSync()];
        assertClose(own, expected, { relative: 1e-4, absolute: 1e-5 });
      }
    });
  }

  // Its own decay is all the gradient that such a weight has, so both engines do the same to it, to the bit.
  it('stays where it counts: Adam takes weights that only decay far down, and up again', async () => {
    const dark = makeDataset({
      name: 'dark but for one pixel',
      images: Uint8Array.from({ length: 16 * 200 }, (_, i) => (i % 16 === 0 ? (i * 37) % 251 : 0)),
      labels: Uint8Array.from({ length: 200 }, (_, i) => i ** 2 % 3),
      imageShape: [1, 4, 4],
      classes: 3,
    });
    const make = () => Adam({ learningRate: 0.03, weightDecay: 1e-4 });
    const ofDark = async (engine: Engine) => {
      const { weights } = await descend(engine, make(), {
        images: dark,
        hiddenDim: 64,
        passes: 12,
      });
      return [...weights['layers.1.weight']!.dataSync()].filter((_, i) => i % 16 !== 0);
    };
    const [ours, reference] = [await ofDark(nativeEngine), await ofDark(tfjsEngine)];
    assert.ok(Math.max(...reference.map(Math.abs)) > 1e-4);
    assertClose(ours, reference, { relative: 1e-4, absolute: 1e-5 });
  });
});
