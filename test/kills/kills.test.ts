import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readMarks } from '../../lib/grading/marks/marks';
import { generator } from '../../lib/random';
import { projectRoot } from '../../lib/root';
import { temporaryFolder } from '../temporaryFolder';
import type { Touches } from './dieAt';

/** How often a job is killed; `LAB_KILLS=30` is the long form. */
const kills = Number(process.env.LAB_KILLS ?? 3);
const seed = Number(process.env.LAB_KILL_SEED ?? 24);

interface Ended {
  /** What the job printed at its end; nothing if it was killed. */
  readonly end: (Touches & { readonly result: unknown }) | undefined;
  readonly said: string;
  /** The file that it was at when it was killed. */
  readonly at: string | undefined;
}

function carryOut(job: string, folder: string, killAt: number, ...only: 'write'[]): Ended {
  const script = join('test', 'kills', `${job}.ts`);
  const command = ['--import', 'tsx', script, folder, String(killAt), ...only];
  const { stdout, stderr, signal } = spawnSync(process.execPath, command, {
    cwd: projectRoot,
    encoding: 'utf8',
    env: { ...process.env, LAB_THREADS: '1' },
  });
  const at = /^killed at (.*)$/m.exec(stderr)?.[1];
  if (signal === 'SIGKILL') return { end: undefined, said: stdout, at };
  const end = /^\{.*\}$/m.exec(stdout)?.[0];
  assert.ok(end, stderr);
  return { end: JSON.parse(end), said: stdout, at };
}

/** What was left after each kill is for `look` to see; at the end all is as undisturbed. */
function killAgainAndAgain(job: string, look: (folder: string, said: string) => void): void {
  const undisturbed = temporaryFolder();
  const { result, touches, writes } = carryOut(job, undisturbed, 0).end!;
  const random = generator(seed);
  const places: Record<string, number> = {};
  let [killed, ended] = [0, 0];
  while (killed < kills) {
    const folder = temporaryFolder();
    for (let said = ''; ; ) {
      // Every second in the midst of a write. Early enough that most of them kill, as what is done
      // already is not done again.
      const only = killed % 2 === 0 ? (['write'] as const) : [];
      const most = Math.ceil((only.length > 0 ? writes : touches) / 2);
      const killAt = killed < kills ? 1 + random.integer(most) : 0;
      const { end, said: more, at } = carryOut(job, folder, killAt, ...only);
      said += more;
      look(folder, said);
      if (end !== undefined) {
        assert.deepEqual(end.result, result);
        break;
      }
      places[at!] = (places[at!] ?? 0) + 1;
      killed++;
    }
    ended++;
    const whole = readdirSync(folder).filter((name) => !/\.pathlab-\d+\.tmp$/.test(name));
    assert.deepEqual(whole, readdirSync(undisturbed));
  }
  const where = Object.entries(places).map(([place, times]) => `${place} ${times}`);
  console.log(`      ${killed} times in ${ended} jobs of ${touches} touches: ${where.join(', ')}`);
}

describe(`killed ${kills} times as files are touched, all is as undisturbed`, function () {
  this.timeout(0);

  it('of a sweep, a bend and a plane', () => killAgainAndAgain('sweepJob', () => undefined));

  it('of marks, and what was said to be saved is', () =>
    killAgainAndAgain('markingJob', (folder, said) => {
      const marked = Object.keys(readMarks(folder));
      for (const [, student] of said.matchAll(/^saved (.*)$/gm)) {
        assert.ok(marked.includes(student!), student);
      }
    }));
});
