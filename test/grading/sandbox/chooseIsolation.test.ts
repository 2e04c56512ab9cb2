import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { chooseIsolation } from '../../../lib/grading/sandbox/chooseIsolation';
import type { OtherUser } from '../../../lib/grading/sandbox/isolation';
import { endProcesses, hasProcesses } from '../../../lib/grading/sandbox/otherUser';
import { onlyIf } from '../../onlyIf';

describe('the sandbox that the command line chooses', () => {
  const isRoot = process.getuid?.() === 0;
  const onlyRoot = onlyIf(isRoot, 'as it needs root');

  it('is none where that is said, and another user for one submission alone', () => {
    assert.equal(chooseIsolation({ unprotected: true }, 9), 'none');
    assert.throws(
      () => chooseIsolation({ unprotected: true, as: 'nobody' }, 1),
      /--as or --unprotected, not both/,
    );
    assert.throws(
      () => chooseIsolation({ unprotected: false, as: 'nobody' }, 2),
      /--as takes one submission, got 2/,
    );
  });

  it('is a user who is there and not root', () => {
    const as = (name: string) => () => chooseIsolation({ unprotected: false, as: name }, 1);
    if (!isRoot) {
      assert.throws(as('nobody'), /--as needs root/);
      return;
    }
    const user = as('nobody')();
    assert.ok(typeof user === 'object' && user.uid > 0, JSON.stringify(user));
    for (const name of ['root', 'no such user', '--help']) {
      assert.throws(as(name), /is no user here, or root/);
    }
  });

  onlyRoot('is no user who has processes, and ends all that it has started', async () => {
    const nobody = chooseIsolation({ unprotected: false, as: 'nobody' }, 1) as OtherUser;
    // The second leads a session of its own, where no group of the first reaches it.
    spawnSync('sh', ['-c', 'setsid sleep 60 & setsid -f sleep 60'], { ...nobody, stdio: 'ignore' });
    assert.throws(
      () => chooseIsolation({ unprotected: false, as: 'nobody' }, 1),
      /--as nobody has processes here/,
    );
    endProcesses(nobody);
    // What was sent a signal is gone when the machine comes to it.
    for (let i = 0; i < 50 && hasProcesses(nobody); i++) await sleep(100);
    assert.equal(hasProcesses(nobody), false);
  });
});
