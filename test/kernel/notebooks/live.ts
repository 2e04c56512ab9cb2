import type { Notebooks } from './notebook';

/** Imports as ECMAScript has them: a name is what the module has now, and a module may await. */
export const live: Notebooks = {
  'an import follows its module': [
    [
      "import { writeFileSync as put21 } from 'node:fs'; const at21 = (name: string) => import.meta.dirname + '/' + name",
      '',
    ],
    [
      "put21(at21('counter21.ts'), 'export let n = 0; export const inc = () => ++n; export { n as default }')",
      '',
    ],
    ["import same21, { n as n21, inc as inc21 } from './counter21.ts'; inc21(); n21", '1'],
    ['inc21(); [n21, same21]', '[ 2, 2 ]'],
    ['const see21 = () => n21; inc21(); see21()', '3'],
    ["import { n as other21 } from './counter21'; inc21(); [other21, n21]", '[ 4, 4 ]'],
    ['n21 = 5', /^CompileError: Cannot assign to 'n21' because it is an import\./],
    ["let n21 = 'mine'; n21", "'mine'"],
    ['[see21(), other21]', "[ 'mine', 4 ]"],
    [
      "put21(at21('through21.ts'), \"export * from './counter21'; export { n as m } from './counter21'\")",
      '',
    ],
    ["import { m as m21, inc as incM21 } from './through21'; incM21(); m21", '5'],
  ],
  'a file that changes after it was imported': [
    ["put21(at21('changed21.ts'), 'export const val = 1')", ''],
    [
      "import { val as val21 } from './changed21'; const read21 = () => val21; val21.toFixed(1)",
      "'1.0'",
    ],
    ["put21(at21('changed21.ts'), 'export const val = \"text\"'); val21", '1'],
    ['val21.toFixed(1)', /^CompileError: Property 'toFixed' does not exist on type '"text"'\./],
    ['val21.length', '4'],
    ['read21()', "'text'"],
    ["put21(at21('changed21.ts'), 'throw new Error(\"at load\"); export const val = 2')", ''],
    ['val21', 'Error: at load'],
    [
      "import { rmSync as remove21 } from 'node:fs'; put21(at21('changed21.ts'), 'export const val = 3')",
      '',
    ],
    ['val21', '3'],
    ["remove21(at21('changed21.ts')); read21()", '3'],
    ['read21()', '3'],
  ],
  'a file that awaits at its top level': [
    ["put21(at21('awaits21.ts'), 'export const waited = await Promise.resolve(4)')", ''],
    ["import { waited as waited21 } from './awaits21'; waited21", '4'],
    [
      'put21(at21(\'uses21.ts\'), \'import { waited } from "./awaits21"; export const twice = waited * 2; export const later = async () => (await import("./awaits21")).waited\')',
      '',
    ],
    [
      "import { twice as twice21, later as later21 } from './uses21'; [twice21, await later21()]",
      '[ 8, 4 ]',
    ],
    ["(await import('./uses21')).twice", '8'],
    [
      "put21(at21('rejects21.ts'), 'export const x = 1; await Promise.reject(new Error(\"as it loads\"))')",
      '',
    ],
    ["import { x as x21 } from './rejects21'", 'Error: as it loads'],
    ['x21', /^CompileError: Cannot find name 'x21'\./],
    [
      "require('./rejects21')",
      'Error: rejects21.ts awaits at its top level, which require cannot wait for: import it',
    ],
    [
      "put21(at21('loops21.ts'), 'export let sum = 0; for await (const n of [1, Promise.resolve(2)]) sum += n')",
      '',
    ],
    ["import { sum as sum21 } from './loops21'; sum21", '3'],
    [
      "put21(at21('ringA21.ts'), 'import { b } from \"./ringB21\"; export const a = await Promise.resolve(1); export const viaB = () => b() + a'); put21(at21('ringB21.ts'), 'import { a } from \"./ringA21\"; export const b = () => a * 10')",
      '',
    ],
    ["import { viaB as viaB21 } from './ringA21'; viaB21()", '11'],
    ["put21(at21('esm21.mjs'), 'export const fromMjs = await Promise.resolve(6)')", ''],
    ["import { fromMjs as mjs21 } from './esm21.mjs'; mjs21", '6'],
  ],
  'files with the marks of other editors': [
    [
      "put21(at21('mark21.ts'), '\\uFEFFexport const mark = 1\\r\\n'); put21(at21('mark21.json'), '\\uFEFF{\"a\": 1}')",
      '',
    ],
    [
      "import { mark as mark21 } from './mark21'; import json21 from './mark21.json' with { type: 'json' }; [mark21, json21.a]",
      '[ 1, 1 ]',
    ],
    ["put21(at21('bang21.ts'), '#!/usr/bin/env node\\nexport const bang = 2')", ''],
    ["import { bang as bang21 } from './bang21'; bang21", '2'],
  ],
  'an export that a file no longer has': [
    [
      "import { writeFileSync as put22 } from 'node:fs'; const at22 = (name: string) => import.meta.dirname + '/' + name",
      '',
    ],
    ["put22(at22('gone22.ts'), 'export const a = 1; export const b = 2; export default 3')", ''],
    ["import third22, { a as a22, b as b22 } from './gone22'; [a22, b22, third22]", '[ 1, 2, 3 ]'],
    ['const later22 = () => b22; later22()', '2'],
    ["put22(at22('gone22.ts'), 'export const a = 5;')", ''],
    ["import { a as again22 } from './gone22'; again22", '5'],
    [
      'later22()',
      /^ReferenceError: '\.\/gone22' no longer exports 'b': import what it has now, or put 'b' back$/,
    ],
    ["put22(at22('gone22.ts'), 'export const a = 6, b = 7; export default 8')", ''],
    ["import { a as last22 } from './gone22'; [last22, later22()]", '[ 6, 7 ]'],
  ],
};
