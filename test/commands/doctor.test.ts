import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { projectRoot } from '../../lib/root';
import { run } from './run';

describe('npm run doctor', () => {
  it('names each thing, and what to do about the data that is missing', () => {
    const good = run('doctor');
    assert.match(good.stdout, /✓ backend {5}tfjs wasm/);
    assert.match(good.stdout, /✓ MNIST {7}whole, checksums right/);
    const bad = spawnSync(process.execPath, ['--import', 'tsx', 'lib/commands/doctor.ts'], {
      cwd: projectRoot,
      encoding: 'utf8',
      env: { ...process.env, LAB_DATA_DIR: '/nonexistent' },
    });
    assert.equal(bad.status, 1);
    assert.match(bad.stdout, /✗ MNIST .*\/nonexistent/);
  });
});
