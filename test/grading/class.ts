import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ensureBuild } from '../../lib/build';
import { useBackend } from '../../lib/engine';
import type { Verdict } from '../../lib/grading/judge/verdict';
import { generator } from '../../lib/random';
import { projectRoot } from '../../lib/root';
import { temporaryFolder } from '../temporaryFolder';
import { handIn, student } from './students';
import { trainOnce } from './trained';

/**
 * A class under `npm run grade`: how long it takes, and that it comes to the same when it is killed
 * again and again, or shared among machines.
 *
 *     npm run test:class
 *
 * `LAB_CLASS` is the number of students, 60 unless told; `LAB_KILLS` that of the kills, 10.
 */

const STUDENTS = Number(process.env.LAB_CLASS ?? 60);
const KILLS = Number(process.env.LAB_KILLS ?? 10);
/** Other moments each time, and the same again for who wants to see them. */
const KILL_SEED = Number(process.env.LAB_KILL_SEED ?? Date.now() % 1e6);

describe(`a class of ${STUDENTS}`, function () {
  this.timeout(3600_000);
  const folder = temporaryFolder();
  const submissions = join(folder, 'submissions');
  const students = Array.from({ length: STUDENTS }, (_, i) => student(i));
  const out = (name: string) => join(folder, name);
  const results = (name: string) =>
    ['grades.json', 'grades.csv', 'overview.html'].map((file) =>
      readFileSync(join(out(name), file), 'utf8'),
    );
  let told = '';
  /** Undisturbed, in seconds. */
  let usual = 0;

  before(async () => {
    await ensureBuild();
    await useBackend('wasm');
    await trainOnce();
    handIn(students, submissions);
  });

  it('is graded side by side, in 1.3 times the sum of the run times over the cores', async () => {
    const begun = performance.now();
    const { process: grader, lines } = start('whole');
    const [code] = await once(grader, 'exit');
    const took = (performance.now() - begun) / 1000;
    usual = took;
    told = lines.join('');
    assert.equal(code, 0, told);
    const times = [...told.matchAll(/ in ([\d.]+) s · about/g)].map(([, s]) => Number(s));
    assert.equal(times.length, STUDENTS);
    const sum = times.reduce((a, b) => a + b, 0);
    const ratio = took / (sum / availableParallelism());
    console.log(
      `      ${took.toFixed(0)} s for runs of ${sum.toFixed(0)} s: ${ratio.toFixed(2)} of their share`,
    );
    assert.ok(ratio <= 1.3, `${ratio}`);
  });

  it('has every score right', () => {
    const grades = JSON.parse(results('whole')[0]!) as { student: string; verdicts: Verdict[] }[];
    assert.equal(grades.length, STUDENTS);
    for (const { name, earns } of students) {
      const grade = grades.find((one) => one.student === name);
      const full = grade!.verdicts.filter((one) => one.earned === one.points).map(({ id }) => id);
      assert.deepEqual(full, earns, name);
    }
  });

  it(`comes to the same when it is killed ${KILLS} times`, async () => {
    const random = generator(KILL_SEED);
    let killed = 0;
    // Spread over the whole, also where others slow it down.
    for (; killed < KILLS; killed++) {
      const { process: grader } = start('killed');
      const ended = once(grader, 'exit');
      await Promise.race([ended, wait((2000 * usual * random.uniform()) / KILLS)]);
      try {
        process.kill(-grader.pid!, 'SIGKILL');
      } catch {
        break; // It was done.
      }
      await ended;
    }
    await wait(2000);
    assert.deepEqual(sandboxes(), [], 'sandboxes and judges end with the grader');
    const students = join(out('killed'), 'students');
    const kept = existsSync(students)
      ? readdirSync(students).filter((name) => name.endsWith('.json')).length
      : 0;
    console.log(`      ${killed} kills (LAB_KILL_SEED=${KILL_SEED}), then ${kept} grades are kept`);
    const { process: grader, lines } = start('killed');
    const [code] = await once(grader, 'exit');
    assert.equal(code, 0, lines.join(''));
    const taken = /(\d+) of \d+ were graded before, and are kept/.exec(lines.join(''))?.[1] ?? 0;
    assert.equal(Number(taken), kept, 'what was kept is taken up');
    assert.deepEqual(results('killed'), results('whole'));
  });

  it('comes to the same from two machines', async () => {
    for (const share of [1, 2]) {
      // What the first run has kept of this share need not be carried out again.
      for (const [i, file] of readdirSync(join(out('whole'), 'students'))
        .sort()
        .entries()) {
        if (i % 2 !== share - 1) continue;
        cpSync(join(out('whole'), 'students', file), join(out(`share-${share}`), 'students', file));
      }
      const { process: grader, lines } = start(`share-${share}`, '--shard', `${share}/2`);
      const [code] = await once(grader, 'exit');
      assert.equal(code, 0, lines.join(''));
      const kept = readdirSync(join(out(`share-${share}`), 'students'));
      assert.equal(kept.length, Math.floor((STUDENTS + 2 - share) / 2));
    }
    const merging = npmGrade(['--merge', out('share-1'), out('share-2'), '--out', out('merged')]);
    const [code] = await once(merging.process, 'exit');
    assert.equal(code, 0, merging.lines.join(''));
    assert.deepEqual(results('merged'), results('whole'));
  });

  it('comes to the same, to the byte, when it is judged again and not carried out', async () => {
    const grades = (name: string) =>
      readdirSync(join(out(name), 'students')).map((file) =>
        readFileSync(join(out(name), 'students', file), 'utf8'),
      );
    const before = grades('whole');
    const begun = performance.now();
    const again = npmGrade(['--rejudge', out('whole'), '--why', 'to see']);
    const [code] = await once(again.process, 'exit');
    const took = (performance.now() - begun) / 1000;
    console.log(`      ${took.toFixed(0)} s for ${STUDENTS} students`);
    assert.equal(code, 0, again.lines.join(''));
    // The keys are in them: the next run takes them up.
    assert.deepEqual(grades('whole'), before);
  });

  function start(name: string, ...more: string[]) {
    const saved = ['--seed', '7', '--use-saved', '--size', 'small'];
    return npmGrade([submissions, '--out', out(name), ...saved, ...more]);
  }
});

function npmGrade(args: readonly string[]): { process: ChildProcess; lines: string[] } {
  const child = spawn('npm', ['run', '--silent', 'grade', '--', ...args], {
    cwd: projectRoot,
    detached: true,
  });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => lines.push(text));
  }
  return { process: child, lines };
}

/** Command lines of sandboxes and judges of this project. */
function sandboxes(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, 'utf8')];
      } catch {
        return [];
      }
    })
    .filter((line) => line.includes(projectRoot) && /^[^\0]*bwrap\0|judgeMain\.js/.test(line));
}
