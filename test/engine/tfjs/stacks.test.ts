import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { useBackend } from '../../../lib/engine';

describe('the stack of an error of tfjs', () => {
  before(() => useBackend('wasm'));

  const wrong = () => tf.matMul(tf.zeros([2, 3]), tf.zeros([4, 5]));
  const stackOf = (call: () => unknown): string[] => {
    try {
      tf.tidy(() => call() as tf.Tensor);
    } catch (error) {
      return (error as Error).stack!.split('\n');
    }
    throw new Error('nothing was thrown');
  };

  // Who called is known: the functions above, in this file.
  it("begins at the script's line, and leaves out what is tfjs' own", () => {
    for (const call of [
      wrong,
      () => tf.tidy(wrong),
      () => tf.tidy(() => tf.tidy(() => tf.tidy(() => tf.tidy(wrong)))),
      () => tf.grad(() => wrong().sum())(tf.zeros([1])),
    ]) {
      const [message, first, ...others] = stackOf(call);
      assert.match(message!, /^Error: Error in matMul: inner shapes \(3\) and \(4\)/);
      assert.match(first!, /^ {4}at wrong \(.*stacks\.test\.ts:8:/);
      assert.match(others[0]!, /stacks\.test\.ts:/);
      assert.doesNotMatch(others.join('\n'), /tensorflow|tfjs-core|repairs/);
    }
  });

  it("begins at the script's gradient where that fails on the way back", () => {
    const backwards = tf.customGrad((...given) => {
      const value = (given[0] as tf.Tensor).clone();
      return { value, gradFunc: (dy: tf.Tensor) => dy.reshape([7]) };
    });
    const descend = () => tf.grad((x) => tf.tidy(() => backwards(x.square())))(tf.ones([3]));
    const [message, , second] = stackOf(descend);
    assert.equal(message, 'Error: Size(3) must match the product of shape 7');
    assert.match(second!, /^ {4}at descend \(.*stacks\.test\.ts:/);
  });

  it('has as many calls as Error.stackTraceLimit says, which stays', () => {
    const before = Error.stackTraceLimit;
    const nested = (depth: number): unknown => (depth === 0 ? wrong() : nested(depth - 1));
    try {
      for (const limit of [1, 4]) {
        Error.stackTraceLimit = limit;
        assert.equal(stackOf(() => nested(20)).length, 1 + limit);
        assert.equal(Error.stackTraceLimit, limit);
      }
    } finally {
      Error.stackTraceLimit = before;
    }
  });
});
