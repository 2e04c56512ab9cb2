import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../lib/root';
import { temporaryFolder } from '../temporaryFolder';

function run(command: string, ...args: string[]) {
  const file = `lib/commands/${command}.ts`;
  return spawnSync(process.execPath, ['--import', 'tsx', file, ...args], {
    cwd: projectRoot,
    encoding: 'utf8',
    env: { ...process.env, LAB_DATA_DIR: '' },
  });
}

describe('commands', () => {
  it('start: a port in use is one sentence and a non-zero exit', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    // In a process of its own the command cannot see this one's server but through the port.
    const { status, stderr } = run('start', '--no-browser', '--port', String(port));
    server.close();
    assert.equal(status, 1);
    assert.equal(stderr, `start: port ${port} is in use; choose another, as in --port 8890\n`);
  });

  it('start: a port that is none', () => {
    const { status, stderr } = run('start', '--port', 'http');
    assert.equal(status, 1);
    assert.equal(stderr, 'start: --port must be a number from 1 to 65535, got http\n');
  });

  it('an unknown option lists the valid ones', () => {
    const { status, stderr } = run('lab', '--fast');
    assert.equal(status, 1);
    assert.match(stderr, /^lab: Unknown option '--fast'; the options are --quick, --out VALUE/);
    assert.equal(stderr.trim().split('\n').length, 1, 'one sentence, no stack');
  });

  it('what is no option, no value or one too many is one sentence and exit code 1', () => {
    for (const [command, args, told] of [
      ['doctor', ['--nope'], /^doctor: Unknown option '--nope'; the options are none$/],
      ['doctor', ['more'], /^doctor: Unexpected argument 'more'; the options are none$/],
      ['lab', ['--out', ''], /^lab: --out has an empty value; the options are/],
      ['lab', ['--part'], /^lab: Option '--part <value>' argument missing; the options are/],
      ['start', ['--port', '-1'], /^start: Option '--port' argument is ambiguous; the options are/],
      ['notebooks', ['--check=yes'], /^notebooks: Option '--check' does not take an argument;/],
      ['tensorflow', ['now'], /^tensorflow: Unexpected argument 'now'; the options are --remove$/],
    ] as const) {
      const { status, stdout, stderr } = run(command, ...args);
      assert.deepEqual([status, stdout], [1, ''], stderr);
      assert.match(stderr.trim(), told);
      assert.equal(stderr.trim().split('\n').length, 1);
    }
  });

  it('nbgrader: says what it can do, and where its folder must lie', () => {
    const bare = run('nbgrader');
    assert.equal(bare.status, 1);
    assert.match(
      bare.stderr,
      /^nbgrader: say what to do, such as generate_assignment paths, .*\n$/,
    );
    process.env.LAB_COURSE = tmpdir();
    const outside = run('nbgrader', 'list');
    delete process.env.LAB_COURSE;
    assert.equal(outside.status, 1);
    assert.match(outside.stderr, /^nbgrader: LAB_COURSE must lie inside .*, got .*\n$/);
  });

  it('grade: says what is wrong with a path, a size, a share or a folder of grades', () => {
    const out = temporaryFolder();
    const some = join('notebooks', 'part-0.ipynb');
    for (const [args, told] of [
      [[], /^grade: say which notebooks or folders, as in npm run grade -- submissions\/$/],
      [['/nowhere'], /^grade: \/nowhere is not there; check the path$/],
      [[out], /^grade: there is no notebook in \S+$/],
      [[some, '--size', 'large'], /^grade: --size must be small, full or stated, got large$/],
      [[some, '--shard', '1/2'], /^grade: --shard needs --seed, the same on every machine$/],
      [[some, '--shard', '3/2'], /^grade: --shard must be i\/n with i from 1 to n, got 3\/2$/],
      [['--merge', out], /holds no grades; name a folder that npm run grade wrote$/],
      [['--mark', out, out], /^grade: --mark takes one folder of grades, got 2$/],
    ] as const) {
      const { status, stderr } = run('grade', ...args, '--out', join(out, 'new'));
      assert.equal(status, 1, stderr);
      assert.match(stderr.trim(), told);
    }
    assert.deepEqual(readdirSync(out), [], 'nothing was written');
  });

  it('lab: an unknown part lists the known ones', () => {
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

  it('lab: an interrupt stops it in one sentence, and its processes end', async () => {
    const out = temporaryFolder();
    const flags = ['--import', 'tsx', 'lib/commands/lab.ts', '--quick', '--out', out];
    const lab = spawn(process.execPath, flags, { cwd: projectRoot, detached: true });
    let [said, interrupted] = ['', false];
    lab.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (interrupted || !said.includes('part-0 · done')) return;
      interrupted = true;
      // Two seconds on, Part 1 is under way, which takes far longer. A terminal sends Ctrl-C to
      // the whole group.
      setTimeout(() => process.kill(-lab.pid!, 'SIGINT'), 2000);
    });
    const [code] = await once(lab, 'close');
    assert.equal(code, 1);
    assert.match(said, /part-1\.ipynb was stopped; run it again to go on with what it saved\n$/);
    assert.throws(() => process.kill(-lab.pid!, 0), /ESRCH/, 'the whole group has ended');
  });

  it('doctor: names each thing, and what to do about the data that is missing', () => {
    const good = run('doctor');
    assert.match(good.stdout, /✓ backend {5}tfjs wasm/);
    assert.match(good.stdout, /✓ MNIST {7}whole, checksums right/);
    const bad = spawnSync(process.execPath, ['--import', 'tsx', 'lib/commands/doctor.ts'], {
      cwd: projectRoot,
      encoding: 'utf8',
      env: { ...process.env, LAB_DATA_DIR: '/nonexistent' },
    });
    assert.equal(bad.status, 1);
    assert.match(bad.stdout, /✗ MNIST .*\/nonexistent/);
  });
});
