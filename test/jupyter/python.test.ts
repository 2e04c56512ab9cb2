import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { InputError } from '../../lib/errors';
import { findPython, makeEnvironment, pythonPath } from '../../lib/jupyter/python';
import { projectRoot } from '../../lib/root';
import { newCheckout, runIn } from '../checkout';
import { temporaryFolder } from '../temporaryFolder';

const folder = temporaryFolder();

/** A program that answers as a Python of some version, and fails to import what it lacks. */
function fakePython(name: string, version: string, lacks = 'nothing'): string {
  const path = join(folder, name);
  const script = `#!/bin/sh\ncase "$2" in\n*${lacks}*) exit 1;;\n*version_info*) echo ${version};;\nesac\n`;
  writeFileSync(path, script);
  chmodSync(path, 0o755);
  return path;
}

describe('the Python environment', () => {
  it('takes the Python it is told', () => {
    const path = fakePython('new', '3.13.1');
    assert.deepEqual(findPython(path), { path, version: '3.13.1' });
  });

  it('names a Python that is too old, and what would do', () => {
    assert.throws(
      () => findPython(fakePython('old', '3.8.18')),
      /needs Python 3\.10 or newer, found only .*old 3\.8\.18 .*set LAB_PYTHON/,
    );
  });

  it('says so where there is none', () => {
    assert.throws(() => findPython(join(folder, 'absent')), /found none .*install one/);
  });

  it('names the missing venv module and its package', async () => {
    const python = fakePython('bare', '3.12.0', 'venv');
    await assert.rejects(
      makeEnvironment(python, () => undefined),
      (error: Error) => {
        assert.ok(error instanceof InputError);
        assert.match(error.message, /bare lacks the venv module .*apt install python3-venv/);
        return true;
      },
    );
  });

  describe('set up by two commands in one checkout', function () {
    this.timeout(20_000);
    const checkout = newCheckout();
    const log = join(checkout, 'log');
    const python = join(checkout, 'python');
    const noNetwork = join(checkout, 'no-network');
    before(() => {
      // Makes an environment that holds itself, and takes a second to install into it.
      const script = `#!/bin/sh
        case "$*" in
        *version_info*) echo 3.13.0;;
        '-m venv '*) echo venv >> ${log}; mkdir -p "$3/bin" && cp "$0" "$3/bin/python";;
        '-m pip '*) echo pip >> ${log}; sleep 1; test ! -f ${noNetwork} -a -f "$0" || exit 1
          echo "#!$0" > "$(dirname "$0")/jupyter-lab"; chmod +x "$(dirname "$0")/jupyter-lab"
          echo done >> ${log};;
        esac`;
      writeFileSync(python, script, { mode: 0o755 });
    });
    beforeEach(() => {
      rmSync(join(checkout, '.venv'), { recursive: true, force: true });
      writeFileSync(log, '');
    });
    const steps = () => readFileSync(log, 'utf8').trim().split('\n');
    const setUp = () =>
      runIn(checkout, 'jupyter/python.ts', 'ensurePython', { LAB_PYTHON: python });
    const isWhole = () => {
      assert.ok(existsSync(join(checkout, '.venv', 'complete.txt')));
      assert.deepEqual(
        readdirSync(checkout).filter((name) => name.startsWith('.venv')),
        ['.venv'],
      );
    };

    it('is made once, and the second waits for it', async () => {
      const ends = await Promise.all([setUp().ended, setUp().ended]);
      assert.deepEqual(
        ends.map(({ code }) => code),
        [0, 0],
      );
      assert.deepEqual(steps(), ['venv', 'pip', 'done']);
      const said = ends.map((end) => end.said).join('');
      assert.match(said, /setting up Python 3\.13\.0 with JupyterLab in \.venv, once/);
      assert.match(said, /another command sets up \.venv; waiting for it/);
      isWhole();
    });

    it('is made anew after one that was killed, once pip of that one has ended', async () => {
      const killed = setUp();
      while (!steps().includes('pip')) await sleep(20);
      killed.child.kill('SIGKILL');
      assert.deepEqual((await setUp().ended).code, 0);
      assert.deepEqual(steps(), ['venv', 'pip', 'done', 'venv', 'pip', 'done']);
      isWhole();
    });

    it('names in its programs the folder where they are, not that in which they were made', async () => {
      assert.equal((await setUp().ended).code, 0);
      const bin = join(checkout, '.venv', 'bin');
      assert.equal(readFileSync(join(bin, 'jupyter-lab'), 'utf8'), `#!${bin}/python\n`);
      assert.equal(statSync(join(bin, 'jupyter-lab')).mode & 0o111, 0o111);
    });

    it('stays as it was where other requirements cannot be had', async () => {
      assert.equal((await setUp().ended).code, 0);
      const stamp = join(checkout, '.venv', 'complete.txt');
      writeFileSync(stamp, 'requirements.txt of before');
      writeFileSync(noNetwork, '');
      try {
        const { code, said } = await setUp().ended;
        assert.equal(code, 1);
        assert.match(said, /pip could not install JupyterLab: check the network/);
      } finally {
        rmSync(noNetwork);
      }
      assert.equal(readFileSync(stamp, 'utf8'), 'requirements.txt of before');
      assert.ok(existsSync(join(checkout, '.venv', 'bin', 'jupyter-lab')));
      isWhole();
    });

    it('is made anew when its Python has gone', async () => {
      assert.equal((await setUp().ended).code, 0);
      rmSync(join(checkout, '.venv', 'bin', 'python'));
      assert.equal((await setUp().ended).code, 0);
      assert.deepEqual(steps(), ['venv', 'pip', 'done', 'venv', 'pip', 'done']);
      isWhole();
    });
  });

  it('holds JupyterLab and the kernelspec inside the project, and none in the home', () => {
    const kernel = join(projectRoot, '.venv/share/jupyter/kernels/tslab/kernel.json');
    assert.ok(existsSync(pythonPath()), 'npm test sets it up');
    const spec = JSON.parse(readFileSync(kernel, 'utf8'));
    assert.equal(spec.language, 'typescript');
    assert.equal(spec.argv[0], process.execPath);
    const { stdout } = spawnSync(pythonPath(), ['-m', 'jupyterlab', '--version'], {
      encoding: 'utf8',
    });
    assert.match(stdout, /^4\.6\./);
  });
});
