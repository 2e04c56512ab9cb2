import assert from 'node:assert/strict';
import type { Carried } from '../../../../lib/grading/judge/gradeNotebook';
import { full } from '../../submit';
import type { Hostile } from '../variant';

const cellError = (pattern: RegExp) => (run: Carried) =>
  assert.match(String(run.errors.more), pattern);

/**
 * They take what they can, end what they can, or never end. Continuous integration takes every eighth,
 * from the first: a loop that hides and one who stops everything stand there, and are slow.
 */
export const greed: readonly Hostile[] = [
  {
    name: 'an endless loop',
    code: 'for (;;) {}',
    keeps: true,
    says: cellError(/longer than|ended the kernel/),
  },
  {
    name: 'an endless wait',
    code: 'await new Promise(() => {});',
    keeps: true,
    says: cellError(/longer than|Interrupted/),
  },
  { name: 'process.exit', code: 'process.exit(0);', keeps: true },
  {
    name: 'the death of its parents',
    code: "process.kill(process.ppid, 'SIGKILL'); process.kill(1, 'SIGKILL');",
  },
  {
    name: 'a fork bomb',
    code: "const { spawn } = require('node:child_process');\nfor (let i = 0; i < 500; i++) spawn('/bin/sh', ['-c', 'sleep 100']).on('error', () => {});\nawait new Promise((r) => setTimeout(r, 15000));",
    says: ({ stopped }) => assert.match(String(stopped), /more than 40 processes/),
  },
  {
    name: 'a memory bomb',
    code: 'const bomb: Buffer[] = [];\nfor (;;) { bomb.push(Buffer.alloc(50e6, 1)); await new Promise((r) => setTimeout(r, 5)); }',
    keeps: true,
    says: cellError(/more than 1800 MB of memory/),
  },
  {
    name: 'an answer that fills the memory',
    code: `const hoard: Buffer[] = [];
function interpolateBetweenStateDicts(): any {
  for (;;) hoard.push(Buffer.alloc(50e6, 1));
}`,
    says: (run) => {
      assert.deepEqual(full(run), ['task-1-1-check', 'task-1-2-lines-check']);
      const lost = run.verdicts.find(({ id }) => id === 'task-1-2-interpolate-check');
      assert.match(String(lost?.reason), /more than 1800 MB of memory/);
    },
  },
  {
    name: 'a full disk',
    code: "const { writeFileSync } = require('node:fs');\nfor (let i = 0; ; i++) writeFileSync('/tmp/' + i, Buffer.alloc(50e6));",
    keeps: true,
    says: cellError(/ENOSPC|EFBIG/),
  },
  {
    name: 'a loop without end, once memory is cleared up behind the cell',
    code: `const registry = new FinalizationRegistry(() => { for (;;) {} });
for (let i = 0; i < 1000; i++) registry.register({ i }, i);
let held: object[] = [];
const waste = () => { held = Array.from({ length: 1e5 }, (_, i) => ({ i })); };
setTimeout(() => setInterval(waste, 20), 300);`,
    // The clock would end it later, however slow this machine is.
    within: { processorSeconds: 15, taskSeconds: 100, seconds: 600 },
    says: ({ stopped }) => assert.equal(stopped, 'it used more than 15 s of processor time'),
  },
  {
    name: 'a network that would take hours to judge',
    code: `const long = Array.from({ length: 90 }, () => ({ kind: 'tanh' }));
Object.assign(network, {
  inputShape: [1, 28, 28],
  layers: [{ kind: 'reshape', shape: [784] }, { kind: 'dense', inputs: 784, outputs: 50000 }, ...long, { kind: 'dense', inputs: 50000, outputs: 10 }],
});`,
  },
  {
    name: '200 MB of output',
    code: "for (let i = 0; i < 2000; i++) console.log('x'.repeat(1e5));",
    keeps: true,
  },
  {
    name: 'an endless loop of promises',
    code: 'for (;;) await 0;',
    keeps: true,
    says: cellError(/longer than|Interrupted|ended the kernel/),
  },
  {
    name: 'timers without end',
    code: 'setInterval(() => { for (let i = 0; i < 1e6; i++); }, 5);',
    keeps: true,
  },
  {
    name: 'threads that never rest',
    code: "const { Worker } = require('node:worker_threads');\nfor (let i = 0; i < 4; i++) new Worker('for (;;) {}', { eval: true });",
    keeps: true,
  },
  {
    name: 'an error that comes later',
    code: "setTimeout(() => { throw new Error('later'); }, 10);\nawait new Promise((r) => setTimeout(r, 100));",
    keeps: true,
  },
  {
    name: 'a promise that nobody awaits',
    code: "Promise.reject(new Error('nobody'));\nawait new Promise((r) => setTimeout(r, 100));",
    keeps: true,
  },
  {
    name: 'everything stopped, itself as well',
    code: "process.kill(-1, 'SIGSTOP');\nprocess.kill(process.pid, 'SIGSTOP');",
    says: ({ stopped }) => assert.equal(stopped, 'it did nothing for 15 s'),
  },
  {
    name: 'its parents stopped',
    code: "process.kill(process.ppid, 'SIGSTOP');",
  },
  {
    name: 'every disk full',
    code: `const { writeFileSync } = require('node:fs');
let written = 0;
const told = new Set<string>();
for (const folder of ['/dev/shm', '/dev', '/tmp', process.env.HOME, '/', '/usr']) {
  try {
    for (let i = 0; i < 200; i++) { writeFileSync(folder + '/' + i, Buffer.alloc(5e6)); written += 5; }
  } catch (error: any) { told.add(error.code); }
}
throw new Error((written <= 300) + ': ' + [...told].sort());`,
    keeps: true,
    says: cellError(/true: (EACCES,)?ENOSPC,EROFS/),
  },
  {
    name: 'children that outlive it',
    code: "const { spawn } = require('node:child_process');\nspawn('/bin/sh', ['-c', 'setsid sleep 4242 &'], { detached: true, stdio: 'ignore' }).unref();",
    keeps: true,
  },
  {
    name: 'evidence of 100 MB',
    code: "require('node:fs').writeFileSync(process.env.LAB_EVIDENCE + '/task-2-3-check', Buffer.alloc(1e8, 32));",
    keeps: true,
  },
  {
    name: 'an answer that never comes',
    code: 'function evaluateOnLine(): any {\n  return new Promise(() => {});\n}',
    says: (run) => {
      assert.ok(full(run).includes('task-1-2-interpolate-check'));
    },
  },
  {
    name: 'an answer of a hundred million numbers',
    code: 'async function evaluateOnLine(): Promise<any> {\n  return { trainLoss: new Array(1e8).fill(0) };\n}',
  },
  {
    name: 'a network beyond all measure',
    code: `Object.assign(network, { layers: Array.from({ length: 50000 }, () => ({ kind: 'dense', inputs: 1e9, outputs: 1e9 })) });`,
  },
  {
    name: 'hooks at its end',
    code: "process.on('exit', () => { for (;;) {} });\nprocess.on('SIGTERM', () => {});\nprocess.on('SIGINT', () => {});",
    keeps: true,
  },
];
