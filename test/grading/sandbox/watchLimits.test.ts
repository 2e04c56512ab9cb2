import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { watchLimits } from '../../../lib/grading/sandbox/watchLimits';

describe('limits of a process', () => {
  const started = (command: string) => spawn('sh', ['-c', command], { detached: true });
  const ended = async (child: ChildProcess) => (await once(child, 'close'))[1] as string | null;

  it('kill it and its group, and are told', async () => {
    const limits = { seconds: 30, memoryMB: 1000 };
    for (const [limit, told] of [
      [{ ...limits, seconds: 0.1 }, 'it took longer than 0.1 s in all'],
      [{ ...limits, memoryMB: 0.01 }, 'it took more than 0.01 MB of memory in all'],
      [{ ...limits, processes: 2 }, 'it started more than 2 processes in all'],
    ] as const) {
      const child = started('sleep 30 & sleep 30 & wait');
      const watched = watchLimits(child, limit, ' in all');
      assert.equal(await ended(child), 'SIGKILL', told);
      assert.equal(watched.end(), told);
    }
  });

  it('kill what uses much processor time, in all its processes together', async () => {
    const child = started('while :; do :; done & while :; do :; done');
    const watched = watchLimits(child, { seconds: 60, memoryMB: 1000, processorSeconds: 0.5 });
    assert.equal(await ended(child), 'SIGKILL');
    assert.equal(watched.end(), 'it used more than 0.5 s of processor time');
  });

  it('kill what is stopped, and nothing that computes and says nothing', async () => {
    const limits = { seconds: 60, memoryMB: 1000, silentSeconds: 0.5 };
    const child = started('sleep 60 & kill -STOP $! $$');
    const watched = watchLimits(child, limits);
    assert.equal(await ended(child), 'SIGKILL');
    assert.equal(watched.end(), 'it did nothing for 0.5 s');
    const busy = started('i=0; while [ $i -lt 700000 ]; do i=$((i+1)); done');
    const other = watchLimits(busy, limits);
    assert.equal(await ended(busy), null);
    assert.equal(other.end(), undefined);
  });

  it('tell the first reason only, and none where it kept to them', async () => {
    const child = started('exit 0');
    const watched = watchLimits(child, { seconds: 30, memoryMB: 1000, processes: 10 });
    assert.equal(await ended(child), null);
    assert.equal(watched.end(), undefined);
    const other = started('sleep 30');
    const stopped = watchLimits(other, { seconds: 30, memoryMB: 1000 });
    stopped.stop('it printed too much');
    stopped.stop('and more');
    assert.equal(await ended(other), 'SIGKILL');
    assert.equal(stopped.end(), 'it printed too much');
  });
});
