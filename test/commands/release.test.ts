import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../lib/root';
import { temporaryFolder } from '../temporaryFolder';
import { run } from './run';

describe('npm run release', () => {
  const folder = temporaryFolder();
  const out = join(folder, 'course');
  const git = (...args: string[]) =>
    spawnSync('git', args, { cwd: out, encoding: 'utf8' }).stdout.trim();
  const who = { GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@b', GIT_COMMITTER_NAME: 'a' };
  before(() => Object.assign(process.env, who, { GIT_COMMITTER_EMAIL: 'a@b' }));
  after(() => {
    for (const name of [...Object.keys(who), 'GIT_COMMITTER_EMAIL']) delete process.env[name];
  });

  it('commits the copies of the parts that are named, then of all, and no answer', () => {
    const first = run('release', '--out', out, '--part', '0,1');
    assert.equal(first.status, 0, first.stderr);
    assert.equal(git('ls-files'), '.gitignore\nREADME.md\npart-0.ipynb\npart-1.ipynb');
    assert.equal(run('release', '--out', out).status, 0);
    assert.equal(git('log', '--format=%s').split('\n').length, 2);
    const parts = readdirSync(join(projectRoot, 'notebooks')).filter((n) => n.endsWith('.ipynb'));
    for (const part of parts) {
      const own = readFileSync(join(out, part), 'utf8');
      assert.equal(own, readFileSync(join(projectRoot, 'notebooks', part), 'utf8'));
      assert.doesNotMatch(own, /(BEGIN|END) SOLUTION/);
    }
  });

  it('commits nothing where nothing has changed', () => {
    const again = run('release', '--out', out);
    assert.equal(again.status, 0);
    assert.match(again.stdout, /holds all of it already/);
    assert.equal(git('log', '--format=%s').split('\n').length, 2);
  });

  it('commits the parts that are named alone, also after a release that failed', () => {
    const anew = join(temporaryFolder(), 'course');
    process.env.GIT_AUTHOR_NAME = '';
    const failed = run('release', '--out', anew, '--part', '0,1');
    process.env.GIT_AUTHOR_NAME = who.GIT_AUTHOR_NAME;
    assert.equal(failed.status, 1);
    assert.match(
      failed.stderr,
      /git commit failed in \S+: .*; tell git who you are .*release again$/m,
    );
    assert.equal(run('release', '--out', anew, '--part', '0').status, 0);
    const names = ['ls-tree', '--name-only', 'HEAD'];
    const { stdout } = spawnSync('git', names, { cwd: anew, encoding: 'utf8' });
    assert.equal(stdout, '.gitignore\nREADME.md\npart-0.ipynb\n');
  });

  it('leaves a folder of something else alone, and says what it wants', () => {
    const other = temporaryFolder();
    writeFileSync(join(other, 'thesis.tex'), '');
    for (const [args, message] of [
      [['--out', other], /holds thesis\.tex, and no release; choose an empty folder/],
      [['--out', out, '--part', '9'], /names part-9\.ipynb, which is none of part-0/],
      [[], /say where to/],
    ] as const) {
      const { status, stderr } = run('release', ...args);
      assert.notEqual(status, 0);
      assert.match(stderr, message);
    }
    assert.deepEqual(readdirSync(other), ['thesis.tex']);
  });
});
