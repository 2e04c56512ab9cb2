// biome-ignore-all lint/suspicious/noTemplateCurlyInString: cells have templates of their own
import type { Notebooks } from './notebook';

export const functions: Notebooks = {
  'names of functions and classes': [
    [
      'function fname1() {} const fname2 = () => 1; let fname3 = function () {}; const fname4 = async () => 1; var fname5 = function* () {}; const fname6 = class {}; [fname1, fname2, fname3, fname4, fname5, fname6].map((f) => f.name).join()',
      "'fname1,fname2,fname3,fname4,fname5,fname6'",
    ],
    ['[fname1.name, fname2.name]', "[ 'fname1', 'fname2' ]"],
    ['let fname7: () => void; fname7 = () => {}; fname7.name', "'fname7'"],
    ['let fname8: any; fname8 ??= function () {}; fname8.name', "'fname8'"],
    ['const fname9 = (() => 1); fname9.name', "'fname9'"],
    ['const fname10 = (() => 1) as () => number; fname10.name', "'fname10'"],
    ['const { fname11 = () => 1 } = {} as any; fname11.name', "'fname11'"],
    ['const [fname12 = class {}] = [] as any; fname12.name', "'fname12'"],
    [
      'const fname13 = { a: () => 1, b() {}, get c() { return 1 }, ["d" + 1]: () => 2 }; [fname13.a.name, fname13.b.name, (fname13 as any).d1.name].join()',
      "'a,b,d1'",
    ],
    [
      'class Fname14 { static s = () => 1; m = () => 1; get g() { return 1 } } [Fname14.name, Fname14.s.name, new Fname14().m.name].join()',
      "'Fname14,s,m'",
    ],
    ['const fname15 = function own() {}; fname15.name', "'own'"],
    ['fname1.length + ((a, b = 1, ...c) => 1).length', '1'],
    ['const fname16 = fname2; fname16.name', "'fname2'"],
    ['const fname17 = fname2.bind(null); fname17.name', "'bound fname2'"],
    ['const fname18 = Symbol("d"), obj18 = { [fname18]: () => 1 }; obj18[fname18].name', "'[d]'"],
    ['export const fname19 = () => 1; fname19.name', "'fname19'"],
    ['fname7 = () => {}; fname7.name', "'fname7'"],
    ['const fname20 = true ? () => 1 : null; fname20.name', "''"],
    ['var fname21 = class { static n = this.name }; fname21.n', "'fname21'"],
  ],
  'the text of functions': [
    [
      'const text = (f: unknown) => String(f).replace(/\\s+/g, " ").replace(/; }/g, " }").trim()',
      '',
    ],
    [
      'let used9 = 3; function plus9(a: number, b = used9): number { return a + b + used9 } text(plus9)',
      "'function plus9(a, b = used9) { return a + b + used9 }'",
    ],
    ['text((a: number) => a * used9)', "'(a) => a * used9'"],
    [
      'const arrow9 = async (x: Promise<number>) => { return (await x) + used9 }; text(arrow9)',
      "'async (x) => { return (await x) + used9 }'",
    ],
    [
      'text(function () { for (let i = 0; i < 3; i++) { used9++ } })',
      "'function () { for (let i = 0; i < 3; i++) { used9++ } }'",
    ],
    ['text(() => { plus9(1) })', "'() => { plus9(1) }'"],
    ['text({ m(a: string) { return a } }.m)', "'m(a) { return a }'"],
    [
      'class Text9 { x = used9; m() { return plus9(this.x) } } text(Text9)',
      "'class Text9 { x = used9; m() { return plus9(this.x) } }'",
    ],
    [
      'text(async function* () { for await (const x of [1]) { yield x } })',
      "'async function* () { for await (const x of [1]) { yield x } }'",
    ],
    [
      '/__/.test(String((xs: number[]) => { for (const x of xs) used9 += x; while (false) used9++; do used9--; while (false) }))',
      'false',
    ],
    ['/__/.test(String(() => ({ used9, plus9: plus9(1), t: text`x` })))', 'false'],
    ['new Function("return " + String((a: number, b: number) => a + b))()(1, 2)', '3'],
    ['plus9.toString() === Function.prototype.toString.call(plus9)', 'true'],
    ['text(Math.max)', "'function max() { [native code] }'"],
    ['`${plus9}`.includes("used9") && (plus9 + "").includes("a + b")', 'true'],
  ],
  'kinds of functions': [
    [
      'function ov9(x: string): string; function ov9(x: number): number; function ov9(x: any) { return x }',
      '',
    ],
    ['[ov9("a"), ov9(1)]', "[ 'a', 1 ]"],
    ['ov9(true)', /^CompileError: No overload matches this call\./],
    [
      'function opt9(a: number, b?: number, ...rest: string[]) { return [a, b, rest.length] } [opt9(1), opt9(1, 2, "x")]',
      '[ [ 1, undefined, 0 ], [ 1, 2, 1 ] ]',
    ],
    ['function args9() { return arguments.length } (args9 as any)(1, 2, 3)', '3'],
    ['const early9 = (x: number = (() => { throw new Error("needed") })()) => x; early9(1)', '1'],
    ['early9()', 'Error: needed'],
    [
      'function* count9(n: number): Generator<number, string, string> { let got = ""; for (let i = 0; i < n; i++) got += yield i; return got }',
      '',
    ],
    ['const g9 = count9(2); g9.next(); g9.next("a"); g9.next("b")', "{ value: 'ab', done: true }"],
    ['[...count9(3)]', '[ 0, 1, 2 ]'],
    ['const [y1, y2] = count9(9); y1 + y2', '1'],
    [
      'function* both9() { const r = yield* count9(1); yield r ?? "none" } [...both9()]',
      "[ 0, 'undefined' ]",
    ],
    [
      'let tidy9 = ""; function* tries9() { try { yield 1 } finally { tidy9 = "cleaned" } } for (const x of tries9()) break; tidy9',
      "'cleaned'",
    ],
    ['count9', '[GeneratorFunction: count9]'],
    [
      'const compose9 = (...fs: ((x: number) => number)[]) => (x: number) => fs.reduce((y, f) => f(y), x); compose9((x) => x + 1, (x) => x * 2)(3)',
      '8',
    ],
    [
      'const tag9 = (parts: TemplateStringsArray, ...values: unknown[]) => parts.raw.join("|") + values.join(); tag9`a${1}\\n${2}c`',
      "'a|\\\\n|c1,2'",
    ],
    ['tag9`x${used9 && "y"}`', "'x|y'"],
    [
      'const tags9 = new Set(); const same9 = (parts: TemplateStringsArray) => tags9.add(parts); for (let i = 0; i < 3; i++) same9`x`; tags9.size',
      '1',
    ],
    ['const objTag = { p: 5, t(parts: TemplateStringsArray) { return this.p } }; objTag.t`x`', '5'],
    ['new (function (this: any) { this.made = 1 } as any)()', '{ made: 1 }'],
    [
      'const getset = { _v: 1, get v() { return this._v }, set v(x) { this._v = x * 2 } }; getset.v = 5; getset.v',
      '10',
    ],
    ['const maybeFn: (() => number) | undefined = undefined; maybeFn?.()', ''],
    [
      'const objOpt = { a: { f() { return this === objOpt.a } } } as any; [objOpt?.a?.f?.(), objOpt.b?.f(), objOpt.b?.[0].c.d]',
      '[ true, undefined, undefined ]',
    ],
    [
      'const once9 = (f: () => number) => { let v: number; return () => v ??= f() }; let times9 = 0; const o9 = once9(() => ++times9); o9(); o9(); times9',
      '1',
    ],
    [
      'const call9 = Function.prototype.call.bind(Array.prototype.slice) as any; call9([1, 2, 3], 1)',
      '[ 2, 3 ]',
    ],
    ['[3, 1, 2].toSorted((a, b) => b - a)', '[ 3, 2, 1 ]'],
    ['await (async function named9() { return named9.name })()', "'named9'"],
    [
      'function defaults9({ a = 1, b: { c = 2 } = {} as { c?: number } } = {} as { a?: number, b?: { c?: number } }) { return a + c } [defaults9(), defaults9({ a: 5 }), defaults9({ b: { c: 9 } })]',
      '[ 3, 7, 10 ]',
    ],
    [
      'function shadowArgs(used9: number) { used9++; return used9 } [shadowArgs(1), used9]',
      '[ 2, 3 ]',
    ],
    ["(() => { 'use strict'; return this })()", ''],
    ["function directive9() { 'use strict'; return 4 } directive9()", '4'],
    ['eval("1 + 1")', '2'],
    ['(0, eval)("typeof globalThis")', "'object'"],
    ['new Function("a", "return a * 2")(4)', '8'],
  ],
};
