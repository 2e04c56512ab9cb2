import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
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

describe('npm ci', () => {
  const checkout = temporaryFolder();

  it('leaves no source maps of packages, and those of the lab', () => {
    const write = (path: string) => {
      mkdirSync(join(checkout, path, '..'), { recursive: true });
      writeFileSync(join(checkout, path), '{}');
    };
    const own = ['lib/dist/index.js.map', 'node_modules/a/index.js', 'node_modules/a/roads.map'];
    const maps = ['a/index.js.map', '@b/c/dist/d.mjs.map', 'a/node_modules/e/f.d.ts.map'];
    for (const path of [...own, ...maps.map((map) => `node_modules/${map}`)]) write(path);
    symlinkSync('../lib', join(checkout, 'node_modules', 'pathlab'));
    const prepare = join(projectRoot, 'lib', 'commands', 'prepare.cjs');
    const { status, stderr } = spawnSync(process.execPath, [prepare], {
      cwd: checkout,
      encoding: 'utf8',
    });
    assert.deepEqual([status, stderr], [0, '']);
    for (const path of own) assert.ok(existsSync(join(checkout, path)), path);
    for (const map of maps) assert.ok(!existsSync(join(checkout, 'node_modules', map)), map);
  });
});
