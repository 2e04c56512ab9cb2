// biome-ignore-all lint/suspicious/noTemplateCurlyInString: cells have templates of their own
import type { Notebooks } from './notebook';
export const places: Notebooks = {
  'names of earlier cells in every place': [
    ['let outside7 = 6', ''],
    ['((__cell__: number) => __cell__ + outside7)(1)', '7'],
    [
      "import { writeFileSync as put7 } from 'node:fs'; const at7 = (n: string) => import.meta.dirname + '/' + n",
      '',
    ],
    [
      "put7(at7('dirs.ts'), 'export const d = __dirname.length > 0 && __filename.endsWith(\"dirs.ts\")')",
      '',
    ],
    ["import { d as dirs } from './dirs'; dirs", 'true'],
    ["put7(at7('late.ts'), 'export const val = 1')", ''],
    ["const lateImport7 = async () => (await import('./late')).val; await lateImport7()", '1'],
    ["put7(at7('late.ts'), 'export const val = 20')", ''],
    ['await lateImport7()', '20'],
    [
      'class Counter7 { static #n = 0; static next = () => ++Counter7.#n; static { this.next() } } Counter7.next()',
      '2',
    ],
    [
      'const { log: logged7 } = Math, { [Symbol.iterator]: iter7 } = []; [logged7(1), typeof iter7]',
      "[ 0, 'function' ]",
    ],
    [
      'let chain7: { next?: any; v: number } = { v: 1 }; chain7 = chain7.next = { v: 2 }; chain7',
      '{ v: 2 }',
    ],
    [
      'let arr7 = [1, 2, 3], i7 = 0; arr7[i7++] = arr7[i7] + i7++; [arr7, i7]',
      '[ [ 3, 2, 3 ], 2 ]',
    ],
    ['var fnVar7 = 1; function fnVar7b() { return fnVar7; var fnVar7 = 2 } fnVar7b()', ''],
    ['const getterObj7 = { get outside7() { return outside7 } }; getterObj7.outside7', '6'],
    ['const typed7 = <T,>(x: T) => ({ outside7, x }); typed7(1)', '{ outside7: 6, x: 1 }'],
    ['[outside7, ...[outside7]].map((outside7, i) => outside7 + i)', '[ 6, 7 ]'],
    ['outside7 satisfies number', '6'],
    ['outside7 = <any>7', '7'],
    ['(outside7 as number)++; outside7', '8'],
    ['--outside7!', '7'],
    ['[outside7 = 3] = []; outside7', '3'],
    ['({ a: outside7 = 4, b: { c: outside7 } } = { b: { c: 9 } } as any); outside7', '9'],
    ['for ({ a: outside7 } of [{ a: 1 }, { a: 2 }]); outside7', '2'],
    ['for (outside7 in [5]); outside7', /^CompileError: |^'0'$/],
    [
      'async function* agen7() { const x: number = yield 1; yield x } const ag7 = agen7(); await ag7.next(); (await ag7.next(outside7)).value',
      '2',
    ],
    ['new Map<string, typeof outside7>([["a", outside7]])', "Map(1) { 'a' => 2 }"],
    ['type Out7 = typeof outside7; const o7: Out7 = 5; o7', '5'],
    ['let fnType7: typeof typed7; fnType7 = typed7; fnType7(2).x', '2'],
    [
      'abstract class Shape7 { static create(): Shape7 { return new Circle7() } abstract kind: string } class Circle7 extends Shape7 { kind = "circle" } Shape7.create().kind',
      "'circle'",
    ],
    ['Shape7.create().kind', "'circle'"],
    [
      'interface Fn7 { (x: number): string; extra: number } const fn7: Fn7 = Object.assign((x: number) => `${x}`, { extra: 1 }); fn7(1) + fn7.extra',
      "'11'",
    ],
    ['declare function later7(): number; function usesLater7() { return later7() }', ''],
    ['function later7() { return 77 }', ''],
    ['usesLater7()', '77'],
    [
      'var { outside7: fromObj7, ...others7 } = { outside7: 1, b: 2 }; [fromObj7, others7]',
      '[ 1, { b: 2 } ]',
    ],
    ['`${((x) => `${x}${outside7}`)("in")}`', "'in2'"],
    ['const wm7 = new WeakRef({ a: 1 }); wm7.deref()?.a', '1'],
    ['if (outside7) function declaredInIf() {}', /./],
    ['try { let inner7 = 1; outside7 = inner7 } finally { outside7++ } outside7', '2'],
    ['export const enum CE7 { A = 9 } CE7.A', '9'],
    ['CE7.A', '9'],
    ['import type = RunN', ''],
    [
      'let yield7 = function* () { const got = yield* [1, 2]; return got }; [...yield7()]',
      '[ 1, 2 ]',
    ],
    [
      'const bigObj7 = { ["__proto__"]: 1, "constructor": 2 }; Object.keys(bigObj7)',
      "[ '__proto__', 'constructor' ]",
    ],
    [
      'class Over7 { m(x: string): string; m(x: number): number; m(x: any) { return x } } new Over7().m(3)',
      '3',
    ],
    [
      'const obj7 = { async *gen() { yield 1 }, async a() { return 2 }, *g() { yield 3 }, "quoted"() { return 4 }, 5() { return 6 } }; [await obj7.a(), ...obj7.g(), obj7.quoted(), obj7[5]()]',
      '[ 2, 3, 4, 6 ]',
    ],
    ['using d7 = { [Symbol.dispose]() { outside7 = 100 } }; outside7', '2'],
    ['outside7', '100'],
    [
      'await using e7 = null, f7 = { async [Symbol.asyncDispose]() { outside7 = 200 } }; throw new Error("x")',
      'Error: x',
    ],
    ['outside7', '200'],
    ['using g7 = { [Symbol.dispose]() { throw new Error("disposing") } }; 1', 'Error: disposing'],
    [
      'let m7: Map<string, number[]> = new Map(); (m7.get("a") ?? m7.set("a", []).get("a")!).push(1); m7',
      "Map(1) { 'a' => [ 1 ] }",
    ],
    ['const label7 = "x"; label7: for (const label7 of [1]) { continue label7 } label7', "'x'"],
  ],
};
