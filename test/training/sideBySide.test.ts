import assert from 'node:assert/strict';
import { sideBySide } from '../../lib/training';

describe('sideBySide', () => {
  const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

  it('gives results in order and runs no more than asked at a time', async () => {
    let [running, most] = [0, 0];
    const task = (i: number) => async () => {
      most = Math.max(most, ++running);
      await later(20 - 3 * i);
      running--;
      return i;
    };
    const tasks = [0, 1, 2, 3, 4].map(task);
    assert.deepEqual(await sideBySide(tasks, { atOnce: 2 }), [0, 1, 2, 3, 4]);
    assert.equal(most, 2);
    assert.deepEqual(await sideBySide([]), []);
  });

  it('begins none after a failure and tells it once the others have ended', async () => {
    const ended: number[] = [];
    const tasks = [0, 1, 2, 3].map((i) => async () => {
      await later(i === 0 ? 1 : 30);
      if (i === 0) throw new Error('the first');
      ended.push(i);
    });
    await assert.rejects(sideBySide(tasks, { atOnce: 2 }), /the first/);
    assert.deepEqual(ended, [1]);
    await assert.rejects(sideBySide([], { atOnce: 0 }), /atOnce must be/);
  });

  it('begins with the share of this process, and comes to the others from their end', async () => {
    const orderOf = async (share: string) => {
      process.env.LAB_SHARE = share;
      const begun: number[] = [];
      const tasks = [0, 1, 2, 3, 4, 5, 6].map((i) => async () => {
        begun.push(i);
        return 10 * i;
      });
      try {
        assert.deepEqual(await sideBySide(tasks, { atOnce: 1 }), [0, 10, 20, 30, 40, 50, 60]);
      } finally {
        delete process.env.LAB_SHARE;
      }
      return begun;
    };
    assert.deepEqual(await orderOf('1/3'), [0, 3, 6, 5, 4, 2, 1]);
    assert.deepEqual(await orderOf('3/3'), [2, 5, 6, 4, 3, 1, 0]);
    for (const share of ['0/3', '4/3', '1', 'x/2']) {
      await assert.rejects(orderOf(share), /LAB_SHARE must be i\/n with i from 1 to n/);
    }
  });
});
