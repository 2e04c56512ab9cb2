// biome-ignore-all lint/suspicious/noTemplateCurlyInString: cells have templates of their own
import type { Notebooks } from './notebook';

export const types: Notebooks = {
  'types across cells': [
    ['interface Person { name: string; age?: number }', ''],
    [
      'type People = readonly Person[]; const people: People = [{ name: "Ada", age: 36 }, { name: "Bob" }]',
      '',
    ],
    ['people.map((p) => p.name.length)', '[ 3, 3 ]'],
    [
      'people.map((p) => p.nam)',
      "CompileError: Property 'nam' does not exist on type 'Person'. Did you mean 'name'?",
    ],
    [
      'interface Employee extends Person { salary: number } const eve: Employee = { name: "Eve", salary: 1 }; eve.salary',
      '1',
    ],
    [
      'const eve2: Employee = { name: "Eve" }',
      "CompileError: Property 'salary' is missing in type '{ name: string; }' but required in type 'Employee'.",
    ],
    [
      'const extra: Person = { name: "x", nope: 1 }',
      "CompileError: Object literal may only specify known properties, and 'nope' does not exist in type 'Person'.",
    ],
    ['(people as Person[]).push({ name: "C" })', '3'],
    [
      'people.push({ name: "C" })',
      "CompileError: Property 'push' does not exist on type 'People'.",
    ],
    ['interface Person { id: number }', ''],
    ['const withId: Person = { id: 4 }; withId.id + people[0].name.length', '7'],
    ['type People = string; const oneOf: People = "p"; [oneOf, people.length]', "[ 'p', 3 ]"],
  ],
  generics: [
    ['function first9<T>(xs: readonly T[]): T | undefined { return xs[0] }', ''],
    ['first9(["a"]).toUpperCase()', "'A'"],
    [
      'first9([1]).toUpperCase()',
      "CompileError: Property 'toUpperCase' does not exist on type 'number'.",
    ],
    [
      'class Stack<T> { #items: T[] = []; push(item: T) { this.#items.push(item); return this } pop() { return this.#items.pop() } get size() { return this.#items.length } }',
      '',
    ],
    ['const stack9 = new Stack<number>().push(1).push(2); [stack9.pop(), stack9.size]', '[ 2, 1 ]'],
    [
      'stack9.push("x")',
      "CompileError: Argument of type 'string' is not assignable to parameter of type 'number'.",
    ],
    [
      'type Tree<T> = { value: T; kids: Tree<T>[] }; const leaf = <T,>(value: T): Tree<T> => ({ value, kids: [] })',
      '',
    ],
    ['const tree9: Tree<number> = { value: 1, kids: [leaf(2)] }; tree9.kids[0].value', '2'],
    ['const konst = <const T extends readonly unknown[]>(xs: T) => xs', ''],
    ['const ks = konst(["a", 1]); const k0: "a" = ks[0]; k0', "'a'"],
    [
      'function pickOne<C extends string>(all: C[], def: NoInfer<C>) { return def } pickOne(["r", "g"], "g")',
      "'g'",
    ],
    [
      'pickOne(["r", "g"], "b")',
      `CompileError: Argument of type '"b"' is not assignable to parameter of type '"r" | "g"'.`,
    ],
    [
      'type Fn9<A extends unknown[], R> = (...args: A) => R; const curry9 = <A, B, C>(f: (a: A, b: B) => C) => (a: A) => (b: B) => f(a, b)',
      '',
    ],
    ['const add9: Fn9<[number, number], number> = (a, b) => a + b; curry9(add9)(1)(2)', '3'],
    [
      'type Elem<T> = T extends readonly (infer U)[] ? U : never; const elem: Elem<string[]> = "e"; elem',
      "'e'",
    ],
    [
      'type Getters<T> = { [K in keyof T & string as `get${Capitalize<K>}`]: () => T[K] }; const getters: Getters<{ age: number }> = { getAge: () => 3 }',
      '',
    ],
    ['getters.getAge()', '3'],
    [
      'getters.getName()',
      /^CompileError: Property 'getName' does not exist on type 'Getters<\{ age: number; \}>'\./,
    ],
  ],
  'assertions and narrowing': [
    [
      'const route = { path: "/a", n: 1 } satisfies Record<string, string | number>; route.path.length',
      '2',
    ],
    [
      'const wrongRoute = { path: true } satisfies Record<string, string>',
      "CompileError: Type 'boolean' is not assignable to type 'string'.",
    ],
    ['const frozen = ["x", "y"] as const; type Axis = (typeof frozen)[number]', ''],
    ['const axis: Axis = "x"; axis', "'x'"],
    ['const axis2: Axis = "z"', `CompileError: Type '"z"' is not assignable to type '"x" | "y"'.`],
    [
      'frozen.push("z")',
      /^CompileError: Property 'push' does not exist on type 'readonly \["x", "y"\]'\./,
    ],
    [
      'const anyhow: any = "s"; (anyhow as string).length + (<string>anyhow).length + anyhow!.length',
      '3',
    ],
    [
      'type Shape9 = { kind: "circle"; r: number } | { kind: "square"; s: number }; function area9(shape: Shape9) { switch (shape.kind) { case "circle": return shape.r; case "square": return shape.s; default: return shape satisfies never } }',
      '',
    ],
    ['area9({ kind: "square", s: 4 })', '4'],
    [
      'area9({ kind: "oval" })',
      `CompileError: Type '"oval"' is not assignable to type '"circle" | "square"'.`,
    ],
    [
      'function isString9(x: unknown): x is string { return typeof x === "string" } const maybe9: unknown = "yes"; if (isString9(maybe9)) maybe9.toUpperCase()',
      '',
    ],
    [
      'function assertNumber(x: unknown): asserts x is number { if (typeof x !== "number") throw new TypeError("no number") }',
      '',
    ],
    ['const unk: unknown = 4; assertNumber(unk); unk.toFixed(1)', "'4.0'"],
    ['assertNumber("x")', 'TypeError: no number'],
    ['const symKey: unique symbol = Symbol("key")', ''],
    ['const bySym = { [symKey]: 1 }; bySym[symKey]', '1'],
    ['bySym[symKey] + 1', '2'],
    [
      'interface HasSym { [symKey]: number } const hasSym: HasSym = { [symKey]: 3 }; hasSym[symKey]',
      '3',
    ],
    ['type Hex = `#${string}`; const hex: Hex = "#fff"; hex', "'#fff'"],
    [
      'const hex2: Hex = "fff"',
      `CompileError: Type '"fff"' is not assignable to type '\`#\${string}\`'.`,
    ],
    ['let nullish: string = null; nullish', ''],
    ['// @ts-ignore\nconst ignored: number = "text"; ignored', "'text'"],
    ['// @ts-expect-error\nconst expectedError: number = "text"; expectedError', "'text'"],
    [
      '// @ts-expect-error\nconst fine: number = 1',
      "CompileError: Unused '@ts-expect-error' directive.",
    ],
  ],
  'what is checked': [
    ["const n1: number = 'x'", "CompileError: Type 'string' is not assignable to type 'number'."],
    ['nowhere', "CompileError: Cannot find name 'nowhere'."],
    ['({ a: 1 }).b', "CompileError: Property 'b' does not exist on type '{ a: number; }'."],
    ['const two2args = (a: number, b: number) => a + b', ''],
    ['two2args(1)', 'CompileError: Expected 2 arguments, but got 1.'],
    ['two2args(1, 2, 3)', 'CompileError: Expected 2 arguments, but got 3.'],
    [
      'two2args(1, "2")',
      "CompileError: Argument of type 'string' is not assignable to parameter of type 'number'.",
    ],
    [
      'two2args.x',
      "CompileError: Property 'x' does not exist on type '(a: number, b: number) => number'.",
    ],
    [
      '5()',
      "CompileError: This expression is not callable.\n  Type 'Number' has no call signatures.",
    ],
    ['new two2args(1, 2)', /^CompileError: /],
    [
      '1 === "1"',
      "CompileError: This comparison appears to be unintentional because the types 'number' and 'string' have no overlap.",
    ],
    [
      '"a" * 2',
      "CompileError: The left-hand side of an arithmetic operation must be of type 'any', 'number', 'bigint' or an enum type.",
    ],
    ['1n + 1', "CompileError: Operator '+' cannot be applied to types '1n' and '1'."],
    [
      'const wrong1: string = 1; const wrong2: number = ""',
      "CompileError: Type 'number' is not assignable to type 'string'. (and 1 more)",
    ],
    [
      'let once = 1; let once = 2',
      "CompileError: Cannot redeclare block-scoped variable 'once'. (and 1 more)",
    ],
    [
      'const onceClass = 1; class onceClass {}',
      /^CompileError: (Duplicate identifier|Cannot redeclare block-scoped variable) 'onceClass'\. \(and 1 more\)$/,
    ],
    [
      'const never1 = 1; never1 = 2',
      "CompileError: Cannot assign to 'never1' because it is a constant.",
    ],
    ['const con1 = 1', ''],
    ['con1 = 2', "CompileError: Cannot assign to 'con1' because it is a constant."],
    ['con1++', "CompileError: Cannot assign to 'con1' because it is a constant."],
    ['[con1] = [3]', "CompileError: Cannot assign to 'con1' because it is a constant."],
    ['({ con1 } = { con1: 4 })', "CompileError: Cannot assign to 'con1' because it is a constant."],
    ['for (con1 of [1]);', "CompileError: Cannot assign to 'con1' because it is a constant."],
    ['con1', '1'],
    ['function fun1() {}', ''],
    ['fun1 = () => {}', "CompileError: Cannot assign to 'fun1' because it is a function."],
    ['class Cls1 {}', ''],
    ['Cls1 = null', "CompileError: Cannot assign to 'Cls1' because it is a class."],
    ['using us1 = null', ''],
    ['us1 = 3', "CompileError: Cannot assign to 'us1' because it is a constant."],
    ["import { join as imported1 } from 'node:path'", ''],
    ['imported1 = null', "CompileError: Cannot assign to 'imported1' because it is an import."],
    [
      'function returnsString(): string { return 1 }',
      "CompileError: Type 'number' is not assignable to type 'string'.",
    ],
    [
      'new (class { private x = 1 })().x',
      /^CompileError: Property 'x' is private and only accessible within class/,
    ],
    [
      'const ro = { x: 1 } as const; ro.x = 2',
      "CompileError: Cannot assign to 'x' because it is a read-only property.",
    ],
    ['const u: undefined = 1', "CompileError: Type '1' is not assignable to type 'undefined'."],
    ['class NoSuch extends Nowhere {}', "CompileError: Cannot find name 'Nowhere'."],
    ['let typed: Nowhere', "CompileError: Cannot find name 'Nowhere'."],
    [
      'const people9 = [{ a: 1 }]; people9[0].b = 3',
      "CompileError: Property 'b' does not exist on type '{ a: number; }'.",
    ],
  ],
  'no message speaks of how cells are kept': [
    ['class Secret { private hidden = 1 } const secret = new Secret()', ''],
    [
      'const noSecret: number = secret',
      "CompileError: Type 'Secret' is not assignable to type 'number'.",
    ],
    [
      'secret.hidden',
      "CompileError: Property 'hidden' is private and only accessible within class 'Secret'.",
    ],
    ["import { Stats as MyStats } from 'node:fs'; let stats9: MyStats", ''],
    [
      'const notStats: number = stats9',
      "CompileError: Type 'Stats' is not assignable to type 'number'.",
    ],
    ["const emitter9 = new (await import('node:events')).EventEmitter()", ''],
    [
      'emitter9.nope',
      /^CompileError: Property 'nope' does not exist on type 'EventEmitter(<.*>)?'\.$/,
    ],
    ['enum Kind9 { A, B } const kind9 = Kind9.A', ''],
    [
      'const s9: string = kind9',
      /^CompileError: Type 'Kind9' is not assignable to type 'string'\.$/,
    ],
    ['const k9: Kind9 = "x"', "CompileError: Type '\"x\"' is not assignable to type 'Kind9'."],
    ['namespace Ns9 { export class In { a = 1 } }', ''],
    [
      'const in9: string = new Ns9.In()',
      /^CompileError: Type '(Ns9\.)?In' is not assignable to type 'string'\.$/,
    ],
    ['Ns9.Out', "CompileError: Property 'Out' does not exist on type 'typeof Ns9'."],
    ['const anon = (() => { class Inner9 { private p = 1; q = 2 } return Inner9 })()', ''],
    ['new anon().q', '2'],
    [
      'const badAnon: string = new anon()',
      "CompileError: Type 'Inner9' is not assignable to type 'string'.",
    ],
    ['type Rec9 = { a: Rec9 | null }; const rec9: Rec9 = { a: { a: null } }', ''],
    [
      'const badRec: number = rec9',
      "CompileError: Type 'Rec9' is not assignable to type 'number'.",
    ],
    ['(secret as any).hidden', '1'],
    [
      'class Secret { private other = 2 } const secret2: Secret = secret',
      /^CompileError: (?!.*__).*Secret/s,
    ],
    ['let __x__: number = "y"', "CompileError: Type 'string' is not assignable to type 'number'."],
  ],
};
