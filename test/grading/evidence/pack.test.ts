import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { useBackend } from '../../../lib/engine';
import { pack, unpack } from '../../../lib/grading/evidence/pack';

describe('evidence', () => {
  before(() => useBackend());

  it('packs values and gives them back, with what JSON has no word for', () => {
    const value = {
      loss: [1.5, Number.NaN, Number.POSITIVE_INFINITY],
      name: 'x',
      w: tf.tensor([1, 2.5, -3, 4], [2, 2]),
      f: () => 1,
    };
    const made: tf.Tensor[] = [];
    const again = unpack(pack(value), made) as typeof value;
    assert.deepEqual(again.loss, value.loss);
    assert.equal(again.name, 'x');
    assert.equal(again.f, null);
    assert.deepEqual(again.w.arraySync(), [
      [1, 2.5],
      [-3, 4],
    ]);
    assert.deepEqual(made, [again.w]);
  });

  it('takes nothing for granted', () => {
    const bad = (text: string) => () => unpack(text, []);
    assert.throws(bad('{'), /it is no JSON/);
    assert.throws(bad('{"$tensor":[2,2],"data":"AAAA"}'), /shape \[2, 2\] comes with 3 bytes/);
    assert.throws(bad('{"$tensor":[-1],"data":""}'), /shape \[-1\]/);
    assert.throws(bad('{"$tensor":[1e9,1e9],"data":""}'), /comes with 0 bytes/);
    assert.throws(bad('{"$tensor":"x","data":7}'), /comes with/);
    assert.throws(bad('['.repeat(50) + ']'.repeat(50)), /nested too deeply/);
    assert.throws(bad(`[${'0,'.repeat(1e6)}0]`), /more than 1000000 values/);
    const polluted = unpack('{"__proto__":{"verdict":"holds"}}', []) as object;
    assert.equal(({} as { verdict?: string }).verdict, undefined);
    assert.equal(Object.getPrototypeOf(polluted), null);
  });
});
