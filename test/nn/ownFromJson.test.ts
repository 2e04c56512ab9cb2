import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import {
  apply,
  countParameters,
  defineLayer,
  initialize,
  type Network,
  sequential,
} from '../../lib/nn';
import { disposeStateDict } from '../../lib/weights';

describe('a layer of one’s own that was in JSON, which has no functions', () => {
  const scaled = defineLayer('scaled', {
    outputShape: (_, shape) => shape,
    tensors: () => ({ weight: [] }),
    initial: () => ({ weight: tf.scalar(2) }),
    apply: (_, { weight }, x) => x.mul(weight!),
  });
  const whole = sequential([2], [scaled(), { kind: 'dense', inputs: 2, outputs: 3 }]);
  const read = JSON.parse(JSON.stringify(whole)) as Network;
  const lost = { name: 'InputError', message: /the layer scaled has lost its definition/ };

  it('goes into no network', () => {
    assert.throws(() => sequential(read.inputShape, read.layers), lost);
  });

  it('is refused in one that was read whole: its weights would be missing without a word', () => {
    assert.equal(countParameters(whole), 10);
    assert.throws(() => countParameters(read), lost);
    assert.throws(() => initialize(read, 1), lost);
  });

  it('computes nothing', () => {
    const [weights, x] = [initialize(whole, 1), tf.ones([1, 2])];
    assert.throws(() => apply(read, weights, x), lost);
    disposeStateDict(weights, { x });
  });
});
