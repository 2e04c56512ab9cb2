import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { projectRoot } from '../../lib/root';
import { haveEnded, treeOf } from '../processes';
import { run } from './run';

describe('npm start', () => {
  it('a port in use is one sentence and a non-zero exit', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    // In a process of its own the command cannot see this one's server but through the port.
    const { status, stderr } = run('start', '--no-browser', '--port', String(port));
    server.close();
    assert.equal(status, 1);
    assert.equal(stderr, `start: port ${port} is in use; choose another, as in --port 8890\n`);
  });

  it('a port that is none', () => {
    const { status, stderr } = run('start', '--port', 'http');
    assert.equal(status, 1);
    assert.equal(stderr, 'start: --port must be a number from 1 to 65535, got http\n');
  });

  it('ends with its kernels when npm is told to by SIGTERM', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    server.close();
    const flags = ['--', '--no-browser', '--port', String(port)];
    const npm = spawn('npm', ['start', '--silent', ...flags], {
      cwd: projectRoot,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    const token = await new Promise<string>((resolve, reject) => {
      npm.once('close', () => reject(new Error(said)));
      npm.stderr.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        const [, found] = /lab\?token=(\w+)\s/.exec(said) ?? [];
        if (found) resolve(found);
      });
    });
    const headers = { authorization: `token ${token}` };
    for (let kernels = 0; kernels < 2; kernels++) {
      const api = `http://127.0.0.1:${port}/api/kernels`;
      // Without a name it would be Python's.
      const body = JSON.stringify({ name: 'tslab' });
      const answer = await fetch(api, { method: 'POST', headers, body });
      assert.equal(answer.status, 201, said);
    }
    const processes = treeOf(npm.pid!);
    assert.ok(processes.length >= 5, 'npm, the command, JupyterLab and two kernels');
    npm.kill();
    await once(npm, 'close');
    await haveEnded(processes);
  });
});
