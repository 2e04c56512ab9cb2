import assert from 'node:assert/strict';
import { useThreads } from '../../../lib/engine';
import { threadCount } from '../../../lib/engine/native/pool';

describe('useThreads', () => {
  it('takes whole numbers from 1 to 256', () => {
    for (const wanted of [0, 257, 1.5, Number.NaN, '2', '', undefined]) {
      assert.throws(() => useThreads(wanted as number), {
        name: 'InputError',
        message: /^useThreads: count must be a number of threads from 1 to 256, got /,
      });
    }
  });

  it('takes no other number once memory is reserved for each thread', () => {
    const count = threadCount();
    useThreads(count);
    assert.throws(() => useThreads((count % 256) + 1), /threads compute already/);
  });
});
