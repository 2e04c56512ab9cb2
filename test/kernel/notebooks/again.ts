import type { Notebooks } from './notebook';

const kinds =
  'interface RunI { x: number } type RunT = RunI[]; enum RunE { A = 1 } namespace RunN { export const n = 2 } class RunC { #p = 3; get p() { return this.#p } } function runF(a: RunI) { return a.x } const runV: RunT = [{ x: 4 }]; import { join as runJoin } from "node:path"; import RunA = RunN; using runU = null; export const runX = 5; [runF(runV[0]), new RunC().p, RunE.A, RunN.n, RunA.n, runJoin("a", "b"), runX].join()';

export const again: Notebooks = {
  'a cell that is run again': [
    [kinds, "'4,3,1,2,2,a/b,5'"],
    [kinds, "'4,3,1,2,2,a/b,5'"],
    [kinds, "'4,3,1,2,2,a/b,5'"],
    ['[runF({ x: 7 }), RunE.A, RunA.n]', '[ 7, 1, 2 ]'],
    ['let ran = 0', ''],
    ['ran += 1; const ranSquared = ran ** 2; ranSquared', '1'],
    ['ran += 1; const ranSquared = ran ** 2; ranSquared', '4'],
    ['declare global { var ranGlobal: number } globalThis.ranGlobal = 1; ranGlobal', '1'],
    ['declare global { var ranGlobal: number } globalThis.ranGlobal = 2; ranGlobal', '2'],
    ['const ranAgain = ranSquared.toFixed(1)', ''],
    [
      'const ranAgain: number = "x"',
      "CompileError: Type 'string' is not assignable to type 'number'.",
    ],
    ['ranAgain', "'4.0'"],
  ],
  'a function sees enums and namespaces that are declared anew': [
    [
      'enum Mode9 { A, B } function mode9() { return Mode9.B } const modeOf = () => Mode9[7]; mode9()',
      '1',
    ],
    ['enum Mode9 { A = 5, B = 7 }', ''],
    ['[mode9(), modeOf()]', "[ 7, 'B' ]"],
    [
      'namespace Conf9 { export const lr = 1; export const own = () => Conf9.lr } function lr9() { return Conf9.lr } lr9()',
      '1',
    ],
    ['namespace Conf9 { export const lr = 2 }', ''],
    ['lr9()', '2'],
    ['enum Self9 { A = 1, B = Self9.A + 1, C = A | 4 } [Self9.B, Self9.C]', '[ 2, 5 ]'],
    [
      'namespace Self10 { export let a = 1; export const b = Self10.a + 1; export function up() { Self10.a++; return a } } [Self10.b, Self10.up()]',
      '[ 2, 2 ]',
    ],
    ['callEnum9(); function callEnum9() { return Late9?.A } enum Late9 { A = 3 } callEnum9()', '3'],
    [
      'mergedEarly9(); function mergedEarly9() { return 1 } namespace mergedEarly9 { export const k = 4 } mergedEarly9() + mergedEarly9.k',
      '5',
    ],
  ],
  'a call as a statement of its own': [
    [
      'const stated = (a: number, b: number) => a + b; let stated2 = { f: (s: string) => s }; function stated3(a: string) { return a }',
      '',
    ],
    ['stated(1)', 'CompileError: Expected 2 arguments, but got 1.'],
    [
      'stated2.f(1)',
      "CompileError: Argument of type 'number' is not assignable to parameter of type 'string'.",
    ],
    [
      'stated3(1)',
      "CompileError: Argument of type 'number' is not assignable to parameter of type 'string'.",
    ],
    [
      'stated(1, 2); stated2.f("a"); const afterCall: string = stated',
      "CompileError: Type '(a: number, b: number) => number' is not assignable to type 'string'.",
    ],
    [
      'const assertText: (x: unknown) => asserts x is string = (x) => { if (typeof x !== "string") throw new TypeError("no text") }',
      '',
    ],
    ['const asText: unknown = "abc"; assertText(asText); asText.length', '3'],
    ['const failing9 = (): never => { throw new Error("never returns") }', ''],
    ['failing9(); stated(1, 2)', 'Error: never returns'],
    [
      'await stated2.f(2)',
      "CompileError: Argument of type 'number' is not assignable to parameter of type 'string'.",
    ],
  ],
  'callees and constructors': [
    [
      'class Base8 { who() { return "base" } } const getBase = () => Base8; const getBaseLater = async () => Base8',
      '',
    ],
    ['new (getBase())().who()', "'base'"],
    ['new Base8().who() + new Base8().who()', "'basebase'"],
    ['class From8 extends getBase() { x = 1 } new From8().who()', "'base'"],
    [
      'class From9 extends (await getBaseLater()) { y = 2 } new From9().who() + new From9().y',
      "'base2'",
    ],
    ['new Base8', 'Base8 {}'],
    [
      'const bound8 = { n: 4, get() { return this?.n } }; [(0, bound8.get)(), bound8.get()]',
      '[ undefined, 4 ]',
    ],
    ['Base8.prototype.who.call({})', "'base'"],
    ['Reflect.construct(Base8, []) instanceof Base8', 'true'],
    ['"who" in Base8.prototype', 'true'],
    ['getBase?.().prototype.who()', "'base'"],
    ['getBase!().name', "'Base8'"],
    ['[getBase].map((f) => f().name)', "[ 'Base8' ]"],
    ['({ getBase }).getBase() === Base8', 'true'],
    ['const { getBase: renamed8 } = { getBase }; renamed8() === Base8', 'true'],
    ['export import Y8 = RunN; Y8.n', '2'],
  ],
  'directives for the compiler': [
    ['// @ts-nocheck\nconst unchecked9: number = "x"; unchecked9', "'x'"],
    ['/// <reference types="node" />\n1', '1'],
    ['/** @type {string} */\nlet jsDoc = 1; jsDoc', '1'],
    ['// eslint-disable-next-line\nvar noLint = 2; noLint', '2'],
    ['//# sourceMappingURL=nothing.js.map\n3', '3'],
    ['"//# sourceMappingURL=x"', "'//# sourceMappingURL=x'"],
    ['`\nexport {};\n`.trim()', "'export {};'"],
  ],
  'types that cannot be declared elsewhere': [
    [
      "import { sep as sep8 } from 'node:path'; const hidden8 = (() => { class Hidden { private x = 1; y = sep8 } return new Hidden() })(); const beside8 = 'text'; let letBeside8 = 1",
      '',
    ],
    ['hidden8.y + beside8.toUpperCase()', "'/TEXT'"],
    [
      'letBeside8 = 2; beside8.nope',
      "CompileError: Property 'nope' does not exist on type '\"text\"'.",
    ],
    [
      'hidden8.x',
      "CompileError: Property 'x' is private and only accessible within class 'Hidden'.",
    ],
    [
      'const sub8 = class extends (hidden8.constructor as new () => { y: string }) { z = 3 }; new sub8().z',
      '3',
    ],
    ['function local8() { enum L { A = 2 } return L.A } const local8v = local8(); local8v', '2'],
    [
      'const returnsLocal8 = () => { class Loc { protected p = 1 } return { Loc, at: letBeside8 } }; returnsLocal8().at',
      '1',
    ],
    ['returnsLocal8().at.toFixed(1) + beside8.length', "'1.04'"],
  ],
};
