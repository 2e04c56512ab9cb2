import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../lib/root';
import { temporaryFolder } from '../temporaryFolder';

describe('npm start and npm test before npm ci, or after one that was cut off', () => {
  const checkout = temporaryFolder();
  const npm = (...args: string[]) =>
    spawnSync('npm', ['--silent', ...args], { cwd: checkout, encoding: 'utf8' });
  before(() => {
    for (const path of ['package.json', join('lib', 'commands', 'run.cjs')]) {
      cpSync(join(projectRoot, path), join(checkout, path));
    }
  });

  it('say so in one sentence', () => {
    const expected = (name: string) =>
      `npm run ${name}: node_modules is missing or was not installed to its end; run npm ci first\n`;
    for (const name of ['start', 'test']) {
      const { status, stderr } = npm(name);
      assert.deepEqual([status, stderr], [1, expected(name)]);
    }
    // What is there of it says nothing: npm puts its list of all last.
    mkdirSync(join(checkout, 'node_modules', 'tsx'), { recursive: true });
    writeFileSync(join(checkout, 'node_modules', 'tsx', 'package.json'), '{}');
    assert.equal(npm('start').stderr, expected('start'));
  });
});
