import type { Notebooks } from './notebook';

/** What a cell calls by a name that another one has as well. */
export const own: Notebooks = {
  'a variable in its own declaration is what it was before': [
    [
      "const cfg22 = { rate: 1 }; let cnt22 = 1; const a22 = 'a', b22 = 2; const f22 = (x: number) => x + 1",
      '',
    ],
    ['const cfg22 = { ...cfg22, epochs: 5 }', ''],
    [
      'cfg22.nope',
      "CompileError: Property 'nope' does not exist on type '{ epochs: number; rate: number; }'.",
    ],
    ['const cfg22 = { cfg22, q: cfg22.rate }; cfg22', '{ cfg22: { rate: 1, epochs: 5 }, q: 1 }'],
    ['cfg22.cfg22.epochs.toFixed(1)', "'5.0'"],
    [
      'const cfg22: number = { cfg22 }',
      /^CompileError: Type '\{ cfg22: \{ cfg22: .*; q: number; \}; \}' is not assignable to type 'number'\.$/,
    ],
    ['let cnt22 = cnt22 + 1; cnt22', '2'],
    ['const [b22, a22] = [a22, b22]; [a22.toFixed(0), b22.length]', "[ '2', 1 ]"],
    ['const f22 = f22(2); f22.toFixed(1)', "'3.0'"],
    ['const text22 = "a b"', ''],
    ["const text22 = text22.split(' ')", ''],
    ['const text22 = text22.map((text22) => text22 + text22); text22', "[ 'aa', 'bb' ]"],
    [
      'const fresh22 = { ...fresh22 }',
      "CompileError: Block-scoped variable 'fresh22' used before its declaration.",
    ],
    ['const rec22 = (n: number): number => (n ? n * rec22(n - 1) : 1); rec22(4)', '24'],
    ['const rec22 = (n: number): number => (n ? n + rec22(n - 1) : 0); rec22(4)', '10'],
    ['var var22 = 1', ''],
    ['var var22 = var22 ? var22 + 1 : 0; var22', '2'],
  ],
  // As in one file: 1 is of the type number where a const without a type is copied.
  'a copy of a constant can be assigned to': [
    ['const one28 = 1, text28 = "a", flag28 = true, big28 = 5n, minus28 = -1, plain28 = `x`', ''],
    [
      'let n28 = one28; n28 = 2; let s28 = text28; s28 = "b"; let f28 = flag28; f28 = false; [n28, s28, f28]',
      "[ 2, 'b', false ]",
    ],
    [
      'let b28 = big28; b28 = 6n; let m28 = minus28; m28 = 4; let p28 = plain28; p28 = "y"; [b28, m28, p28]',
      "[ 6n, 4, 'y' ]",
    ],
    [
      'const list28 = [one28]; list28.push(3); const o28 = { one28 }; o28.one28 = 5; [list28, o28]',
      '[ [ 1, 3 ], { one28: 5 } ]',
    ],
    ['class C28 { v = one28 } const c28 = new C28(); c28.v = 9; c28', 'C28 { v: 9 }'],
    ['const exact28: 1 = one28; exact28', '1'],
    ['const one28 = one28 + 1; let next28 = one28; next28 = 9; next28', '9'],
    ['const told28: "a" = "a", as28 = 1 as const', ''],
    ['let t28 = told28; t28 = "b"', `CompileError: Type '"b"' is not assignable to type '"a"'.`],
    ['let a28 = as28; a28 = 2', "CompileError: Type '2' is not assignable to type '1'."],
    ['enum Dir28 { Up, Down } const up28 = Dir28.Up', ''],
    ['let d28 = up28; d28 = Dir28.Down; const down28 = Dir28.Down; d28', '1'],
    ['let e28 = down28; e28 = Dir28.Up; e28', '0'],
    ['one28 = 5', "CompileError: Cannot assign to 'one28' because it is a constant."],
    [
      'const hidden28 = (() => { class Hidden { private x = 1 } return new Hidden() })(); const beside28 = 5',
      '',
    ],
    ['let g28 = beside28; g28 = 6; g28', '6'],
  ],
  'a type of a cell and a variable of another have one name': [
    ['let a29 = [1]; const see29 = () => a29; function f29() { return 1 } const lit29 = 4', ''],
    ['type a29 = string; const q29: a29 = "typed"; [q29, a29]', "[ 'typed', [ 1 ] ]"],
    ['a29 = [2]; const r29: a29 = "again"; [r29, see29()]', "[ 'again', [ 2 ] ]"],
    ['type a29 = number; const n29: a29 = 5; a29.push(n29); see29()', '[ 2, 5 ]'],
    ['interface f29 { z: 1 } const z29: f29 = { z: 1 }; [z29, f29()]', '[ { z: 1 }, 1 ]'],
    [
      'type lit29 = "x"; const x29: lit29 = "x"; let copy29 = lit29; copy29 = 5; [x29, copy29]',
      "[ 'x', 5 ]",
    ],
    ['const y29: lit29 = "x"; [y29, lit29]', "[ 'x', 4 ]"],
    ['type lit29 = "y"; const lit29 = "y" as lit29; lit29', "'y'"],
    ['lit29 satisfies lit29', "'y'"],
  ],
  'a name before its declaration': [
    [
      'function early23() { return const23 } early23(); const const23 = 1',
      "ReferenceError: Cannot access 'const23' before initialization",
    ],
    ['const23', /^CompileError: Cannot find name 'const23'\./],
    ['const const23 = 2; early23()', '2'],
    [
      'const made23 = () => new Class23(); made23(); class Class23 {}',
      "ReferenceError: Cannot access 'Class23' before initialization",
    ],
    ['class Class23 { static made = () => new Class23() } Class23.made()', 'Class23 {}'],
    ['let unset23; [unset23, typeof unset23]', "[ undefined, 'undefined' ]"],
    [
      'function hoisted23() { return var23 } var was23 = hoisted23() === undefined; var var23 = 1; was23',
      'true',
    ],
    ['var23', '1'],
    ['throw new Error("before it"); const never23 = 2', 'Error: before it'],
    ['typeof never23', /^CompileError: Cannot find name 'never23'\./],
  ],
  'names that an export makes': [
    ['const g24 = (x: number) => x * 2; export { g24 as f24 }; export { g24 }', ''],
    ['f24(4)', '8'],
    [
      'f24("a")',
      "CompileError: Argument of type 'string' is not assignable to parameter of type 'number'.",
    ],
    ['class K24 { z = 1 } interface I24 { q: number } export { K24 as L24, type I24 as J24 }', ''],
    ['const j24: J24 = { q: 1 }; class M24 extends L24 {} [new M24().z, j24]', '[ 1, { q: 1 } ]'],
    [
      "export { marked as mm24, type Tokens as Tok24 } from 'marked'; export * as all24 from 'marked'",
      '',
    ],
    ['const tok24: Partial<Tok24.Text> = {}; [mm24 === all24.marked, tok24]', '[ true, {} ]'],
    ["import { join as join24 } from 'node:path'; export { join24 as joined24 }", ''],
    ["joined24('a', 'b')", "'a/b'"],
  ],
  'names that are misspelt': [
    ['const suggested25 = 1; interface Shape25 { side: number }', ''],
    ['sugested25', "CompileError: Cannot find name 'sugested25'. Did you mean 'suggested25'?"],
    [
      'const shape25: Shpae25 = { side: 1 }',
      "CompileError: Cannot find name 'Shpae25'. Did you mean 'Shape25'?",
    ],
  ],
  'a local variable of a name that the compiler has as well': [
    ['let outside26 = 5', ''],
    ['((__scope__: number) => __scope__ + outside26)(1)', '6'],
    [
      '(() => { const __caught__ = 3; try { (null as any).x } catch (e) { return [{ __caught__ }, outside26, { __scope__: 4 }.__scope__] } })()',
      '[ { __caught__: 3 }, 5, 4 ]',
    ],
    [
      'class Own26 { __scope__ = 1; __cell__() { return this.__scope__ + outside26 } } new Own26().__cell__()',
      '6',
    ],
  ],
  'the message of a caught error': [
    ['const no27: any = 1; const obj27: any = {}; let message27 = ""', ''],
    ['try { no27() } catch (e) { message27 = e.message } message27', "'no27 is not a function'"],
    [
      'try { obj27.go() } catch ({ message }) { message27 = message } message27',
      "'obj27.go is not a function'",
    ],
    [
      'try { new no27() } catch ({ message, ...rest }) { message += "!"; message27 = message } message27',
      "'no27 is not a constructor!'",
    ],
    [
      'try { const { a } = no27.b } catch (e) { message27 = e.message } message27',
      `"Cannot destructure property 'a' of 'no27.b' as it is undefined."`,
    ],
    [
      '(await Promise.allSettled([Promise.resolve().then(() => obj27.go()), 1])).map((one: any) => one.reason?.message)',
      "[ 'obj27.go is not a function', undefined ]",
    ],
    [
      'await Promise.any([Promise.resolve().then(() => obj27.go())]).catch((e) => e.errors[0].message)',
      "'obj27.go is not a function'",
    ],
    [
      'await Promise.resolve().then(() => obj27.go()).catch((e) => e.message)',
      "'obj27.go is not a function'",
    ],
    [
      'await (async () => [...no27])().then(null, ({ message }) => message)',
      "'no27 is not iterable'",
    ],
    [
      'try { obj27.go() } catch (e) { message27 = e.stack.split("\\n")[0] } message27',
      "'TypeError: obj27.go is not a function'",
    ],
    [
      'String((f: any) => { try { f() } catch ({ message }) { return message } })',
      "'(f) => { try {\\n    f();\\n}\\ncatch ({ message }) {\\n    return message;\\n} }'",
    ],
    [
      'String((f: any) => { try { f() } catch (e) { return f.catch((g) => g) } })',
      "'(f) => { try {\\n    f();\\n}\\ncatch (e) {\\n    return f.catch((g) => g);\\n} }'",
    ],
    [
      'try { throw Object.freeze(new Error("__scope__.x")) } catch (e) { message27 = e.name } message27',
      "'Error'",
    ],
    ['try { throw 5 } catch (e) { message27 = String(e) } message27', "'5'"],
    [
      'const catches27 = { catch: (f: unknown) => f }; const given27 = () => 1; catches27.catch(given27) === given27',
      'true',
    ],
  ],
};
