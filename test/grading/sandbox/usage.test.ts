import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
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
      assert.ok(row.megabytes > 50);
    } finally {
      process.kill(-child.pid!, 'SIGKILL');
    }
  });
});
