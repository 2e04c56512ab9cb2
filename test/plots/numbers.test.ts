import assert from 'node:assert/strict';
import { counted, drawable, readable, rounded } from '../../lib/plots/numbers';

describe('numbers on a plot', () => {
  it('have three digits for people, without a tail of zeros', () => {
    const told = [0, 0.5, 1234.5, 0.012345, 0.001, 0.00012345, -2, Infinity, -Infinity, Number.NaN];
    assert.deepEqual(told.map(readable), [
      ...['0', '0.5', '1230', '0.0123', '0.001', '1.23e-4', '-2', '∞', '-∞', 'NaN'],
    ]);
  });

  it('have six digits in a specification', () => {
    assert.equal(rounded(2 / 3), 0.666667);
    assert.equal(rounded(1234567), 1234570);
  });

  it('are a gap where an axis cannot show them', () => {
    const values = [2, 0, -1, Number.NaN, Infinity];
    assert.deepEqual(
      values.map((value) => drawable(value, true)),
      [2, null, null, null, null],
    );
    assert.deepEqual(
      values.map((value) => drawable(value, false)),
      [2, 0, -1, null, null],
    );
  });

  it('count in the singular and the plural', () => {
    assert.deepEqual([counted(1, 'point'), counted(0, 'point')], ['1 point', '0 points']);
  });
});
