import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectRoot } from '../../../lib/root';
import { stillRunning } from '../../processes';
import { temporaryFolder } from '../../temporaryFolder';

const module = (path: string) => JSON.stringify(join(projectRoot, 'lib', 'grading', path));

/** Looks for its parent late, as one whose packages take long to load. */
const JUDGE = `
require(${JSON.stringify(require.resolve('tsx/cjs'))});
const { endGroupWithParent } = require(${module('sandbox/runner/endGroupWithParent.ts')});
setTimeout(() => endGroupWithParent(Number(process.argv[2])), 1000);
setInterval(() => undefined, 1000);`;

const GRADER = (program: string) => `
require(${JSON.stringify(require.resolve('tsx/cjs'))});
const { startApart } = require(${module('class/judgeApart.ts')});
console.log(startApart(${JSON.stringify(program)}, {}).pid);
process.kill(process.pid, 'SIGKILL');`;

describe('judges', () => {
  it('end with a grader that was killed as they were starting', async () => {
    const program = join(temporaryFolder(), 'judge.cjs');
    writeFileSync(program, JUDGE);
    const grader = spawn(process.execPath, ['-e', GRADER(program)], { cwd: projectRoot });
    const judge = Number(await text(grader.stdout));
    const until = performance.now() + 10_000;
    while (stillRunning([judge]).length > 0 && performance.now() < until) await sleep(100);
    const left = stillRunning([judge]);
    for (const { pid } of left) process.kill(pid, 'SIGKILL');
    assert.deepEqual(left, []);
  });
});
