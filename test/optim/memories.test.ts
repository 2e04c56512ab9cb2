import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { useBackend } from '../../lib/engine';
import { Adam, AdamW, SGD } from '../../lib/optim';
import { requireStepAt } from '../../lib/optim/optimizer';
import { assertClose } from '../close';
import { stepped } from './toy';

const vector = (...values: number[]) => tf.tensor1d(values);

describe('what an optimizer remembers', () => {
  before(async () => void (await useBackend('wasm')));

  it('of a weight that has no gradient for a while stays', () => {
    const liveBefore = tf.memory().numTensors;
    const optimizer = SGD({ learningRate: 1, momentum: 0.5 });
    let weights: tf.NamedTensorMap = { w: vector(0), frozen: vector(0) };
    weights = stepped(optimizer, weights, { w: vector(8), frozen: vector(8) });
    weights = stepped(optimizer, weights, { w: vector(0) });
    weights = stepped(optimizer, weights, { w: vector(0), frozen: vector(0) });
    // Buffers 8, 4, 2 of w; 8 and 4 of the other.
    assertClose(weights.w!.dataSync(), [-14]);
    assertClose(weights.frozen!.dataSync(), [-12]);
    optimizer.dispose();
    tf.dispose(weights);
    assert.equal(tf.memory().numTensors, liveBefore);
  });

  it('after its very first step is a state to go on from', () => {
    const [first, second] = [0, 1].map(() => SGD({ learningRate: 1, momentum: 0.5 }));
    const weights = stepped(first!, { w: vector(0) }, { w: vector(8) });
    const state = first!.state();
    second!.load(state);
    const next = stepped(second!, weights, { w: vector(0) });
    assertClose(next.w!.dataSync(), [-12]);
    first!.dispose();
    second!.dispose();
    tf.dispose([state, next]);
  });

  it('is of a weight with a name', () => {
    const state = { '.momentum_buffer': vector(1), '.step': tf.scalar(1, 'int32') };
    assert.throws(
      () => SGD({ learningRate: 1, momentum: 0.5 }).load(state),
      /^InputError: SGD.*, got '\.momentum_buffer'/,
    );
    tf.dispose(state);
  });

  it('is not all that the next step needs: a rate that is none is told ahead', () => {
    const optimizer = SGD({ learningRate: 1 });
    optimizer.learningRate = Number.NaN;
    assert.throws(() => requireStepAt(optimizer, {}), /^InputError: SGD: learningRate must be/);
  });
});

describe('weight decay', () => {
  before(async () => void (await useBackend('wasm')));
  const rate = { learningRate: 0.1 };

  // As torch 2.15 does: SGD and AdamW give w·(1 − rate·λ), Adam's first step is the rate's size.
  for (const [make, expected] of [
    [SGD, [1.8, -3.6]],
    [Adam, [1.9, -3.9]],
    [AdamW, [1.8, -3.6]],
  ] as const) {
    it(`of 1 pulls weights without a gradient of their own: ${make.name}`, () => {
      const optimizer = make({ ...rate, weightDecay: 1 });
      const after = stepped(optimizer, { w: vector(2, -4) }, { w: vector(0, 0) });
      assertClose(after.w!.dataSync(), expected, { relative: 1e-6 });
      tf.dispose(after);
      optimizer.dispose();
    });

    it(`of 0 leaves an infinite weight what it is, as torch: ${make.name}`, () => {
      const optimizer = make({ ...rate, weightDecay: 0 });
      const after = stepped(optimizer, { w: vector(Infinity) }, { w: vector(1) });
      assert.deepEqual([...after.w!.dataSync()], [Infinity]);
      tf.dispose(after);
      optimizer.dispose();
    });
  }
});
