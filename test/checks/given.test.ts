import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import type { Finding } from '../../lib/checks';
import { leavesAsBefore, leavesOf } from '../../lib/checks/given';

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
    for (const nothing of [null, 'text', Float32Array.of(1), { f: () => 1 }])
      assert.deepEqual(leavesOf(nothing), []);
  });

  it('earns nothing before half of the rest holds, and is unanswered where all is', () => {
    const judge = (verdicts: Finding['verdict'][]) =>
      leavesAsBefore(() => undefined)(verdicts.map((verdict) => ({ what: '', verdict })));
    assert.equal(judge(['holds', 'fails']), undefined);
    assert.equal(judge(['holds', 'not answered']), undefined);
    assert.match(String(judge(['holds', 'fails', 'fails'])), /once half of the rest is right/);
    assert.throws(() => judge(['not answered', 'not answered']), /not answered yet/);
  });
});
