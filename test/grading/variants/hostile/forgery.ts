import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Carried } from '../../../../lib/grading/judge/gradeNotebook';
import { projectRoot } from '../../../../lib/root';
import type { Hostile } from '../variant';

const cellError = (pattern: RegExp) => (run: Carried) =>
  assert.match(String(run.errors.more), pattern);

/** They tell the grader what is not so. */
export const forgery: readonly Hostile[] = [
  {
    name: 'lines that end where JSON does not',
    code: 'const text = `a\u2028b\u2029c`;\nthrow new Error(String(text.length));',
    keeps: true,
    says: cellError(/5/),
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
];
