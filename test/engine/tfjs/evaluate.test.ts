import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { type DataLoader, dataLoader } from '../../../lib/data';
import { tfjsEngine, useBackend } from '../../../lib/engine';
import { apply, crossEntropy, initialize, type LossFunction } from '../../../lib/nn';
import { assertClose } from '../../close';
import { toyDataset, toyNetwork } from '../../toy';

describe('the reference evaluator', () => {
  const dataset = toyDataset(103, 1);
  const weights = initialize(toyNetwork, 1);
  const other = initialize(toyNetwork, 2);
  const batchSize = 10;
  before(() => useBackend());

  const squares: LossFunction = (logits) => tf.tidy(() => logits.square().mean<tf.Scalar>());

  it('measures another loss on the batches of a loader, each weighted by its size', async () => {
    const loader = dataLoader(dataset, { batchSize });
    const evaluator = tfjsEngine.evaluator(toyNetwork, [weights], loader, {
      lossFunction: squares,
    });
    const [figures] = await evaluator.evaluate([[1]]);
    // The mean over all numbers is that of the batches' means, weighted.
    const x = tf.tensor4d(
      Float32Array.from(dataset.images, (byte) => byte / 255),
      [103, 1, 4, 4],
    );
    const logits = [...apply(toyNetwork, weights, x).dataSync()];
    const expected = logits.reduce((sum, z) => sum + z * z, 0) / logits.length;
    assertClose(figures!.loss, expected, { relative: 1e-6 });
    assert.equal(loader.epoch, 1, 'one pass a point');
    tf.dispose(x);
  });

  it('takes the loader’s own samples at each point: here it drops three, and the rest goes', async () => {
    const dropping = dataLoader(dataset, { batchSize, drop: true });
    const points = [
      [1, 0],
      [0.3, 0.7],
    ];
    const evaluator = tfjsEngine.evaluator(toyNetwork, [weights, other], dropping);
    const first = { ...dataset, length: 100 };
    const whole = tfjsEngine.evaluator(toyNetwork, [weights, other], first);
    const [ours, expected] = [await evaluator.evaluate(points), await whole.evaluate(points)];
    for (const [i, { loss, accuracy }] of expected.entries()) {
      assertClose(ours[i]!.loss, loss, { relative: 1e-6 });
      assert.equal(ours[i]!.accuracy, accuracy);
    }
    assert.deepEqual(await evaluator.labels(points), await whole.labels(points));
    whole.dispose();
  });

  it('refuses a loader that has no batch, and a batch whose labels are no classes', async () => {
    const none = dataLoader(toyDataset(3, 1), { batchSize, drop: true });
    await assert.rejects(
      tfjsEngine.evaluator(toyNetwork, [weights], none).evaluate([[1]]),
      /^InputError: evaluate: the loader has no batch; give it samples$/,
    );
    const wrong: DataLoader = {
      ...dataLoader(dataset, { batchSize }),
      *[Symbol.iterator]() {
        for (const batch of dataLoader(dataset, { batchSize })) {
          const y = tf.tensor1d([...batch.y.dataSync()].fill(12, 3, 4), 'int32');
          yield { ...batch, y };
          y.dispose();
        }
      },
    };
    const own: LossFunction = (logits, labels) => crossEntropy(logits, labels);
    for (const lossFunction of [crossEntropy, own]) {
      await assert.rejects(
        tfjsEngine.evaluator(toyNetwork, [weights], wrong, { lossFunction }).evaluate([[1]]),
        /expected 10 labels from 0 to 9, one for each row of logits, got 12 at position 3/,
      );
    }
  });

  it('leaves no tensor of a loader behind, also where its loss throws', async () => {
    const broken: LossFunction = () => {
      throw new Error('broken');
    };
    const loader = dataLoader(dataset, { batchSize, shuffle: 1 });
    const before = tf.memory().numTensors;
    const evaluator = tfjsEngine.evaluator(toyNetwork, [weights], loader, { lossFunction: broken });
    await assert.rejects(evaluator.evaluate([[1]]), /broken/);
    await evaluator.labels([[1]]);
    evaluator.dispose();
    assert.equal(tf.memory().numTensors, before);
  });
});
