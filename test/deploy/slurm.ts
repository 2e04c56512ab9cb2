import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ensureBuild } from '../../lib/build';
import { useBackend } from '../../lib/engine';
import { notebookText } from '../../lib/ipynb';
import { projectRoot } from '../../lib/root';
import { handIn, student } from '../grading/students';
import { trainOnce } from '../grading/trained';
import { temporaryFolder } from '../temporaryFolder';
import { oneTask } from './oneTask';
import { processesOfNode } from './processesOfNode';

/**
 * `deploy/slurm` on a real Slurm: two nodes on this machine, one of which is lost midway.
 *
 *     npm run test:slurm        # as root, with Debian's slurm-wlm and munge
 *
 * The short form: `LAB_SWEEP` names a folder in which `npm run lab -- --quick --part 3.1` has left its
 * results. Then the students answer one task each, and of the sweep the cluster trains the small nets
 * alone; the others are taken from there.
 */

const { LAB_SWEEP } = process.env;
const STUDENTS = 12;
/** Of a class, what a task of the job array grades: more than there are cores, so that some is left. */
const IN_A_SHARE = 3;
const SMALL_NETS = /^sweep-(ReLU-1-64|ReLU-1-128|tanh-1-64)-/;

describe('a Slurm of two nodes', function () {
  this.timeout(1800_000);
  const folder = temporaryFolder();
  const cluster = join(folder, 'cluster');
  const environment = { ...process.env, SLURM_CONF: join(cluster, 'slurm.conf') };
  const slurm = (command: string, ...args: string[]) =>
    execFileSync(command, args, { env: environment, cwd: projectRoot, encoding: 'utf8' });
  let daemons: ChildProcess;

  before(async () => {
    await ensureBuild();
    const start = join(projectRoot, 'test', 'deploy', 'slurmOnOneMachine.sh');
    daemons = spawn(start, [cluster], { stdio: ['pipe', 'pipe', 'inherit'] });
    await once(daemons.stdout!, 'readable');
    assert.equal(String(daemons.stdout!.read()), 'ready\n');
  });

  beforeEach(async () => {
    while (slurm('sinfo', '-h', '-o', '%D %t').trim() !== '2 idle') await wait(500);
  });

  after(async () => {
    daemons.stdin!.end();
    await once(daemons, 'exit');
    assert.deepEqual(['n1', 'n2'].flatMap(processesOfNode), [], 'all of it ends with it');
  });

  it(`grades a class of ${STUDENTS} as one machine does, byte for byte, though a node is lost`, async () => {
    const submissions = join(folder, 'submissions');
    await handInAll(submissions);
    const options = ['--use-saved', '--size', 'small'];
    const [one, many] = [join(folder, 'one'), join(folder, 'many')];
    npm('grade', submissions, '--out', one, '--seed', '7', ...options);
    mkdirSync(many);
    writeFileSync(join(many, 'seed.txt'), '7\n');
    const shares = String(Math.ceil(STUDENTS / IN_A_SHARE));
    slurm('deploy/slurm/grade.sh', submissions, many, shares, ...options);
    // The second share is on the second node.
    await loseNode(() => keptOf(join(many, 'share-2')).length > 0);
    await allDone(join(many, 'slurm'));
    assert.match(text(many, 'slurm/share-2.log'), /\d of \d were graded before, and are kept/);
    for (const file of ['grades.json', 'grades.csv', 'overview.html']) {
      assert.equal(text(many, file), text(one, file), file);
    }
  });

  it('carries out the sweep of Part 3.1 as one machine does, though a node is lost', async () => {
    const [one, many] = [LAB_SWEEP ?? join(folder, 'sweep'), join(folder, 'sweep-of-two')];
    if (LAB_SWEEP === undefined) npm('lab', '--quick', '--part', '3.1', '--out', one);
    const known = netsIn(one).filter((name) => LAB_SWEEP !== undefined && !SMALL_NETS.test(name));
    for (const name of known) cpSync(join(one, name), join(many, name));
    slurm('deploy/slurm/sweep.sh', many, '2', '--quick');
    await loseNode(() => netsIn(many).length >= known.length + 4);
    await allDone(join(many, 'slurm'));
    assert.deepEqual(netsIn(many), netsIn(one));
    // Three nets and three bends of seven architectures.
    assert.equal(netsIn(one).length, 42);
    for (const name of netsIn(one)) {
      assert.ok(readFileSync(join(many, name)).equals(readFileSync(join(one, name))), name);
    }
    const figures = (of: string) => JSON.parse(text(of, 'figures-part-3.1.json')) as unknown;
    assert.deepEqual(figures(many), figures(one));
  });

  /** Ends the second node and all it runs, once there is something to lose. */
  async function loseNode(ready: () => boolean): Promise<void> {
    while (!ready()) await wait(100);
    const running = slurm('squeue', '-h', '-w', 'n2', '-t', 'RUNNING').trim();
    assert.notEqual(running, '', 'the second node is at work');
    const lost = processesOfNode('n2');
    // All at once, as a node is lost: none is to tell of the end of another.
    for (const signal of ['SIGSTOP', 'SIGKILL'] as const) {
      for (const pid of lost) killIfThere(pid, signal);
    }
    assert.ok(lost.length >= 4, 'slurmd, a step of it, npm and node');
  }

  async function allDone(logs: string): Promise<void> {
    while (slurm('squeue', '-h').trim() !== '') await wait(500);
    // What was put together at last, else what the shares said.
    const told = () => readdirSync(logs).map((name) => text(logs, name));
    assert.ok(existsSync(join(logs, 'together.log')), told().join('\n'));
  }
});

/** A process may have ended with the one that started it. */
function killIfThere(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

const text = (of: string, file: string) => readFileSync(join(of, file), 'utf8');

const namesIn = (folder: string) => (existsSync(folder) ? readdirSync(folder).sort() : []);
const netsIn = (folder: string) =>
  namesIn(folder).filter((name) => /^sweep-.*\.safetensors$/.test(name));
const keptOf = (share: string) =>
  namesIn(join(share, 'students')).filter((name) => name.endsWith('.json'));

async function handInAll(folder: string): Promise<void> {
  const numbers = Array.from({ length: STUDENTS }, (_, i) => i);
  if (LAB_SWEEP !== undefined) {
    mkdirSync(folder);
    for (const i of numbers) {
      const text = notebookText(oneTask(i % 2 === 0 ? '' : "throw new Error('something else');"));
      writeFileSync(join(folder, `student ${i + 1} é.ipynb`), text);
    }
    return;
  }
  await useBackend('wasm');
  await trainOnce();
  handIn(numbers.map(student), folder);
}

function npm(script: string, ...args: string[]): void {
  execFileSync('npm', ['run', '--silent', script, '--', ...args], { cwd: projectRoot });
}
