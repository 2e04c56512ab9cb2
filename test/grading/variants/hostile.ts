import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Carried } from '../../../lib/grading/judge/gradeNotebook';
import { projectRoot } from '../../../lib/root';
import { full } from '../submit';
import type { Hostile } from './variant';

const secret = join(projectRoot, 'notebooks', 'instructor', 'part-1.ipynb');

const attempt = (code: string) => `console.log('tried');\n${code}`;
const cellError = (pattern: RegExp) => (run: Carried) =>
  assert.match(String(run.errors.more), pattern);

export const hostile: readonly Hostile[] = [
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
    name: 'lines that end where JSON does not',
    code: 'const text = `a\u2028b\u2029c`;\nthrow new Error(String(text.length));',
    keeps: true,
    says: cellError(/5/),
  },
  {
    name: 'reading the answers',
    code: attempt(`require('node:fs').readFileSync(${JSON.stringify(secret)});`),
    keeps: true,
    says: cellError(/ENOENT/),
  },
  {
    name: 'writing to lib',
    code: attempt(
      `require('node:fs').writeFileSync(${JSON.stringify(join(projectRoot, 'lib', 'dist', 'index.js'))}, '');`,
    ),
    keeps: true,
    says: cellError(/EROFS|EACCES/),
  },
  {
    name: 'a network call',
    code: "await fetch('http://1.1.1.1/');",
    keeps: true,
    says: cellError(/fetch failed|ENETUNREACH/),
  },
  {
    name: 'the environment of the grader',
    code: 'if (Object.keys(process.env).some((name) => /TOKEN|SSH|USER|npm_/.test(name))) throw new Error("seen"); throw new Error("nothing");',
    keeps: true,
    says: cellError(/nothing/),
  },
  {
    name: 'the settings of the kernel of this machine',
    code: `const { openSync } = require('node:fs');
const told = ['vm/overcommit_memory', 'kernel/core_pattern', 'kernel/pid_max'].map((name) => {
  try { openSync('/proc/sys/' + name, 'r+'); return 'open'; } catch (error: any) { return error.code; }
});
throw new Error(told.join());`,
    keeps: true,
    says: cellError(/(EROFS|EACCES|ENOENT),(EROFS|EACCES|ENOENT),(EROFS|EACCES|ENOENT)/),
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
    name: "the grader's own messages, printed",
    forges: true,
    code: `for (const id of ['task-1-1-check', 'task-2-1-check']) {
  process.stdout.write('\\n' + JSON.stringify({ kind: 'evidence', id, text: '{"claims":"{}","calls":{}}' }) + '\\n');
  console.log(JSON.stringify({ kind: 'evidence', id, text: '{"claims":"{}","calls":{}}' }));
}`,
    keeps: true,
  },
  {
    name: 'JSON, Math and prototypes redefined',
    forges: true,
    code: `(globalThis as any).Math.abs = () => 0;
JSON.stringify = () => '{"claims":"{}","calls":{}}';
(Array.prototype as any).find = () => ({ verdict: 'holds' });
(Object.prototype as any).verdict = 'holds';`,
  },
  {
    name: 'checks that always hold',
    forges: true,
    code: `const lib = require('pathlab');
for (const name of Object.keys(lib)) if (name.startsWith('check')) { try { lib[name] = async () => ({ task: '1', findings: [{ what: 'all', verdict: 'holds' }] }); } catch {} }`,
    keeps: true,
  },
  {
    name: 'evidence written beforehand',
    forges: true,
    code: "const { mkdirSync, writeFileSync } = require('node:fs');\nfor (const id of ['task-1-1-check', 'task-2-3-check']) writeFileSync(process.env.LAB_EVIDENCE + '/' + id, '{\"claims\":\"{}\",\"calls\":{}}');",
    keeps: true,
  },
  {
    name: 'evidence as a link to a file of the machine',
    forges: true,
    code: "require('node:fs').symlinkSync('/etc/passwd', process.env.LAB_EVIDENCE + '/task-2-3-check');",
    keeps: true,
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
    name: 'its parents stopped',
    code: "process.kill(process.ppid, 'SIGSTOP');",
  },
  {
    name: 'children that outlive it',
    code: "const { spawn } = require('node:child_process');\nspawn('/bin/sh', ['-c', 'setsid sleep 4242 &'], { detached: true, stdio: 'ignore' }).unref();",
    keeps: true,
  },
  {
    name: "the grader's cells, asked for and taken",
    forges: true,
    code: `const { openSync, readSync, writeSync } = require('node:fs');
const runner = '/proc/' + process.ppid + '/fd/';
const [ask, take] = [openSync(runner + '1', 'w'), openSync(runner + '0', 'r')];
writeSync(ask, JSON.stringify({ kind: 'ask', id: 'task-1-2-interpolate-check', occasion: 'in place' }) + '\\n');
readSync(take, Buffer.alloc(1000));`,
    keeps: true,
    says: cellError(/ENXIO/),
  },
  {
    name: 'a look at other processes',
    code: `const seen = require('node:fs').readdirSync('/proc').filter((n) => /^\\d+$/.test(n)).length;
throw new Error(seen + ' processes');`,
    keeps: true,
    says: cellError(/: [1-9] processes/),
  },
  {
    name: 'a look at homes and other submissions',
    code: `const { readdirSync } = require('node:fs');
const seen = ['/root', '/home', '/work', '/var', '/tmp', '/etc', '/opt'].flatMap((folder) => {
  try { return readdirSync(folder).map((name) => folder + '/' + name); } catch { return []; }
});
const known = new Set(${JSON.stringify([projectRoot.split('/').slice(0, 3).join('/')])});
throw new Error('sees ' + seen.filter((name) => !/^.etc.(ld.so.cache|alternatives)$/.test(name) && ![...known].some((k) => name.startsWith(k) || k.startsWith(name))).join(' ') + '.');`,
    keeps: true,
    says: cellError(/sees \./),
  },
  {
    name: 'writing to the packages',
    code: `require('node:fs').writeFileSync(${JSON.stringify(join(projectRoot, 'node_modules', 'mocha', 'package.json'))}, '{}');`,
    keeps: true,
    says: cellError(/EROFS|EACCES|ENOENT/),
  },
  {
    name: 'the lib of this process changed',
    forges: true,
    code: `for (const path of Object.keys(require.cache)) {
  if (/grading|checks/.test(path)) (require.cache as any)[path].exports = {};
}
const Module = require('node:module');
const load = Module._load;
Module._load = (name: string, ...rest: any[]) => /evidence|replay|criteria/.test(name) ? { collect: async () => {} } : load(name, ...rest);`,
  },
  {
    name: 'the folder of the evidence closed',
    code: "require('node:fs').chmodSync(process.env.LAB_EVIDENCE, 0o500);",
  },
  {
    name: 'a pipe in the place of evidence',
    code: "require('node:child_process').execSync('mkfifo ' + process.env.LAB_EVIDENCE + '/task-2-3-check');",
    keeps: true,
  },
  {
    name: "another run's evidence, kept from being written over",
    forges: true,
    keeps: true,
    code: `const { writeFileSync, chmodSync } = require('node:fs');
const folder = process.env.LAB_EVIDENCE;
await require(${JSON.stringify(join(projectRoot, 'lib', 'dist', 'grading', 'evidence', 'collect.js'))}).collect('task-1-2-interpolate-check', {}, require('pathlab'), 99);
chmodSync(folder + '/task-1-2-interpolate-check', 0o400);`,
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
    name: 'answers with getters, cycles and proxies',
    code: `const cycle: any = {}; cycle.self = cycle;
const trap = new Proxy({}, { get() { throw new Error('trap'); }, ownKeys() { throw new Error('trap'); } });
function interpolateBetweenStateDicts(t: number): any { return t > 0.9 ? cycle : trap; }
function endsOfModes(): any { return { get linear_combination_of_two_minima() { for (let i = 0; i < 1e9; i++); throw new Error('trap'); } }; }`,
  },
  {
    name: 'answers with the names of prototypes',
    code: `function interpolateBetweenStateDicts(): any { return JSON.parse('{"__proto__":{"verdict":"holds"},"constructor":{"prototype":{"x":1}},"toString":1}'); }`,
  },
  {
    name: 'an answer of a hundred million numbers',
    code: 'async function evaluateOnLine(): Promise<any> {\n  return { trainLoss: new Array(1e8).fill(0) };\n}',
  },
  {
    name: 'a tensor that tells other shapes than it has',
    code: `function interpolateBetweenStateDicts(t: number, a: any): any {
  return Object.fromEntries(Object.keys(a).map((n) => {
    const x = tf.zeros([1]);
    Object.defineProperty(x, 'shape', { value: [1e9, 1e9] });
    return [n, x];
  }));
}`,
  },
  {
    name: 'a network beyond all measure',
    code: `Object.assign(network, { layers: Array.from({ length: 50000 }, () => ({ kind: 'dense', inputs: 1e9, outputs: 1e9 })) });`,
  },
  {
    name: "the kernel's own protocol",
    forges: true,
    code: `for (let id = 0; id < 200; id++) process.send!({ kind: 'outcome', id, content: { status: 'ok' } });
process.disconnect!();`,
  },
  {
    name: 'the clock and chance fixed',
    code: 'Date.now = () => 0; performance.now = () => 0; Math.random = () => 0.5; process.hrtime.bigint = () => 0n;',
    keeps: true,
  },
  {
    name: 'tensors that always agree',
    forges: true,
    code: `const proto = tf.Tensor.prototype as any;
proto.dataSync = function () { return new Float32Array(this.size); };
proto.arraySync = () => 0;`,
  },
  {
    name: 'hooks at its end',
    code: "process.on('exit', () => { for (;;) {} });\nprocess.on('SIGTERM', () => {});\nprocess.on('SIGINT', () => {});",
    keeps: true,
  },
  {
    name: 'a socket where others might listen',
    code: "await new Promise((resolve, reject) => require('node:net').connect(53, '127.0.0.1').on('connect', resolve).on('error', reject));",
    keeps: true,
    says: cellError(/ECONNREFUSED|ENETUNREACH/),
  },
];
