import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureBuild } from '../../lib/build';
import { useBackend } from '../../lib/engine';
import { ensurePython } from '../../lib/jupyter/python';
import { generator } from '../../lib/random';
import { projectRoot } from '../../lib/root';
import { disposeStateDict, loadStateDict } from '../../lib/weights';
import { newCheckout } from '../checkout';
import { handIn, student } from '../grading/students';
import { trainOnce } from '../grading/trained';
import { stillRunning, treeOf } from '../processes';
import { temporaryFolder } from '../temporaryFolder';

/**
 * Whole commands, killed by SIGKILL at random moments, and started again at once until they end. `-g`
 * chooses the command, `LAB_KILLS` how often it is killed, `LAB_KILL_SEED` when, `LAB_PARTS` the lab's
 * parts:
 *
 *     LAB_KILLS=10 npx mocha --no-config --require tsx test/kills/commands.ts -g lab
 *
 * The signal goes to the group of processes, as from a scheduler. Kernels and sandboxes have groups of
 * their own, and are to end by themselves.
 */

const kills = Number(process.env.LAB_KILLS ?? 3);
const seed = Number(process.env.LAB_KILL_SEED ?? 1);
const parts = process.env.LAB_PARTS ?? '0,1,2';
/** A kernel looks every second whether its parent lives. */
const ENDED_WITHIN_MS = 20_000;

interface Run {
  /** Missing where it was killed. */
  readonly code: number | undefined;
  readonly said: string;
  /** All that it had started when it was killed. */
  readonly processes: readonly number[];
}

/** Runs a command, and kills it after so many seconds. */
async function run(
  command: readonly string[],
  { seconds = 3600, cwd = projectRoot }: { seconds?: number | undefined; cwd?: string } = {},
): Promise<Run> {
  const [program, ...args] = command as [string, ...string[]];
  const child = spawn(program, args, { cwd, detached: true });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  let processes: number[] = [];
  const timer = setTimeout(() => {
    processes = treeOf(child.pid!);
    process.kill(-child.pid!, 'SIGKILL');
  }, 1000 * seconds);
  child.once('exit', () => clearTimeout(timer));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code: code ?? undefined, said, processes };
}

interface Killed {
  start(out: string, seconds?: number): Promise<Run>;
  /** What holds after each kill. */
  look?(out: string): void;
  /** What is the same at each end. */
  left(out: string): unknown;
}

/**
 * Kills a command `kills` times, in a new folder whenever it has come to its end, and holds what it
 * left at each end against what it left undisturbed.
 */
async function killAgainAndAgain({ start, look, left }: Killed): Promise<void> {
  const whole = temporaryFolder();
  const begun = performance.now();
  const undisturbed = await start(whole);
  assert.equal(undisturbed.code, 0, undisturbed.said);
  const usual = (performance.now() - begun) / 1000;
  const random = generator(seed);
  const places: string[] = [];
  const livingOn: Promise<string[]>[] = [];
  let ended = 0;
  for (; places.length < kills || ended === 0; ended++) {
    const out = temporaryFolder();
    for (;;) {
      const seconds = places.length < kills ? usual * random.uniform() : undefined;
      const killed = await start(out, seconds);
      if (killed.code !== undefined) {
        assert.equal(killed.code, 0, killed.said);
        break;
      }
      const last = killed.said.trim().split('\n').at(-1)!.slice(0, 60);
      places.push(`${seconds!.toFixed(1)} s: ${last || 'nothing said yet'}`);
      livingOn.push(thatLiveOn(killed.processes));
      look?.(out);
    }
    assert.deepEqual(left(out), left(whole));
    rmSync(out, { recursive: true });
  }
  assert.deepEqual((await Promise.all(livingOn)).flat(), [], 'what was started ends by itself');
  const times = `${places.length} times in ${ended} jobs, ${usual.toFixed(0)} s undisturbed`;
  console.log(`      ${times}:\n${places.map((place) => `        ${place}`).join('\n')}`);
}

/** What still runs of them a while after the kill. Asked from then on, because numbers are given again. */
async function thatLiveOn(processes: readonly number[]): Promise<string[]> {
  const until = performance.now() + ENDED_WITHIN_MS;
  let left = stillRunning(processes);
  while (left.length > 0 && performance.now() < until) {
    await sleep(500);
    left = stillRunning(left.map(({ pid }) => pid));
  }
  return left.map(({ command }) => command);
}

const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    // What still ends may take its files away meanwhile.
    .filter((name) => statSync(join(folder, name), { throwIfNoEntry: false })?.isFile())
    .sort();

/** Every file that bears its own name is whole. */
function isWhole(out: string): void {
  for (const name of filesIn(out)) {
    const path = join(out, name);
    if (/\.(json|ipynb)$/.test(name)) JSON.parse(readFileSync(path, 'utf8'));
    if (name.endsWith('.html')) assert.match(readFileSync(path, 'utf8'), /<\/html>\s*$/, name);
    if (name.endsWith('.safetensors')) disposeStateDict(loadStateDict(path).stateDict);
  }
}

/** Files by name, with what `of` says of them. */
const eachFile = (folder: string, of: (name: string, path: string) => unknown) =>
  filesIn(folder)
    .filter((name) => !/\.pathlab-\d+\.tmp$|\.blob|\.partial/.test(name))
    .map((name) => [name, of(name, join(folder, name))]);

describe(`killed ${kills} times, it ends as undisturbed`, function () {
  this.timeout(0);
  before(async () => {
    await ensureBuild();
    await ensurePython();
    await useBackend('wasm');
  });

  it(`npm run lab, small, Parts ${parts}`, () =>
    killAgainAndAgain({
      start: (out, seconds) =>
        run(['npm', 'run', '--silent', 'lab', '--', '--quick', '--part', parts, '--out', out], {
          seconds,
        }),
      look: isWhole,
      left: (out) =>
        eachFile(out, (name, path) => {
          // These tell how long each cell took, and what was taken from before.
          if (/\.(ipynb|html)$/.test(name)) return undefined;
          if (name !== 'summary.json') return readFileSync(path, 'latin1');
          return { ...JSON.parse(readFileSync(path, 'utf8')), timings: undefined };
        }),
    }));

  it('npm run grade, four students', async () => {
    await trainOnce();
    const submissions = temporaryFolder();
    handIn([0, 1, 2, 3].map(student), submissions);
    const saved = ['--seed', '7', '--use-saved', '--size', 'small'];
    await killAgainAndAgain({
      start: (out, seconds) =>
        run(['npm', 'run', '--silent', 'grade', '--', submissions, '--out', out, ...saved], {
          seconds,
        }),
      look: isWhole,
      left: (out) =>
        eachFile(out, (name, path) =>
          /^(grades|tasks|overview)\./.test(name) ? readFileSync(path, 'utf8') : undefined,
        ),
    });
  });

  it('the set-up of lib and Python', () => {
    const script = `require('tsx/cjs');
      require('./lib/build.ts').ensureBuild()
        .then(() => require('./lib/jupyter/python.ts').ensurePython())
        .then(() => process.exit(0));`;
    return killAgainAndAgain({
      async start(out, seconds) {
        if (readdirSync(out).length === 0) {
          cpSync(newCheckout(), out, { recursive: true });
          for (const name of ['package.json', 'package-lock.json', 'tsconfig.json'])
            cpSync(join(projectRoot, name), join(out, name));
        }
        return await run([process.execPath, '-e', script], { seconds, cwd: out });
      },
      left: (out) => [
        readdirSync(out).sort(),
        ...['lib/dist', 'lib/kernel/dist'].map((folder) =>
          eachFile(join(out, folder), (name, path) =>
            /\.(js|d\.ts|wasm)$/.test(name) ? readFileSync(path, 'latin1') : undefined,
          ),
        ),
        // What was imported is compiled by Python as it goes.
        filesIn(join(out, '.venv')).filter((name) => !name.endsWith('.pyc')),
        spawnSync(join(out, '.venv', 'bin', 'jupyter'), ['--version'], { encoding: 'utf8' }).stdout,
      ],
    });
  });
});
