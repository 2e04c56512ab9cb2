import assert from 'node:assert/strict';
import { mergeFigures } from '../../lib/report/mergeFigures';

describe('mergeFigures', () => {
  it('joins objects key by key, and takes the same thing twice', () => {
    const merged = mergeFigures([
      { size: 'full', modes: { line: [1] } },
      { size: 'full', modes: { chain: [2] }, plane: { a: 1 } },
    ]);
    assert.deepEqual(merged, {
      size: 'full',
      modes: { line: [1], chain: [2] },
      plane: { a: 1 },
    });
  });

  it('does not let one notebook overwrite the figures of another', () => {
    assert.throws(
      () => mergeFigures([{ modes: { line: [1] } }, { modes: { line: [2] } }]),
      /different figures for modes\.line/,
    );
  });
});
