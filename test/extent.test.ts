import assert from 'node:assert/strict';
import { extent } from '../lib/extent';

describe('extent', () => {
  it('is the least and the largest; of none the empty interval, and NaN is not passed over', () => {
    assert.deepEqual(extent([3, -1, 2]), [-1, 3]);
    assert.deepEqual(extent([]), [Infinity, -Infinity]);
    assert.deepEqual(extent([1, Number.NaN, 2]), [Number.NaN, Number.NaN]);
  });

  it('takes more values than a call may have arguments', () => {
    const many = Array.from({ length: 1e6 }, (_, i) => i);
    assert.deepEqual(extent(many), [0, 999_999]);
  });
});
