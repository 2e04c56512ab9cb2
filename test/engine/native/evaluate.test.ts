import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { makeDataset } from '../../../lib/data';
import { nativeEngine, tfjsEngine, useBackend } from '../../../lib/engine';
import type { Engine, Figures } from '../../../lib/engine/engine';
import { ClassifierFC, initialize, type Nonlinearity, sequential } from '../../../lib/nn';
import { assertClose } from '../../close';
import { toyDataset } from '../../toy';

describe("nativeEngine's evaluator", () => {
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
    // Rows of a grid, of which one coefficient changes at a time.
    ...[-1, 0.5].flatMap((b) => [-0.5, 0, 0.3, 1].map((a) => [1, a, b])),
  ];
  const nonlinearities: Nonlinearity[] = ['relu', 'sigmoid', 'tanh'];

  for (const nonlinearity of nonlinearities) {
    for (const [numHidden, hiddenDim] of [
      [1, 13],
      [1, 64],
      [2, 33],
      [3, 7],
      [4, 50],
      [2, 130],
    ] as const) {
      it(`${nonlinearity}, ${numHidden} × ${hiddenDim}: the figures of the reference engine`, async () => {
        const network = ClassifierFC({
          inputShape: [1, 4, 4],
          outputSize: 10,
          hiddenDim,
          numHidden,
          nonlinearity,
        });
        const anchors = [1, 2, 3].map((seed) => initialize(network, seed));
        const figures = async (engine: Engine) => {
          const evaluator = engine.evaluator(network, anchors, dataset);
          const result = await evaluator.evaluate(points);
          evaluator.dispose();
          return result;
        };
        const [ours, reference] = [await figures(nativeEngine), await figures(tfjsEngine)];
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
    const [a] = await nativeEngine.evaluator(network, anchors, dataset).evaluate([[1]]);
    const [b] = await tfjsEngine.evaluator(network, anchors, dataset).evaluate([[1]]);
    assertClose(a!.loss, b!.loss, { relative: 1e-6 });
  });

  it('classes in more than one panel, and anchors of which some have no point', async () => {
    const layers = [
      { kind: 'reshape', shape: [16] },
      { kind: 'dense', inputs: 16, outputs: 37 },
      { kind: 'relu' },
      { kind: 'dense', inputs: 37, outputs: 37 },
      { kind: 'relu' },
      { kind: 'dense', inputs: 37, outputs: 23 },
    ] as const;
    for (const network of [
      sequential([1, 4, 4], layers.slice(0, 4)),
      sequential([1, 4, 4], layers),
    ]) {
      const anchors = [1, 2, 3].map((seed) => initialize(network, seed));
      const only = [
        [0, 0.5, 0],
        [0, 1, 0],
      ];
      const [ours, reference] = await Promise.all(
        [nativeEngine, tfjsEngine].map((engine) =>
          engine.evaluator(network, anchors, dataset).evaluate(only),
        ),
      );
      const losses = (figures: Figures[]) => figures.map(({ loss }) => loss);
      assertClose(losses(ours!), losses(reference!), { relative: 1e-5 });
    }
  });

  it('a weight that overflows at a point is seen also where ReLU gives 0: 0·∞ is NaN', async () => {
    const layers = [
      { kind: 'reshape', shape: [1] },
      { kind: 'dense', inputs: 1, outputs: 2 },
      { kind: 'relu' },
      { kind: 'dense', inputs: 2, outputs: 2 },
      { kind: 'relu' },
      { kind: 'dense', inputs: 2, outputs: 2 },
    ] as const;
    const network = sequential([1, 1, 1], layers);
    const dense = (name: string, weight: number[][]) => ({
      [`${name}.weight`]: tf.tensor2d(weight),
      [`${name}.bias`]: tf.zeros([2]),
    });
    const one = [
      [1, 0],
      [0, 1],
    ];
    // The hidden values are 0 and 1; the first of them meets 10³⁰, at the second point 10⁴⁰.
    const anchor = {
      ...dense('layers.1', [[-1], [1]]),
      ...dense('layers.3', [[1e30, 0], one[1]!]),
      ...dense('layers.5', one),
    };
    const white = makeDataset({
      name: 'one white pixel',
      images: Uint8Array.of(255),
      labels: Uint8Array.of(0),
      imageShape: [1, 1, 1],
      classes: 2,
    });
    for (const engine of [nativeEngine, tfjsEngine]) {
      const figures = await engine.evaluator(network, [anchor], white).evaluate([[1], [1e10]]);
      assertClose(figures[0]!.loss, Math.log(1 + Math.E), { relative: 1e-6 });
      assert.ok(Number.isNaN(figures[1]!.loss), `${engine.name}: ${figures[1]!.loss}`);
    }
  });

  it('gives back every tensor, also when it is stopped', async () => {
    const network = ClassifierFC({ inputShape: [1, 4, 4], outputSize: 10, hiddenDim: 5 });
    const anchors = [initialize(network, 1), initialize(network, 2)];
    const before = tf.memory().numTensors;
    const evaluator = nativeEngine.evaluator(network, anchors, dataset);
    for (let i = 0; i < 100; i++) await evaluator.evaluate([[i / 100, 1]]);
    const stopped = evaluator.evaluate([[0, 1]], { signal: AbortSignal.abort() });
    await assert.rejects(stopped, { name: 'AbortError' });
    evaluator.dispose();
    assert.equal(tf.memory().numTensors, before);
  });

  it('gives the same figures for points together and one by one, and tells how far it is', async () => {
    const network = ClassifierFC({ inputShape: [1, 4, 4], outputSize: 10, hiddenDim: 21 });
    const anchors = [initialize(network, 1), initialize(network, 2)];
    const evaluator = nativeEngine.evaluator(network, anchors, dataset);
    const many = Array.from({ length: 300 }, (_, i) => [i / 300, 1 - i / 300]);
    const shares: number[] = [];
    const together = await evaluator.evaluate(many, { onProgress: (share) => shares.push(share) });
    assert.equal(shares.at(-1), 1);
    for (const i of [0, 7, 299]) {
      assert.deepEqual(await evaluator.evaluate([many[i]!]), [together[i]]);
    }
    evaluator.dispose();
  });

  it('refuses points with another number of coefficients than anchors', async () => {
    const network = ClassifierFC({ inputShape: [1, 4, 4], outputSize: 10, hiddenDim: 5 });
    const evaluator = nativeEngine.evaluator(network, [initialize(network, 1)], dataset);
    await assert.rejects(evaluator.evaluate([[1, 2]]), /expected 1 coefficients a point.*got 2/);
    evaluator.dispose();
  });

  it('counts samples of other numbers than tiles and chunks have', async () => {
    const network = ClassifierFC({ inputShape: [1, 4, 4], outputSize: 10, hiddenDim: 6 });
    const anchors = [initialize(network, 1)];
    for (const length of [1, 3, 15, 17, 511, 513]) {
      const few = toyDataset(length, 5);
      const [[ours], [reference]] = (await Promise.all(
        [nativeEngine, tfjsEngine].map((engine) =>
          engine.evaluator(network, anchors, few).evaluate([[1]]),
        ),
      )) as [Figures[], Figures[]];
      assertClose(ours!.loss, reference!.loss, { relative: 1e-6 });
      assert.equal(ours!.accuracy, reference!.accuracy);
    }
  });

  it('refuses weights of another architecture, naming the tensor', () => {
    const small = ClassifierFC({ inputShape: [1, 4, 4], outputSize: 10, hiddenDim: 5 });
    const large = ClassifierFC({ inputShape: [1, 4, 4], outputSize: 10, hiddenDim: 6 });
    assert.throws(
      () => nativeEngine.evaluator(small, [initialize(large, 1)], dataset),
      /'layers\.1\.weight': expected shape \[5, 16\], got shape \[6, 16\]/,
    );
  });
});
