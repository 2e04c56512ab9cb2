import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { dataLoader, take } from '../../lib/data';
import { tfjsEngine, useBackend } from '../../lib/engine';
import { apply, countCorrect, crossEntropy, initialize, type LossFunction } from '../../lib/nn';
import { SGD } from '../../lib/optim';
import { type Model, performEpoch } from '../../lib/training';
import { clone, equal } from '../../lib/weights';
import { assertClose } from '../close';
import { tellingEngine } from '../engine/telling';
import { toyDataset, toyNetwork } from '../toy';

describe('performEpoch', () => {
  const dataset = toyDataset(103, 1);
  const newModel = (seed = 1): Model => ({
    network: toyNetwork,
    weights: initialize(toyNetwork, seed),
  });
  before(() => useBackend());

  it('without an optimizer measures the mean over samples, the short last batch weighted rightly', async () => {
    const model = newModel();
    const before = clone(model.weights);
    // The whole set as one batch has no weighting to get wrong.
    const x = tf.tensor4d(
      Float32Array.from(dataset.images, (v) => v / 255),
      [103, 1, 4, 4],
    );
    const y = tf.tensor1d(Int32Array.from(dataset.labels), 'int32');
    const logits = apply(toyNetwork, model.weights, x);
    const figures = await performEpoch(model, dataLoader(dataset, { batchSize: 10 }), crossEntropy);
    assertClose(figures.loss, crossEntropy(logits, y).dataSync()[0]!, { relative: 1e-6 });
    assertClose(figures.accuracy, countCorrect(logits, y) / 103, { relative: 1e-12 });
    assert.ok(equal(before, model.weights));
  });

  it('refuses a loss function that gives no mean, and leaves no tensor and the weights', async () => {
    const model = newModel();
    const before = clone(model.weights);
    const loader = dataLoader(dataset, { batchSize: 10 });
    const wrong: [got: RegExp, f: (logits: tf.Tensor2D, labels: tf.Tensor1D) => unknown][] = [
      [/got shape \[10\]/, (logits) => logits.sum(1)],
      [/got shape \[10, 10\]/, (logits) => logits],
      [/got 3$/, () => 3],
      [/got undefined$/, () => undefined],
    ];
    for (const [got, f] of wrong) {
      for (const optimizer of [undefined, SGD({ learningRate: 0.1 })]) {
        const { numTensors } = tf.memory();
        await assert.rejects(performEpoch(model, loader, f as LossFunction, optimizer), {
          name: 'InputError',
          message: got,
        });
        assert.equal(tf.memory().numTensors, numTensors);
      }
    }
    assert.ok(equal(before, model.weights));
  });

  it('without an optimizer asks the engine too, for cross-entropy of a whole dataset at once', async () => {
    const large = toyDataset(5000, 1);
    const model = newModel();
    const { engine, asked } = tellingEngine();
    const told: number[] = [];
    const onBatch = (done: number) => told.push(done);
    const options = { engine, onBatch };
    const loader = dataLoader(large, { batchSize: 500 });
    const figures = await performEpoch(model, loader, crossEntropy, undefined, options);
    assert.deepEqual(asked, [large]);
    // The reference engine goes in three batches of at most 2000: 3⅓, 6⅔ and 10 of the loader's.
    assert.deepEqual(told, [3, 6, 10]);
    assert.equal(loader.epoch, 1, 'the pass counts as one');
    // Another loss is a matter of batches: the engine takes those of the loader.
    const own: LossFunction = (logits, labels) => crossEntropy(logits, labels);
    const plain = await performEpoch(model, loader, own, undefined, { engine });
    assert.equal(asked[1], loader);
    assertClose(figures.loss, plain.loss, { relative: 1e-6 });
    assertClose(figures.accuracy, plain.accuracy, { relative: 1e-12 });
    // A loader that drops sees less than the dataset.
    const dropping = dataLoader(large, { batchSize: 3000, drop: true });
    const first = await performEpoch(model, dropping, crossEntropy, undefined, { engine });
    const three = dataLoader(take(large, 3000), { batchSize: 3000 });
    assertClose(first.loss, (await performEpoch(model, three, crossEntropy)).loss, {
      relative: 1e-6,
    });
  });

  it('with an optimizer takes a step a batch, the same from the same seeds', async () => {
    const run = async () => {
      const model = newModel();
      const loader = dataLoader(dataset, { batchSize: 10, shuffle: 3 });
      const optimizer = SGD({ learningRate: 0.1, momentum: 0.9 });
      const figures = [];
      for (let epoch = 0; epoch < 20; epoch++) {
        figures.push(await performEpoch(model, loader, crossEntropy, optimizer));
      }
      return { figures, model };
    };
    const [a, b] = [await run(), await run()];
    assert.deepEqual(a.figures, b.figures);
    assert.ok(equal(a.model.weights, b.model.weights));
    assert.ok(a.figures.at(-1)!.loss < a.figures[0]!.loss / 2, 'it learns');
  });

  it('stops between two batches when asked, with whole weights', async () => {
    const model = newModel();
    const controller = new AbortController();
    const loader = dataLoader(dataset, { batchSize: 10, shuffle: 3 });
    const onBatch = (done: number) => {
      if (done === 4) controller.abort();
    };
    const optimizer = SGD({ learningRate: 0.1 });
    const options = { engine: tfjsEngine, signal: controller.signal, onBatch };
    await assert.rejects(performEpoch(model, loader, crossEntropy, optimizer, options), {
      name: 'AbortError',
    });
    assert.ok(Number.isFinite((await performEpoch(model, loader, crossEntropy)).loss));
  });

  it('keeps the number of live tensors over 100 steps and 100 evaluations', async () => {
    const model = newModel();
    const ten = toyDataset(100, 2);
    const loader = dataLoader(ten, { batchSize: 10, shuffle: 3 });
    const optimizer = SGD({ learningRate: 0.1, momentum: 0.9 });
    await performEpoch(model, loader, crossEntropy, optimizer);
    const before = tf.memory().numTensors;
    for (let epoch = 0; epoch < 10; epoch++) {
      await performEpoch(model, loader, crossEntropy, optimizer);
      await performEpoch(model, loader, crossEntropy);
    }
    assert.equal(tf.memory().numTensors, before);
  });
});
