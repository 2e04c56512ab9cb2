import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { notebookText } from '../../lib/ipynb';
import { gradescopeForm } from './gradescopeForm';
import { oneTask } from './oneTask';

/**
 * For `.ci/gradescope`, which carries out the autograder between them:
 *
 *     tsx test/deploy/gradescope.ts submit FOLDER      # what a student hands in, who attacks
 *     tsx test/deploy/gradescope.ts judge ROOT UID     # what came of it
 */

/** Tries what would give points or show answers, and tells how much of it went well. */
const ATTEMPT = `import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
const written = ['results/results.json', 'results/mine', 'run_autograder', 'submission/part-1.ipynb',
  'source/lib/dist/index.js', 'source/package.json'];
const read = ['source/notebooks/instructor/part-1.ipynb', 'submission/part-1.ipynb'];
const others = readdirSync('/proc').filter((name) => /^\\d+$/.test(name)).filter((pid) => {
  try {
    return !readFileSync('/proc/' + pid + '/status', 'utf8').includes('Uid:\\t' + process.getuid!());
  } catch {
    return false;
  }
});
const tries: Record<string, () => void> = {
  ...Object.fromEntries(written.map((name) => ['write ' + name, () => writeFileSync('/autograder/' + name, '{"score": 100}')])),
  ...Object.fromEntries(read.map((name) => ['read ' + name, () => void readFileSync('/autograder/' + name)])),
  'see the results': () => void readdirSync('/autograder/results'),
  ...Object.fromEntries(readdirSync('/tmp').filter((name) => name.startsWith('tmp.')).map((name) => ['see ' + name, () => void readdirSync('/tmp/' + name)])),
  ...Object.fromEntries(others.flatMap((pid) => [
    ['kill ' + pid, () => void process.kill(Number(pid), 'SIGKILL')],
    ['environment of ' + pid, () => void readFileSync('/proc/' + pid + '/environ')],
    ['memory of ' + pid, () => void readFileSync('/proc/' + pid + '/maps')],
  ])),
};
const succeeded = Object.entries(tries).flatMap(([name, act]) => {
  try {
    act();
    return [name];
  } catch {
    return [];
  }
});
if (Object.keys(process.env).some((name) => /TOKEN|SSH|USER|npm_|CERT/.test(name))) succeeded.push('environment');
// Who lives on, and waits for the results.
const waiting = 'while :; do echo "{}" >/autograder/results/results.json; sleep 0.1; done';
spawn('setsid', ['sh', '-c', waiting], { detached: true, stdio: 'ignore' }).unref();
throw new Error('as user ' + process.getuid!() + ', among ' + others.length + ' of others: ' + (succeeded.join(', ') || 'nothing') + ' went well');`;

const KILLING = "process.kill(process.ppid, 'SIGKILL');";

function submit(folder: string): void {
  writeFileSync(join(folder, 'part-1.ipynb'), notebookText(oneTask(ATTEMPT, KILLING)));
}

function judge(root: string, uid: string): void {
  const work = readdirSync(join(root, 'tmp')).filter((name) => name.startsWith('tmp.'));
  const pages = work.map((name) => join(root, 'tmp', name, 'grades', 'student.html'));
  const [page] = pages.map((path) => readFileSync(path, 'utf8'));
  // The student's page quotes the error of the cell.
  const [, said] = /Error: (as user [^<]* went well)/.exec(page!) ?? [];
  assert.match(
    String(said),
    new RegExp(`^as user ${uid}, among [1-9]\\d* of others: nothing went`),
  );
  const path = join(root, 'autograder', 'results', 'results.json');
  const { tests = [] } = v.parse(gradescopeForm, JSON.parse(readFileSync(path, 'utf8')));
  const earned = tests.filter(({ score }) => score !== 0).map(({ name, score }) => [name, score]);
  assert.deepEqual(
    earned.map(([name, score]) => [String(name).replace(/^1\.2 .*: /, ''), score]),
    [['interpolate', 0.5]],
  );
  console.log('0.5 for the one task that is right, and nothing else');
}

const [verb, folder, uid] = process.argv.slice(2) as [string, string, string];
if (verb === 'submit') submit(folder);
else judge(folder, uid);
