import assert from 'node:assert/strict';
import { bitsWith } from './bitsWith';

describe('all threads at one fully connected network', () => {
  it('give the same bits with 1, 2, 4 and 8 threads: SGD, Adam, a point on a path', () => {
    const printed = [1, 2, 4, 8].map((threads) => bitsWith(threads, 'denseBits.ts'));
    assert.equal(new Set(printed).size, 1, printed.join(''));
  });
});
