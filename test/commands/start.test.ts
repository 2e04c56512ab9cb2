import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
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
});
