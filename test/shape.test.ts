import assert from 'node:assert/strict';
import { sizeOf } from '../lib/shape';

describe('a shape', () => {
  it('holds the product of its sides: one number of a scalar, none where a side is 0', () => {
    assert.deepEqual([[], [5], [2, 3, 4], [7, 0]].map(sizeOf), [1, 5, 24, 0]);
  });
});
