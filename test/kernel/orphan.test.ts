import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { labKernelspec } from '../../lib/jupyter/settings';
import { temporaryFolder } from '../temporaryFolder';

describe('a kernel whose Jupyter was killed while it was loading', () => {
  it('ends by itself', async () => {
    const { pid } = spawnSync(process.execPath, ['--version']);
    const connection = join(temporaryFolder(), 'connection.json');
    const [transport, ip, key] = ['tcp', '127.0.0.1', ''];
    const names = ['shell', 'control', 'stdin', 'iopub', 'hb'].map((name) => [`${name}_port`, 0]);
    const file = { transport, ip, key, ...Object.fromEntries(names) };
    writeFileSync(connection, JSON.stringify(file));
    const [program, ...args] = labKernelspec.argv.map((arg) =>
      arg.replace('{connection_file}', connection),
    );
    const env = { ...process.env, JPY_PARENT_PID: String(pid) };
    const kernel = spawn(program!, args, { env, detached: true, stdio: 'ignore' });
    const late = setTimeout(() => process.kill(-kernel.pid!, 'SIGKILL'), 30_000);
    const [code] = await once(kernel, 'exit');
    clearTimeout(late);
    assert.equal(code, 1);
  });
});
