import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { InputError } from '../../lib/errors';
import { distance } from '../../lib/paths';
import {
  clone,
  disposeStateDict,
  equal,
  fingerprint,
  parameterCount,
  requireFiniteWeights,
  withBuffers,
} from '../../lib/weights';
import {
  add,
  cosine,
  dot,
  linearCombination,
  norm,
  scale,
  subtract,
} from '../../lib/weights/arithmetic';
import { assertClose } from '../close';
import { make } from './small';

const numbers = (s: tf.NamedTensorMap) => [...s.w!.dataSync(), ...s.b!.dataSync()];

describe('state dicts', () => {
  const a = make([1, 2], 3);
  const b = make([10, -20], 0.5);

  it('add, subtract, scale and combine tensor by tensor', () => {
    assert.deepEqual(numbers(add(a, b)), [11, -18, 3.5]);
    assert.deepEqual(numbers(subtract(a, b)), [-9, 22, 2.5]);
    assert.deepEqual(numbers(scale(-2, a)), [-2, -4, -6]);
    assert.deepEqual(numbers(linearCombination([2, 1, -1], [a, b, a])), [11, -18, 3.5]);
  });

  it('pairs by name, whatever the order', () => {
    assert.deepEqual(numbers(add(a, { b: b.b, w: b.w })), [11, -18, 3.5]);
  });

  it('takes a term with coefficient 0 as absent, even when it is not finite', () => {
    assert.deepEqual(numbers(linearCombination([1, 0], [a, make([Number.NaN, 1], 1)])), [1, 2, 3]);
    assert.deepEqual(numbers(linearCombination([0], [a])), [0, 0, 0]);
  });

  // Some backends take subnormals as 0 wherever they multiply.
  it('takes the very numbers of a single term with coefficient 1: an end of a path', async () => {
    const { kernelNames, result } = await tf.profile(() => linearCombination([0, 1], [b, a]));
    assert.deepEqual(kernelNames, ['Identity']);
    assert.deepEqual(numbers(result as tf.NamedTensorMap), [1, 2, 3]);
    tf.dispose(result);
  });

  it('refuses weights that are not finite by their name, and takes the largest', () => {
    const most = (2 - 2 ** -23) * 2 ** 127;
    requireFiniteWeights('here', 'θ', make([most, -most], most));
    for (const odd of [Number.NaN, Infinity, -Infinity]) {
      assert.throws(
        () => requireFiniteWeights('here', 'θ', make([1, 2], odd)),
        /^InputError: here: some weights of θ are not finite; take those of a training/,
      );
    }
  });

  it('dot, norm and cosine are those of the long vector', () => {
    assert.equal(dot(a, b), 10 - 40 + 1.5);
    assertClose(norm(a), Math.sqrt(14), { relative: 1e-15 });
    assertClose(cosine(a, scale(-3, a)), -1, { relative: 1e-7 });
  });

  it('carries counters over and leaves them out of the geometry', () => {
    const counted = { ...a, 'bn.num_batches_tracked': tf.scalar(7, 'int32') };
    const sum = add(counted, counted)['bn.num_batches_tracked']!;
    assert.equal(sum.dataSync()[0], 7);
    assert.equal(sum.dtype, 'int32');
    assert.equal(dot(counted, counted), 14);
    assert.equal(parameterCount({ ...counted, 'bn.running_mean': tf.zeros([5]) }), 3);
  });

  it('refuses whole numbers as weights, whichever side they are on', () => {
    const whole = { w: a.w, b: tf.tensor1d([3], 'int32') };
    for (const operation of [add, subtract, dot, cosine, distance]) {
      const differ = /differ at 'b': (int32|float32) \[1\] in the first, (int32|float32) \[1\]/;
      assert.throws(() => operation(whole, a), differ);
      assert.throws(() => operation(a, whole), differ);
      assert.throws(() => operation(whole, whole), /'b' should be float32.* and is int32/);
    }
    assert.throws(() => norm(whole), /'b' should be float32/);
    assert.throws(() => scale(2, whole), /scale: 'b' should be float32/);
    assert.throws(() => norm({ w: tf.tensor1d([true], 'bool') }), /and is bool/);
  });

  it('has no cosine beyond 1, and NaN for zero', () => {
    // √3·√3 is 3 − 4e-16, so 3/(√3·√3) is 1 + 2e-16.
    const threes = { w: tf.tensor1d([1, 1, 1]) };
    assert.equal(cosine(threes, threes), 1);
    assert.equal(cosine(threes, scale(-1, threes)), -1);
    assert.ok(Number.isNaN(cosine(threes, scale(0, threes))));
  });

  it('takes names that every object has as any other', () => {
    const odd = (value: number) =>
      Object.fromEntries(
        ['__proto__', 'constructor', 'toString'].map((n) => [n, tf.scalar(value)]),
      );
    assert.throws(
      () => add(odd(1), a),
      /differ at '__proto__': float32 \[\] in the first, nothing/,
    );
    assert.throws(() => add(a, odd(1)), /differ at 'w'/);
    assert.ok(!equal(odd(1), { w: a.w, b: a.b, c: a.b }) && !equal(odd(1), odd(2)));
    assert.ok(equal(add(odd(1), odd(2)), odd(3)));
    assert.equal(dot(odd(1), odd(2)), 6);
  });

  it('compares bit for bit', () => {
    assert.ok(equal(a, clone(a)));
    assert.ok(!equal(a, make([1, 2], 3.0000002)));
    assert.ok(!equal(a, { w: a.w }));
    assert.ok(!equal({ w: a.w }, a));
    assert.equal(parameterCount(a), 3);
    assert.equal(fingerprint(a), fingerprint(clone(a)));
    assert.notEqual(fingerprint(a), fingerprint(b));
    // The first 64 bits of SHA-256.
    assert.match(fingerprint(a), /^[0-9a-f]{16}$/);
  });

  it('names the tensor in which two structures differ', () => {
    assert.throws(() => add(a, { w: a.w }), /add.*'b'.*\[1\] in the first, nothing in the second/);
    assert.throws(() => dot(a, { ...a, w: tf.zeros([2, 1]) }), /'w': float32 \[1, 2\].*\[2, 1\]/);
    assert.throws(() => linearCombination([1], [a, b]), InputError);
  });

  it('takes other buffers in the place of its own, which go', () => {
    const [own, other] = [tf.scalar(1), tf.scalar(2)];
    const all = withBuffers({ ...a, 'bn.running_mean': own }, { 'bn.running_mean': other });
    assert.deepEqual(Object.keys(all), ['w', 'b', 'bn.running_mean']);
    assert.equal(all['bn.running_mean'], other);
    assert.deepEqual([own.isDisposed, other.isDisposed, a.w!.isDisposed], [true, false, false]);
    other.dispose();
  });

  it('leaves no tensor behind and touches no argument', () => {
    const before = tf.memory().numTensors;
    for (let i = 0; i < 10; i++) {
      disposeStateDict(add(a, b), subtract(a, b), scale(2, a), clone(a));
      norm(a);
    }
    assert.equal(tf.memory().numTensors, before);
    assert.deepEqual(numbers(a), [1, 2, 3]);
  });
});
