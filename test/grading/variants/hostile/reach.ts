import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Carried } from '../../../../lib/grading/judge/gradeNotebook';
import { projectRoot } from '../../../../lib/root';
import type { Hostile } from '../variant';

const secret = join(projectRoot, 'notebooks', 'instructor', 'part-1.ipynb');

const attempt = (code: string) => `console.log('tried');\n${code}`;

const cellError = (pattern: RegExp) => (run: Carried) =>
  assert.match(String(run.errors.more), pattern);

/** They look for what is not theirs, or write where they must not. */
export const reach: readonly Hostile[] = [
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
    name: 'a socket where others might listen',
    code: "await new Promise((resolve, reject) => require('node:net').connect(53, '127.0.0.1').on('connect', resolve).on('error', reject));",
    keeps: true,
    says: cellError(/ECONNREFUSED|ENETUNREACH/),
  },
];
