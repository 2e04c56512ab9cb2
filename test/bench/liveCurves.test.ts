import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { projectRoot } from '../../lib/root';

describe('bench: what live curves cost', () => {
  it('refuses to compare no pair, in one sentence and at once', () => {
    const program = ['--import', 'tsx', join('bench', 'liveCurves.ts'), '--pairs', '0'];
    const { status, stdout, stderr } = spawnSync(process.execPath, program, {
      cwd: projectRoot,
      encoding: 'utf8',
    });
    assert.deepEqual(
      [status, stdout, stderr],
      [1, '', 'liveCurves: --pairs must be an integer of at least 1, got 0\n'],
    );
  });
});
