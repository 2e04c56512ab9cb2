import assert from 'node:assert/strict';
import { formatColumn } from '../../lib/tables/format';

describe('numbers in a column', () => {
  const columns: [string, unknown[], string[]][] = [
    ['whole ones as they are', [1, 60000, -3], ['1', '60000', '-3']],
    // The least is 0.976, four digits of which are four decimals.
    ['the same decimals', [0.97624, 1], ['0.9762', '1.0000']],
    // 1 sample of 60000 wrong is 0.99998; four decimals would show 1.0000.
    ['what is not 1 not as 1', [0.9999833, 1], ['0.99998', '1.00000']],
    ['four digits each over a wide range', [2.31415, 0.000123456], ['2.314', '1.235e-4']],
    ['no tail of zeros over a wide range', [1.5, 0.0095], ['1.5', '0.0095']],
    ['NaN and ∞', [Number.NaN, 0.5, -Infinity], ['NaN', '0.5000', '-Infinity']],
    ['nothing at all', [Number.NaN], ['NaN']],
    ['zero', [0, 0.25], ['0.0000', '0.2500']],
    ['large ones', [1234567.8, 2.5], ['1.235e+6', '2.5']],
    ['text, booleans, what is missing', ['a', true, null, undefined], ['a', 'true', '', '']],
  ];
  for (const [name, values, expected] of columns) {
    it(`shows ${name}`, () => assert.deepEqual(formatColumn(values), expected));
  }
});
