import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../lib/errors';
import { runInForeground } from '../lib/foreground';
import { projectRoot } from '../lib/root';
import { haveEnded, treeOf } from './processes';
import { temporaryFolder } from './temporaryFolder';

describe('runInForeground', () => {
  const node = (script: string) =>
    runInForeground(process.execPath, ['-e', script], { cwd: projectRoot, env: process.env });

  it('gives the exit code; of a signal 128 and its number, as a shell does', async () => {
    assert.equal(await node(''), 0);
    assert.equal(await node('process.exit(3)'), 3);
    assert.equal(await node("process.kill(process.pid, 'SIGKILL')"), 128 + 9);
  });

  it('refuses what cannot be started, and leaves no listener', async () => {
    const before = process.listenerCount('SIGTERM');
    const nowhere = runInForeground('/nonexistent/python', [], { cwd: projectRoot, env: {} });
    await assert.rejects(nowhere, InputError);
    await assert.rejects(
      nowhere,
      /^InputError: cannot start it: spawn \/nonexistent\/python ENOENT$/,
    );
    assert.equal(process.listenerCount('SIGTERM'), before);
  });

  it('has npm test wait for mocha after Ctrl-C', async () => {
    const folder = temporaryFolder();
    const slow = join(folder, 'slow.cjs');
    // A test that clears up first, as one with a notebook under way does.
    writeFileSync(
      slow,
      `it('slow', () => new Promise(() => {
        setInterval(() => undefined, 1000);
        process.once('SIGINT', () => setTimeout(() => { console.log('cleared up'); process.exit(5); }, 1000));
        console.log('begun');
      })).timeout(0);`,
    );
    const command = ['--import', 'tsx', 'lib/commands/test.ts', '--no-config', slow];
    const test = spawn(process.execPath, command, { cwd: projectRoot, detached: true });
    let said = '';
    let processes: number[] = [];
    test.stdout.on('data', (chunk: Buffer) => {
      if (!said.includes('begun') && String(chunk).includes('begun')) {
        processes = treeOf(test.pid!);
        // A terminal sends it to the whole group.
        process.kill(-test.pid!, 'SIGINT');
      }
      said += String(chunk);
    });
    const closed = once(test, 'close');
    const [code] = await once(test, 'exit');
    await haveEnded(processes);
    await closed;
    assert.match(said, /begun.*cleared up/s);
    assert.equal(code, 5);
  });
});
