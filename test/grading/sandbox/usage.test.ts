import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { processesByPs, usage } from '../../../lib/grading/sandbox/usage';

describe('what a submission uses', () => {
  it('is counted with its children, by /proc and by ps', async () => {
    const child = spawn('sh', ['-c', 'sleep 30 & sleep 30'], { detached: true });
    try {
      await new Promise((resolve) => setTimeout(resolve, 300));
      assert.equal(usage(child.pid!).processes, 3);
      assert.ok(usage(process.pid).megabytes > 50);
      const row = processesByPs().find(({ pid }) => pid === process.pid)!;
      assert.equal(row.parent, process.ppid);
      assert.ok(row.megabytes() > 50);
      // By ps in whole seconds, and a moment later.
      const { user, system } = process.cpuUsage();
      const used = (user + system) / 1e6;
      assert.ok(Math.abs(row.processorSeconds - used) < 2, `${row.processorSeconds}, ${used}`);
    } finally {
      process.kill(-child.pid!, 'SIGKILL');
    }
  });

  it('is counted with the processor time of children that have ended', () => {
    const before = usage(process.pid).processorSeconds;
    const { user, system } = process.cpuUsage();
    const loop =
      'const end = process.cpuUsage().user + 5e5; while (process.cpuUsage().user < end);';
    spawnSync(process.execPath, ['-e', loop]);
    const own = process.cpuUsage({ user, system });
    const counted = usage(process.pid).processorSeconds - before - (own.user + own.system) / 1e6;
    // Half a second and what it takes to start, in hundredths.
    assert.ok(counted > 0.45 && counted < 5, `${counted} s`);
  });
});
