import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { affineEngine, tfjsEngine, useBackend } from '../../lib/engine';
import { ClassifierFC, initialize, type Nonlinearity, sequential } from '../../lib/nn';
import { assertClose } from '../close';
import { toyDataset } from '../toy';

describe('affineEngine', () => {
  before(() => useBackend());
  const dataset = toyDataset(2100, 1);
  // Lines, chains, planes, points far outside, and the anchors themselves.
  const points = [
    [1, 0, 0],
    [0, 1, 0],
    [0.5, 0.5, 0],
    [0, -0.7, 1.7],
    [1, 2.5, -1.25],
    [30, -20, 5],
  ];
  const nonlinearities: Nonlinearity[] = ['relu', 'sigmoid', 'tanh'];

  for (const nonlinearity of nonlinearities) {
    for (const numHidden of [1, 2, 4]) {
      it(`${nonlinearity}, depth ${numHidden}: the figures of the reference engine`, async () => {
        const network = ClassifierFC({
          inputShape: [1, 4, 4],
          outputSize: 10,
          hiddenDim: 13,
          numHidden,
          nonlinearity,
        });
        const anchors = [1, 2, 3].map((seed) => initialize(network, seed));
        const figures = async (engine: typeof tfjsEngine) => {
          const evaluator = engine.evaluator(network, anchors, dataset);
          const result = await evaluator.evaluate(points);
          evaluator.dispose();
          return result;
        };
        const [ours, reference] = [await figures(affineEngine), await figures(tfjsEngine)];
        const pick = (key: 'loss' | 'accuracy', list: typeof ours) => list.map((f) => f[key]);
        assertClose(pick('loss', ours), pick('loss', reference), { relative: 1e-5 });
        // One sample in 2100, where two logits tie to the last bit.
        assertClose(pick('accuracy', ours), pick('accuracy', reference), { absolute: 1.01 / 2100 });
      });
    }
  }

  it('a network without a hidden layer is all affine', async () => {
    const layers = [
      { kind: 'reshape', shape: [16] },
      { kind: 'dense', inputs: 16, outputs: 10 },
    ] as const;
    const network = sequential([1, 4, 4], layers);
    const anchors = [initialize(network, 1)];
    const [a] = await affineEngine.evaluator(network, anchors, dataset).evaluate([[1]]);
    const [b] = await tfjsEngine.evaluator(network, anchors, dataset).evaluate([[1]]);
    assertClose(a!.loss, b!.loss, { relative: 1e-6 });
  });

  it('gives back every tensor, also when it is stopped', async () => {
    const network = ClassifierFC({ inputShape: [1, 4, 4], outputSize: 10, hiddenDim: 5 });
    const anchors = [initialize(network, 1), initialize(network, 2)];
    const before = tf.memory().numTensors;
    const evaluator = affineEngine.evaluator(network, anchors, dataset);
    for (let i = 0; i < 100; i++) await evaluator.evaluate([[i / 100, 1]]);
    const stopped = evaluator.evaluate([[0, 1]], AbortSignal.abort());
    await assert.rejects(stopped, { name: 'AbortError' });
    evaluator.dispose();
    assert.equal(tf.memory().numTensors, before);
  });

  it('refuses weights of another architecture, naming the tensor', () => {
    const small = ClassifierFC({ inputShape: [1, 4, 4], outputSize: 10, hiddenDim: 5 });
    const large = ClassifierFC({ inputShape: [1, 4, 4], outputSize: 10, hiddenDim: 6 });
    assert.throws(
      () => affineEngine.evaluator(small, [initialize(large, 1)], dataset),
      /'layers\.1\.weight': expected shape \[5, 16\], got shape \[6, 16\]/,
    );
  });
});
