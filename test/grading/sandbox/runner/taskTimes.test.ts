import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { LEAST_SECONDS, taskTimes } from '../../../../lib/grading/sandbox/runner/taskTimes';

describe('the time of a task', () => {
  it('is shared by its cells, and no other task’s', async () => {
    const times = taskTimes(100);
    const given = await times.spend('1.1', async (seconds) => {
      await wait(20);
      return seconds;
    });
    assert.equal(given, 100);
    const left = times.left('1.1');
    assert.ok(left < 100, 'what the cell took is taken off');
    assert.equal(await times.spend('1.1', async (seconds) => seconds), left);
    assert.equal(times.left('1.2'), 100);
  });

  it('is some seconds at least, also where it is used up', async () => {
    const times = taskTimes(0);
    assert.equal(await times.spend('1.1', async (seconds) => seconds), LEAST_SECONDS);
  });
});
