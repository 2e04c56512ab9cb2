import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../temporaryFolder';
import { run } from './run';

describe('npm run grade', () => {
  it('says what is wrong with a path, a size, a share or a folder of grades', () => {
    const out = temporaryFolder();
    const some = join('notebooks', 'part-0.ipynb');
    for (const [args, told] of [
      [[], /^grade: say which notebooks or folders, as in npm run grade -- submissions\/$/],
      [['/nowhere'], /^grade: \/nowhere is not there; check the path$/],
      [[out], /^grade: there is no notebook in \S+$/],
      [[some, '--size', 'large'], /^grade: --size must be small, full or stated, got large$/],
      [[some, '--shard', '1/2'], /^grade: --shard needs --seed, the same on every machine$/],
      [[some, '--shard', '3/2'], /^grade: --shard must be i\/n with i from 1 to n, got 3\/2$/],
      [['--merge', out], /holds no grades; name a folder that npm run grade wrote$/],
      [['--mark', out, out], /^grade: --mark takes one folder of grades, got 2$/],
    ] as const) {
      const { status, stderr } = run('grade', ...args, '--out', join(out, 'new'));
      assert.equal(status, 1, stderr);
      assert.match(stderr.trim(), told);
    }
    assert.deepEqual(readdirSync(out), [], 'nothing was written');
  });
});
