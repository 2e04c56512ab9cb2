import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { nativeEngine, tfjsEngine, useBackend } from '../../../lib/engine';
import { initialize, sequential } from '../../../lib/nn';
import { evaluatePath, line } from '../../../lib/paths';
import { toyDataset } from '../../toy';

describe('ReLU on tfjs', () => {
  before(() => useBackend());

  it('keeps a NaN whose sign is set, as x86 makes of √−1 and ∞ − ∞', () => {
    const x = tf.tidy(() =>
      tf
        .tensor1d([-1, 4, -1, 0])
        .sqrt()
        .concat(tf.tensor1d([-3, 5])),
    );
    const before = tf.memory().numTensors;
    const y = x.relu();
    assert.deepEqual([...y.dataSync()], [Number.NaN, 2, Number.NaN, 0, 0, 5]);
    y.dispose();
    assert.equal(tf.memory().numTensors, before);
    x.dispose();
  });

  // Plain JavaScript compares numbers as such, and is right.
  it('keeps every NaN and ∞, as do ReLU6 and clipByValue, as on plain JavaScript', async () => {
    const bits = Uint32Array.of(0xffc00000, 0x7fc00000, 0x7f800000, 0xff800000);
    const numbers = [...new Float32Array(bits.buffer), -2, 0.5, 7];
    const results = () =>
      tf.tidy(() => {
        const x = tf.tensor1d(Float32Array.from(numbers));
        return [x.relu(), x.relu6(), x.clipByValue(-1, 2)].map((y) => [...y.dataSync()]);
      });
    await useBackend('cpu');
    const expected = results();
    await useBackend('wasm');
    assert.deepEqual(results(), expected);
    assert.deepEqual(expected[2], [Number.NaN, Number.NaN, 2, -1, -1, 0.5, 2]);
    await useBackend();
  });

  it('so a network with a negative variance has no loss, on either engine', async () => {
    const data = toyDataset(30, 1);
    const [channels, height, width] = data.imageShape;
    const network = sequential(data.imageShape, [
      { kind: 'channelsLast' },
      { kind: 'batchNorm2d', features: channels },
      { kind: 'relu' },
      { kind: 'flatten' },
      { kind: 'dense', inputs: channels * height * width, outputs: data.classes },
    ]);
    const weights = initialize(network, 1);
    weights['layers.1.running_var'] = tf.fill([channels], -1);
    for (const engine of [tfjsEngine, nativeEngine]) {
      const options = { engine, statistics: 'interpolated' } as const;
      const path = line(weights, weights);
      const { trainLoss } = await evaluatePath(network, path, [0], { train: data }, options);
      assert.deepEqual(trainLoss, [Number.NaN], engine.name);
    }
  });
});
