import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { generator } from '../../lib/random';
import { projectRoot } from '../../lib/root';
import { temporaryFolder } from '../temporaryFolder';

/** How often the job is killed; `LAB_KILLS=30` is the long form. */
const kills = Number(process.env.LAB_KILLS ?? 4);

/** Carries the job out in a folder: what came of it, or nothing if it was killed. */
function carryOut(folder: string, killAt: number, ...only: 'write'[]) {
  const job = join('test', 'kills', 'job.ts');
  const command = ['--import', 'tsx', job, folder, String(killAt), ...only];
  const { stdout, stderr, signal } = spawnSync(process.execPath, command, {
    cwd: projectRoot,
    encoding: 'utf8',
    env: { ...process.env, LAB_THREADS: '1' },
  });
  if (signal === 'SIGKILL') return undefined;
  assert.ok(stdout.startsWith('{'), stderr);
  return JSON.parse(stdout) as { result: unknown; touches: number; writes: number };
}

describe('a sweep, a bend and a plane that are killed as they touch files', function () {
  this.timeout(0);

  it(`${kills} times end as undisturbed, and leave nothing half-written`, () => {
    const undisturbed = temporaryFolder();
    const { result, touches, writes } = carryOut(undisturbed, 0)!;
    const random = generator(24);
    let [killed, ended] = [0, 0];
    while (killed < kills) {
      const folder = temporaryFolder();
      for (;;) {
        // Every second in the midst of a write. Early enough that most of them kill, as what is done
        // already is not done again.
        const only = killed % 2 === 0 ? (['write'] as const) : [];
        const most = Math.ceil((only.length > 0 ? writes : touches) / 2);
        const killAt = killed < kills ? 1 + random.integer(most) : 0;
        const end = carryOut(folder, killAt, ...only);
        if (end !== undefined) {
          assert.deepEqual(end.result, result);
          break;
        }
        killed++;
      }
      ended++;
      const whole = readdirSync(folder).filter((name) => !/\.pathlab-\d+\.tmp$/.test(name));
      assert.deepEqual(whole, readdirSync(undisturbed));
    }
    console.log(`      killed ${killed} times in ${ended} jobs of ${touches} touches each`);
  });
});
