import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ensureBuild } from '../../lib/build';
import { useBackend } from '../../lib/engine';
import { projectRoot } from '../../lib/root';
import { handIn, student } from '../grading/students';
import { trainOnce } from '../grading/trained';
import { temporaryFolder } from '../temporaryFolder';

/**
 * `deploy/slurm` on a real Slurm: two nodes on this machine, one of which is lost midway.
 *
 *     npm run test:slurm        # as root, with Debian's slurm-wlm and munge
 *
 * `LAB_SWEEP` names a folder in which `npm run lab -- --quick --part 3.1` has left its results; else
 * that is carried out here.
 */
describe('a Slurm of two nodes', function () {
  this.timeout(1800_000);
  const folder = temporaryFolder();
  const cluster = join(folder, 'cluster');
  const environment = { ...process.env, SLURM_CONF: join(cluster, 'slurm.conf') };
  const slurm = (command: string, ...args: string[]) =>
    execFileSync(command, args, { env: environment, cwd: projectRoot, encoding: 'utf8' });

  before(async () => {
    await ensureBuild();
    execFileSync(join(projectRoot, 'test', 'deploy', 'slurmOnOneMachine.sh'), [cluster]);
  });

  beforeEach(() => {
    if (slurm('sinfo', '-h', '-n', 'n2', '-o', '%t').trim() !== 'idle') slurm('slurmd', '-N', 'n2');
  });

  after(() => {
    spawnSync('scancel', ['--state=RUNNING'], { env: environment });
    for (const daemon of ['n1.pid', 'n2.pid', 'slurmctld.pid']) kill(join(cluster, daemon));
  });

  it('grades a class of 12 as one machine does, byte for byte, though a node is lost', async () => {
    await useBackend('wasm');
    await trainOnce();
    const submissions = join(folder, 'submissions');
    handIn(
      Array.from({ length: 12 }, (_, i) => student(i)),
      submissions,
    );
    const options = ['--use-saved', '--size', 'small'];
    const [one, many] = [join(folder, 'one'), join(folder, 'many')];
    npm('grade', submissions, '--out', one, '--seed', '7', ...options);
    mkdirSync(many);
    writeFileSync(join(many, 'seed.txt'), '7\n');
    slurm('deploy/slurm/grade.sh', submissions, many, '4', ...options);
    await loseNode(() => readdirSync(many).some((name) => hasKept(join(many, name))));
    await allDone(join(many, 'slurm'));
    for (const file of ['grades.json', 'grades.csv', 'overview.html']) {
      assert.deepEqual(text(many, file), text(one, file), file);
    }
  });

  it('carries out the sweep of Part 3.1 as one machine does, though a node is lost', async () => {
    const one = process.env.LAB_SWEEP ?? join(folder, 'sweep');
    const many = join(folder, 'sweep-of-two');
    if (!process.env.LAB_SWEEP) npm('lab', '--quick', '--part', '3.1', '--out', one);
    slurm('deploy/slurm/sweep.sh', many, '2', '--quick');
    const nets = (of: string) =>
      readdirSync(of).filter((name) => /^sweep-.*\.safetensors$/.test(name));
    await loseNode(() => nets(many).length >= 6);
    await allDone(join(many, 'slurm'));
    assert.deepEqual(nets(many), nets(one));
    assert.ok(nets(one).length >= 42, 'three nets and three bends of seven architectures');
    for (const name of nets(one)) {
      assert.ok(readFileSync(join(many, name)).equals(readFileSync(join(one, name))), name);
    }
    const figures = (of: string) => JSON.parse(text(of, 'figures-part-3.1.json')) as unknown;
    assert.deepEqual(figures(many), figures(one));
  });

  /** Ends the second node and all it runs, once there is something to lose. */
  async function loseNode(ready: () => boolean): Promise<void> {
    while (!(onSecondNode() && ready())) await wait(200);
    kill(join(cluster, 'n2.pid'));
    const lost = processesOf('n2');
    for (const pid of lost) process.kill(pid, 'SIGKILL');
    assert.ok(lost.length >= 3, 'a step of Slurm, npm and node were at work there');
  }

  function onSecondNode(): boolean {
    return slurm('squeue', '-h', '-w', 'n2', '-t', 'RUNNING').trim() !== '';
  }

  async function allDone(logs: string): Promise<void> {
    while (slurm('squeue', '-h').trim() !== '') {
      const stuck = slurm('squeue', '-h', '-o', '%R').includes('DependencyNeverSatisfied');
      assert.ok(
        !stuck,
        readdirSync(logs)
          .map((name) => text(logs, name))
          .join('\n'),
      );
      await wait(500);
    }
  }
});

const text = (of: string, file: string) => readFileSync(join(of, file), 'utf8');

function hasKept(share: string): boolean {
  try {
    return readdirSync(join(share, 'students')).some((name) => name.endsWith('.json'));
  } catch {
    return false;
  }
}

function npm(script: string, ...args: string[]): void {
  execFileSync('npm', ['run', '--silent', script, '--', ...args], { cwd: projectRoot });
}

/** What runs on a node: processes that have its name in their environment, and what watches them. */
function processesOf(node: string): number[] {
  const found = new Set<number>();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const environ = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
      if (!environ.includes(`SLURMD_NODENAME=${node}`)) continue;
      found.add(Number(pid));
      const parent = /^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]!;
      if (readFileSync(`/proc/${parent}/comm`, 'utf8').startsWith('slurmstepd'))
        found.add(Number(parent));
    } catch {
      // It has ended.
    }
  }
  return [...found];
}

function kill(pidFile: string): void {
  try {
    process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGKILL');
  } catch {
    // It has ended.
  }
}
