import assert from 'node:assert/strict';
import { realpathSync } from 'node:fs';
import { run } from '../lib/run';
import { temporaryFolder } from './temporaryFolder';

const cwd = temporaryFolder();
const node = (script: string) => [process.execPath, '-e', script];

describe('run', () => {
  it('gives what a program prints on either stream, in its folder, and its exit code', async () => {
    const script = 'console.log(process.cwd()); console.error("no"); process.exitCode = 3';
    const { code, said } = await run(node(script), { cwd, hold: () => undefined });
    assert.equal(code, 3);
    assert.deepEqual(said.split('\n').sort(), [realpathSync(cwd), 'no'].sort());
  });

  it('tells the lock which process to hold for', async () => {
    const held: unknown[] = [];
    const hold = (pid: number | undefined) => held.push(pid);
    const { said } = await run(node('console.log(process.pid)'), { cwd, hold });
    assert.deepEqual(held.map(String), [said]);
  });

  it('has no exit code where the program was killed or is not there', async () => {
    const hold = () => undefined;
    const killed = await run(node('process.kill(process.pid, "SIGKILL")'), { cwd, hold });
    assert.deepEqual(killed, { code: null, said: '' });
    const absent = await run(['no-such-program'], { cwd, hold });
    assert.equal(absent.code, null);
    assert.match(absent.said, /no-such-program ENOENT/);
  });
});
