import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { leavesOf } from '../../lib/checks/given';

describe('what an answer is given', () => {
  it('is looked into to a depth, so that an object within itself ends, and no tensor is', () => {
    const ring: { n: number; self?: unknown } = { n: 1 };
    ring.self = ring;
    const values = leavesOf(ring).map(({ value }) => value);
    assert.deepEqual(values, [1, 1, 1, 1, 1]);
    const tensor = tf.tensor1d([1]);
    assert.deepEqual(leavesOf(tensor), []);
    assert.deepEqual(leavesOf({ w: tensor }), [
      { holder: { w: tensor }, name: 'w', value: tensor },
    ]);
    tensor.dispose();
  });
});
