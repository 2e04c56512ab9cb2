import assert from 'node:assert/strict';
import { linspace } from '../../lib/paths';

describe('linspace', () => {
  it('ends exactly and takes one point', () => {
    assert.deepEqual(linspace(0, 1, 1), [0]);
    assert.equal(linspace(0, 1.5, 31)[20], 1, 't = 1 is among the 31 points of the lab');
    assert.equal(linspace(-0.1, 0.7, 8).at(-1), 0.7);
    assert.throws(() => linspace(0, 1, 0), /count must be an integer of at least 1, got 0/);
  });
});
