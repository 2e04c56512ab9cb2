import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../lib/root';
import { haveEnded, treeOf } from '../processes';
import { temporaryFolder } from '../temporaryFolder';
import { run } from './run';

const labFile = join(projectRoot, 'lib', 'commands', 'lab.ts');

describe('npm run lab', () => {
  it('an unknown part lists the known ones', () => {
    const { status, stderr } = run('lab', '--part', '9', '--out', '/nonexistent/never-made');
    assert.equal(status, 1);
    assert.match(stderr, /^lab: --part 9 is none of 0, 1, 2/);
  });

  it('lab, grade: an --out that takes no files is told before anything is carried out', () => {
    const file = join(temporaryFolder(), 'out');
    writeFileSync(file, 'mine');
    const some = join('notebooks', 'part-0.ipynb');
    for (const [command, ...args] of [
      ['lab', '--quick'],
      ['grade', some, '--unprotected'],
    ] as const) {
      const { status, stderr } = run(command, ...args, '--out', file);
      assert.equal(status, 1);
      assert.match(stderr.trim().split('\n').at(-1)!, /^cannot write \S+out: it is a file, where/);
      assert.doesNotMatch(stderr, /part-0|graded/);
    }
    assert.equal(readFileSync(file, 'utf8'), 'mine');
  });

  it('a quick run writes to results/quick, a full one to results', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'results'));
    writeFileSync(join(folder, 'results', 'quick'), '');
    const elsewhere = (...args: string[]) =>
      spawnSync(process.execPath, [require.resolve('tsx/cli'), labFile, ...args], {
        cwd: folder,
        encoding: 'utf8',
      }).stderr;
    assert.match(elsewhere('--quick'), /^cannot write \S+\/results\/quick: it is a file/);
    rmSync(join(folder, 'results'), { recursive: true });
    writeFileSync(join(folder, 'results'), '');
    assert.match(elsewhere(), /^cannot write \S+\/results: it is a file/);
  });

  it('an interrupt stops it in one sentence, and its processes end', async () => {
    const out = temporaryFolder();
    const options = ['--quick', '--part', '0,0,1', '--out', out];
    const flags = ['--import', 'tsx', 'lib/commands/lab.ts', ...options];
    const lab = spawn(process.execPath, flags, { cwd: projectRoot, detached: true });
    let [said, interrupted] = ['', false];
    let processes: number[] = [];
    lab.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (interrupted || !said.includes('part-0 · done')) return;
      interrupted = true;
      // A second on, Part 1 is under way, as Part 0 is carried out once. It takes four. A terminal sends Ctrl-C to the
      // whole group.
      setTimeout(() => {
        processes = treeOf(lab.pid!);
        process.kill(-lab.pid!, 'SIGINT');
      }, 1000);
    });
    const [code] = await once(lab, 'close');
    assert.equal(code, 1);
    assert.match(said, /part-1\.ipynb was stopped; run it again to go on with what it saved\n$/);
    await haveEnded(processes);
  });

  // Of the whole Part 1: where no line can be drawn in place one is told after five seconds, and the quick one may be done.
  it('npm passes SIGTERM on, and what it runs ends with it', async () => {
    const options = ['--part', '1', '--out', temporaryFolder()];
    const npm = spawn('npm', ['run', '--silent', 'lab', '--', ...options], {
      cwd: projectRoot,
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    let processes: number[] = [];
    npm.stderr.on('data', (chunk: Buffer) => {
      if (!said.includes('part-1 · cell') && String(chunk).includes('part-1 · cell')) {
        processes = treeOf(npm.pid!);
        npm.kill();
      }
      said += chunk.toString();
    });
    await once(npm, 'close');
    assert.match(said, /part-1\.ipynb was stopped; run it again to go on with what it saved\n$/);
    await haveEnded(processes);
  });
});
