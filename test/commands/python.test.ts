import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findPython, makeEnvironment, pythonPath } from '../../lib/commands/python';
import { InputError } from '../../lib/errors';
import { projectRoot } from '../../lib/root';
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
    await assert.rejects(makeEnvironment(python), (error: Error) => {
      assert.ok(error instanceof InputError);
      assert.match(error.message, /bare lacks the venv module .*apt install python3-venv/);
      return true;
    });
  });

  it('holds JupyterLab and the kernelspec inside the project, and none in the home', () => {
    const kernel = join(projectRoot, '.venv/share/jupyter/kernels/tslab/kernel.json');
    assert.ok(existsSync(pythonPath()), 'npm test sets it up');
    const spec = JSON.parse(readFileSync(kernel, 'utf8'));
    assert.equal(spec.language, 'typescript');
    assert.equal(spec.argv[0], process.execPath);
    const { stdout } = spawnSync(pythonPath(), ['-m', 'jupyter', 'lab', '--version'], {
      encoding: 'utf8',
    });
    assert.match(stdout, /^4\.6\./);
  });
});
