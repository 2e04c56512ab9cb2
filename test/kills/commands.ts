import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuild } from '../../lib/build';
import { useBackend } from '../../lib/engine';
import { ensurePython } from '../../lib/jupyter/python';
import { generator } from '../../lib/random';
import { projectRoot } from '../../lib/root';
import { newCheckout } from '../checkout';
import { handIn, student } from '../grading/students';
import { trainOnce } from '../grading/trained';
import { temporaryFolder } from '../temporaryFolder';

/**
 * Whole commands, killed by SIGKILL with all that they started at random moments, and started again
 * until they end. `-g` chooses the command, `LAB_KILLS` how often it is killed, `LAB_KILL_SEED` when:
 *
 *     LAB_KILLS=10 npx mocha --no-config --require tsx test/kills/commands.ts -g lab
 */

const kills = Number(process.env.LAB_KILLS ?? 3);
const seed = Number(process.env.LAB_KILL_SEED ?? 1);

interface Run {
  /** Missing where it was killed. */
  readonly code: number | undefined;
  readonly said: string;
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
  const timer = setTimeout(() => process.kill(-child.pid!, 'SIGKILL'), 1000 * seconds);
  child.once('exit', () => clearTimeout(timer));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code: code ?? undefined, said };
}

/**
 * Kills a command `kills` times, in a new folder whenever it has come to its end, and holds what it
 * left at each end against what it left undisturbed.
 */
async function killAgainAndAgain(
  start: (out: string, seconds?: number) => Promise<Run>,
  left: (out: string) => unknown,
): Promise<void> {
  const whole = temporaryFolder();
  const begun = performance.now();
  const { code, said } = await start(whole);
  assert.equal(code, 0, said);
  const usual = (performance.now() - begun) / 1000;
  const random = generator(seed);
  const places: string[] = [];
  for (let ended = 0; places.length < kills || ended === 0; ended++) {
    const out = temporaryFolder();
    for (;;) {
      const seconds = places.length < kills ? usual * random.uniform() : undefined;
      const { code, said } = await start(out, seconds);
      if (code !== undefined) {
        assert.equal(code, 0, said);
        break;
      }
      places.push(said.trim().split('\n').at(-1)!.slice(0, 60));
    }
    assert.deepEqual(left(out), left(whole));
    rmSync(out, { recursive: true });
  }
  console.log(`      killed at:\n${places.map((place) => `        ${place}`).join('\n')}`);
}

/** What a folder holds, by name; `change` takes out what differs from run to run. */
function contents(out: string, change: (name: string, text: string) => string | undefined) {
  const names = readdirSync(out, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(json|csv|safetensors|html)$/.test(name) && !/-[0-9a-f]{8,}/.test(name))
    .sort();
  return names.map((name) => [name, change(name, readFileSync(join(out, name), 'latin1'))]);
}

describe(`killed ${kills} times, it ends as undisturbed`, function () {
  this.timeout(0);
  before(() => ensureBuild());

  it('npm run lab, small, Parts 0 to 2', async () => {
    await ensurePython();
    await killAgainAndAgain(
      (out, seconds) =>
        run(['npm', 'run', '--silent', 'lab', '--', '--quick', '--out', out], { seconds }),
      (out) =>
        contents(out, (name, text) => {
          // Both have the seconds that each cell took.
          if (name.endsWith('.html')) return /<\/html>\s*$/.exec(text)?.[0].trim();
          if (name !== 'summary.json') return text;
          return JSON.stringify({ ...JSON.parse(text), timings: undefined });
        }),
    );
  });

  it('npm run grade, four students', async () => {
    await useBackend('wasm');
    await trainOnce();
    const submissions = temporaryFolder();
    handIn([0, 1, 2, 3].map(student), submissions);
    const npmGrade = ['npm', 'run', '--silent', 'grade', '--'];
    const saved = ['--seed', '7', '--use-saved', '--size', 'small'];
    await killAgainAndAgain(
      (out, seconds) => run([...npmGrade, submissions, '--out', out, ...saved], { seconds }),
      (out) =>
        contents(out, (name, text) => (/^(grades|tasks|overview)\./.test(name) ? text : undefined)),
    );
  });

  it('the set-up of lib and Python', async () => {
    const script = `require('tsx/cjs');
      require('./lib/build.ts').ensureBuild()
        .then(() => require('./lib/jupyter/python.ts').ensurePython())
        .then(() => process.exit(0));`;
    await killAgainAndAgain(
      async (out, seconds) => {
        if (readdirSync(out).length === 0) {
          cpSync(newCheckout(), out, { recursive: true });
          cpSync(join(projectRoot, 'package.json'), join(out, 'package.json'));
        }
        return await run([process.execPath, '-e', script], { seconds, cwd: out });
      },
      (out) => [
        readdirSync(out).sort(),
        ...['lib', join('lib', 'dist'), join('lib', 'kernel', 'dist')].map((folder) =>
          readdirSync(join(out, folder)).filter((name) => !name.includes('.blob')),
        ),
        spawnSync(join(out, '.venv', 'bin', 'jupyter'), ['--version'], { encoding: 'utf8' }).stdout,
      ],
    );
  });
});
