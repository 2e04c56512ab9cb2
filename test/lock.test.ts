import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { InputError } from '../lib/errors';
import { underLock } from '../lib/lock';
import { temporaryFolder } from './temporaryFolder';

describe('underLock', () => {
  const root = resolve(__dirname, '..');
  let folder: string;
  let path: string;
  let log: string;
  beforeEach(() => {
    folder = temporaryFolder();
    path = join(folder, 'lock');
    log = join(folder, 'log');
    writeFileSync(log, '');
  });
  const lines = () => readFileSync(log, 'utf8').split('\n').filter(Boolean);

  /** A process that takes the lock, writes when it begins and ends, and holds it in between. */
  function holder(ms: number, before = ''): ChildProcess {
    const script = `require('tsx/cjs');
      const { appendFileSync } = require('node:fs');
      const say = (word) => appendFileSync(${JSON.stringify(log)}, word + ' ' + process.pid + '\\n');
      require('./lib/lock.ts').underLock(${JSON.stringify(path)}, async (lock) => {
        say('begin');
        ${before}
        await new Promise((go) => setTimeout(go, ${ms}));
        say('end');
      }, () => say('wait'));`;
    return spawn(process.execPath, ['-e', script], {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  }
  const begun = async () => {
    while (!lines().some((line) => line.startsWith('begin'))) await sleep(20);
  };

  it('lets one process after another in', async () => {
    await Promise.all([1, 2, 3, 4].map(() => once(holder(100), 'exit')));
    const steps = lines().filter((line) => !line.startsWith('wait'));
    assert.equal(steps.length, 8);
    for (let i = 0; i < 8; i += 2) {
      const [begin, end] = [steps[i]!, steps[i + 1]!];
      assert.equal(end, begin.replace('begin', 'end'), steps.join(', '));
    }
    assert.deepEqual(readdirSync(folder), ['log'], 'nothing stays');
  });

  it('counts for nothing when its holder was killed, and lets just one of the waiting in', async () => {
    const killed = holder(60_000);
    await begun();
    killed.kill('SIGKILL');
    // As it may be killed while it writes.
    writeFileSync(`${path}.${killed.pid}.0a1b2c3d`, `${hostname()} ${killed.pid} then\n`);
    await Promise.all([1, 2, 3].map(() => once(holder(100), 'exit')));
    const steps = lines().filter(
      (line) => !line.startsWith('wait') && !line.endsWith(` ${killed.pid}`),
    );
    assert.equal(steps.length, 6);
    for (let i = 0; i < 6; i += 2) assert.equal(steps[i + 1], steps[i]!.replace('begin', 'end'));
    assert.deepEqual(readdirSync(folder), ['log'], 'nothing stays');
  });

  it('is held by a program that outlives the killed one which started it', async () => {
    const begin = `const { pid } = require('node:child_process').spawn('sh', ['-c', 'sleep 1.5; echo program 0 >> ${log}'], { detached: true, stdio: 'ignore' }); lock.hold(pid);`;
    const killed = holder(60_000, begin);
    await begun();
    await sleep(300);
    killed.kill('SIGKILL');
    await once(holder(0), 'exit');
    const words = lines().map((line) => line.split(' ')[0]);
    assert.deepEqual(words, ['begin', 'wait', 'program', 'begin', 'end']);
  });

  it('is given up when the task fails, and is not taken by a number that came again', async () => {
    const fails = underLock(path, () => Promise.reject(new Error('no')), assert.fail);
    await assert.rejects(fails, /no/);
    // This process lives, but it did not start then; of the second nothing was there to be held.
    for (const [pid, since] of [
      [process.pid, 'long-ago'],
      [2 ** 22 + 1, 'ended'],
    ]) {
      writeFileSync(path, `${hostname()} ${pid} ${since}\n`);
      assert.equal(await underLock(path, async () => 'in', assert.fail), 'in');
    }
    assert.deepEqual(readdirSync(folder), ['log']);
  });

  it('waits for another machine, of which nothing can be seen', async () => {
    writeFileSync(path, 'elsewhere 1 now\n');
    let waited = 0;
    const inside = underLock(
      path,
      async () => 'in',
      () => waited++,
    );
    await sleep(500);
    assert.equal(waited, 1);
    writeFileSync(path, '');
    assert.equal(await inside, 'in');
  });

  it('is not held by what is no lock', async () => {
    for (const text of ['rubbish', 'hello out there\n', '\0'.repeat(40), '{"pid": 1}\n', '\n\n']) {
      writeFileSync(path, text);
      assert.equal(await underLock(path, async () => 'in', assert.fail), 'in', text);
    }
    assert.deepEqual(readdirSync(folder), ['log']);
  });

  it('leaves alone what is no file', async () => {
    mkdirSync(path);
    writeFileSync(join(path, 'work'), 'of years');
    await assert.rejects(
      underLock(path, async () => 0, assert.fail),
      (error: Error) => error instanceof InputError && /lock is a folder or no/.test(error.message),
    );
    assert.deepEqual(readdirSync(folder).sort(), ['lock', 'log']);
    assert.deepEqual(readdirSync(path), ['work']);
  });

  it('says where no file can be', async () => {
    const nowhere = underLock(join(log, 'lock'), async () => 0, assert.fail);
    await assert.rejects(nowhere, (error) => error instanceof InputError);
  });
});
