// biome-ignore-all lint/suspicious/noTemplateCurlyInString: cells have templates of their own
import type { Notebooks } from './notebook';

const HERE =
  "import { writeFileSync as put, rmSync as remove } from 'node:fs'; import { join as joined } from 'node:path'; const here = (name: string) => joined(import.meta.dirname, name)";

export const imports: Notebooks = {
  'modules of Node': [
    [
      "import fs, { existsSync } from 'node:fs'; import * as path from 'node:path'; import { join, sep as separator } from 'path'",
      '',
    ],
    [
      "[fs.existsSync === existsSync, path.join('a', 'b'), join('c'), separator]",
      "[ true, 'a/b', 'c', '/' ]",
    ],
    ["import path2, { posix } from 'node:path'; path2.posix === posix", 'true'],
    ["import { default as os } from 'node:os'; typeof os.cpus", "'function'"],
    ["import { join } from 'node:path'; join('again', 'x')", "'again/x'"],
    [
      "import { nope } from 'node:path'",
      `CompileError: Module '"node:path"' has no exported member 'nope'.`,
    ],
    ["import 'node:url'", ''],
    ["import fs2 = require('node:fs'); fs2.existsSync === existsSync", 'true'],
    ["fs2.existsSync('/')", 'true'],
    ["const { basename } = require('node:path'); basename('/a/b')", "'b'"],
    ["import { readFile } from 'node:fs/promises'; typeof readFile", "'function'"],
    [
      "import { EventEmitter, once } from 'node:events'; const em = new EventEmitter(); setTimeout(() => em.emit('x', 5), 1); await once(em, 'x')",
      '[ 5 ]',
    ],
    [
      "class MyEm extends EventEmitter { hi = 1 } new MyEm().on('a', () => {}).listenerCount('a')",
      '1',
    ],
    ["import assert from 'node:assert/strict'; assert.equal(1, 1)", ''],
    ["assert.ok(false, 'not so')", 'AssertionError: not so'],
    [
      "import { setTimeout as sleep } from 'node:timers/promises'; await sleep(1, 'slept')",
      "'slept'",
    ],
    [
      "import { type Stats, statSync } from 'node:fs'; const st: Stats = statSync('/'); st.isDirectory()",
      'true',
    ],
    ['const st2: Stats = st; st2 === st', 'true'],
    [
      "import type { ParsedPath } from 'node:path'; const pp: Pick<ParsedPath, 'base'> = path.parse('/a/b.c'); pp.base",
      "'b.c'",
    ],
    ['const pp2: ParsedPath = path.parse("x"); pp2.name', "'x'"],
    [
      "import type fsType from 'node:fs'; const ex: typeof fsType.existsSync = existsSync; ex('/')",
      'true',
    ],
    [
      'fsType.existsSync',
      "CompileError: 'fsType' cannot be used as a value because it was imported using 'import type'.",
    ],
    [
      "join('later in the cell', 'x'); import { resolve as lateImport } from 'node:path'; lateImport('/a')",
      "'/a'",
    ],
    ["usedBefore('a', 'b'); import { join as usedBefore } from 'node:path'", ''],
    ['function usesImport() { return join("in", "function") } usesImport()', "'in/function'"],
    ["import { dirname as join } from 'node:path'; usesImport", '[Function: usesImport]'],
    ["import { join } from 'node:path'; export { join as exportedJoin }", ''],
  ],
  packages: [
    ["import { marked } from 'marked'; (await marked('*hi*')).trim()", "'<p><em>hi</em></p>'"],
    ["import * as markedAll from 'marked'; markedAll.marked === marked", 'true'],
    ["(await import('marked')).marked === marked", 'true'],
    ["const { Lexer } = await import('marked'); typeof Lexer", "'function'"],
    [
      "import type { Tokens } from 'marked'; const token: Partial<Tokens.Text> = { type: 'text' }; token.type",
      "'text'",
    ],
    ["import seedrandom from 'seedrandom'; seedrandom('a')() === seedrandom('a')()", 'true'],
    ["import * as seedAll from 'seedrandom'; typeof (seedAll as any).default", "'function'"],
    ["(await import('seedrandom')).default === seedrandom", 'true'],
    [
      "import nothing9 from 'no-such-package'",
      /^CompileError: Cannot find module 'no-such-package' or its corresponding type declarations\./,
    ],
    ["await import('no-such-package')", /Cannot find module 'no-such-package'/],
    [
      "import { nope9 } from 'marked'",
      `CompileError: Module '"marked"' has no exported member 'nope9'.`,
    ],
    ["const lexed = new Lexer().lex('# a'); lexed[0].type", "'heading'"],
    ['lexed.length', '1'],
    [
      'const badToken: number = lexed',
      /^CompileError: Type 'TokensList' is not assignable to type 'number'\.$/,
    ],
  ],
  'import.meta and import()': [
    ['typeof import.meta.url', "'string'"],
    ['import.meta.url.startsWith("file://")', 'true'],
    ["const lazily = () => import('node:path'); (await lazily()).sep", "'/'"],
    ["const spec: string = 'node:path'; (await import(spec)).default.sep", "'/'"],
    ["(await import('node:path')).default === path2", 'true'],
    ["await import('./not-there-at-all')", /Cannot find module/],
    ["await import('./' + 'not-there-either').catch((e) => 'caught')", "'caught'"],
  ],
  'files beside the notebook': [
    [HERE, ''],
    [
      "put(here('helper.ts'), 'export const version: number = 1; export function greet(name: string) { return `hi ${name}` } export default class Def { d = 1 } export interface Opts { n: number }')",
      '',
    ],
    [
      "import Def, { version, greet, type Opts } from './helper'; const opts: Opts = { n: version }; [greet('x'), opts, new Def().d]",
      "[ 'hi x', { n: 1 }, 1 ]",
    ],
    [
      "import { version as v2 } from './helper.ts'; import { version as v3 } from './helper.js'; [v2, v3]",
      '[ 1, 1 ]',
    ],
    [
      "import * as helper from './helper'; Object.keys(helper).sort()",
      "[ 'default', 'greet', 'version' ]",
    ],
    [
      'greet(5)',
      "CompileError: Argument of type 'number' is not assignable to parameter of type 'string'.",
    ],
    [
      "put(here('helper.ts'), 'export const version = \"two\"; export function greet(name: string, loud: boolean) { return `HI ${name}` } export const added = 5')",
      '',
    ],
    [
      "import { version, greet, added } from './helper'; [version.length, greet('x', true), added]",
      "[ 3, 'HI x', 5 ]",
    ],
    ["(await import('./helper')).version", "'two'"],
    [
      "put(here('inner.ts'), 'export let n = 1; export const inc = () => ++n'); put(here('outer.ts'), \"import { n, inc } from './inner'; export { n, inc }; export const twice = () => n * 2\")",
      '',
    ],
    [
      "import { n as innerN, inc, twice as twice9 } from './outer'; [innerN, inc(), twice9()]",
      '[ 1, 2, 4 ]',
    ],
    ["put(here('inner.ts'), 'export let n = 100; export const inc = () => ++n')", ''],
    ["import { twice as twice9 } from './outer'; twice9()", '200'],
    ["put(here('broken.ts'), 'export const x: number = \"text\"')", ''],
    [
      "import { x as brokenX } from './broken'",
      "CompileError: Type 'string' is not assignable to type 'number'.",
    ],
    ["put(here('broken.ts'), 'export const x: number = 5')", ''],
    ["import { x as brokenX } from './broken'; brokenX", '5'],
    ["put(here('broken.ts'), 'export const x = {')", ''],
    ["import { x as brokenX2 } from './broken'", "CompileError: '}' expected."],
    ["put(here('throws.ts'), 'export const x = 1; throw new Error(\"at load\")')", ''],
    ["import { x as throwsX } from './throws'", 'Error: at load'],
    ["put(here('plain.js'), 'module.exports = { a: 1, f() { return this.a } }')", ''],
    [
      "import plain from './plain.js'; import { a as plainA } from './plain'; [plain.f(), plainA]",
      '[ 1, 1 ]',
    ],
    ["put(here('esm.mjs'), 'export const m = 1; export default 2')", ''],
    ["import esmDefault, { m as esmM } from './esm.mjs'; [esmDefault, esmM]", '[ 2, 1 ]'],
    ['put(here(\'numbers.json\'), \'{ "list": [1, 2], "name": "json" }\')', ''],
    [
      "import numbers from './numbers.json' with { type: 'json' }; numbers.list.length + numbers.name",
      "'2json'",
    ],
    ["import { name as jsonName } from './numbers.json'; jsonName", "'json'"],
    ["(await import('./numbers.json', { with: { type: 'json' } })).default.name", "'json'"],
    ['put(here(\'numbers.json\'), \'{ "list": [1, 2, 3], "name": "changed" }\')', ''],
    [
      "import numbers from './numbers.json'; [numbers.list.length, numbers.name]",
      "[ 3, 'changed' ]",
    ],
    ["require('./numbers.json').name", "'changed'"],
    [
      "import { later as notYet } from './not-yet'",
      "CompileError: Cannot find module './not-yet' or its corresponding type declarations.",
    ],
    ["put(here('not-yet.ts'), 'export const later = 1')", ''],
    ["import { later as notYet } from './not-yet'; notYet", '1'],
    [
      "put(here('circleA.ts'), \"import { b } from './circleB'; export const a = 1; export const viaB = () => b() + a\"); put(here('circleB.ts'), \"import { a } from './circleA'; export const b = () => a * 10\")",
      '',
    ],
    ["import { viaB } from './circleA'; viaB()", '11'],
    [
      "put(here('side.ts'), '(globalThis as any).sideEffect9 = ((globalThis as any).sideEffect9 ?? 0) + 1')",
      '',
    ],
    ["import './side'; (globalThis as any).sideEffect9", '1'],
    ["import './side'; (globalThis as any).sideEffect9", '1'],
    [
      "put(here('meta.ts'), 'export const url = import.meta.url; export const dir = import.meta.dirname')",
      '',
    ],
    ["import { url as metaUrl } from './meta'; metaUrl.endsWith('/meta.ts')", 'true'],
    [
      "put(here('usesPackage.ts'), \"import { marked } from 'marked'; export const html = (s: string) => marked.parse(s) as string\")",
      '',
    ],
    ["import { html } from './usesPackage'; html('a').trim()", "'<p>a</p>'"],
    [
      "put(here('kinds.ts'), 'export enum Kind { A = 3 } export type Alias = { k: Kind }; export const enum Ce { X = 4 } export abstract class Ab { abstract go(): number }')",
      '',
    ],
    [
      "import { Kind, type Alias, Ab, Ce } from './kinds'; const alias: Alias = { k: Kind.A }; class Go extends Ab { go() { return alias.k + Ce.X } } new Go().go()",
      '7',
    ],
    ['const alias2: Alias = { k: Kind.A }; alias2', '{ k: 3 }'],
    ["remove(here('kinds.ts')); alias2.k", '3'],
    [
      "import { Kind as Gone } from './kinds'",
      "CompileError: Cannot find module './kinds' or its corresponding type declarations.",
    ],
    [
      "put(here('generic.ts'), 'export class Box<T> { constructor(public value: T) {} map<U>(f: (v: T) => U) { return new Box(f(this.value)) } }')",
      '',
    ],
    ["import { Box as Box9 } from './generic'; const boxed = new Box9(2).map((n) => `n${n}`)", ''],
    ['boxed.value.length', '2'],
    [
      'const boxBad: number = boxed',
      "CompileError: Type 'Box<string>' is not assignable to type 'number'.",
    ],
    ["export { Box9 }; export { Box as Box10 } from './generic'", ''],
    ["put(here('half.ts'), 'export const half = 1')", ''],
    ["import { half } from './half'; half", '1'],
    ["put(here('half.ts'), '\\nexport const half =')", ''],
    ['half', 'SyntaxError: half.ts:2:20: Expression expected.'],
  ],
};
