import assert from 'node:assert/strict';
import { linspace } from '../../lib/paths';

describe('linspace', () => {
  it('ends exactly and takes one point', () => {
    assert.deepEqual(linspace(0, 1, 1), [0]);
    assert.equal(linspace(0, 1.5, 31)[20], 1, 't = 1 is among the 31 points of the lab');
    // −1 + 1.3·3/3 is 0.30000000000000004.
    assert.equal(linspace(-1, 0.3, 4).at(-1), 0.3);
    assert.throws(() => linspace(0, 1, 0), /count must be an integer of at least 1, got 0/);
  });

  it('begins where it is told, either way', () => {
    assert.deepEqual(linspace(1, 3, 3), [1, 2, 3]);
    assert.deepEqual(linspace(3, -1, 5), [3, 2, 1, 0, -1]);
  });

  it('refuses ends that are no numbers', () => {
    assert.throws(
      () => linspace(Number.NaN, 1, 3),
      /^InputError: linspace: start must be a finite/,
    );
    assert.throws(() => linspace(0, Infinity, 3), /^InputError: linspace: stop must be a finite/);
  });
});
