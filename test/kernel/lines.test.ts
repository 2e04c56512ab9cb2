import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import ts from 'typescript';
import { createCompiler } from '../../lib/kernel/compiler/compile';
import { underGuard } from '../../lib/kernel/compiler/guards';
import { isComplete } from '../../lib/kernel/compiler/language';
import { originalText } from '../../lib/kernel/compiler/original';
import { linesBy } from '../../lib/kernel/interpreter/lines';
import { createModules } from '../../lib/kernel/interpreter/modules';
import { temporaryFolder } from '../temporaryFolder';

describe('a compiled cell', () => {
  const compiler = createCompiler(__dirname);
  const compiled = (source: string) => {
    const made = compiler.compile(source);
    assert.ok('program' in made);
    const { code, map } = made.program;
    return { code, line: linesBy(map, source) };
  };

  it('knows the lines of statements that moved', () => {
    const source =
      'type A = string;\n\nconst a = 1, go = (n: number) => n;\nif (a > 0) {\n  go(\n    a,\n  );\n}';
    const { code, line } = compiled(source);
    const lineOf = (text: string) => {
      const before = code.slice(0, code.indexOf(text)).split('\n');
      return line(before.length, before.at(-1)!.length + 1);
    };
    assert.equal(lineOf('__scope__.a = 1'), 3);
    assert.equal(lineOf('if ('), 4);
    assert.equal(lineOf('(0, __scope__.go)'), 5);
    assert.equal(lineOf('__scope__.a)'), 6);
  });

  it('leaves templates, strings and comments as they are', () => {
    const text = '`a  b`; "{ a }"; // { a }';
    assert.match(compiled(`({ text: ${JSON.stringify(text)} })`).code, /`a {2}b`; \\"\{ a \}\\"/);
  });
});

describe('underGuard', () => {
  const A = '__pathlab_await__';
  const L = '__pathlab_step__';

  /** Guarded code on one line; without the guards it is what it was. */
  const guarded = (code: string) => {
    const { outputText } = ts.transpileModule(code, {
      compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
      transformers: { before: [underGuard] },
    });
    return outputText.replace('"use strict";\n', '').replaceAll(/\s+/g, ' ').trim();
  };

  it('puts awaits and rounds of loops through the guards', () => {
    assert.equal(guarded('await a(await b)'), `await ${A}(a(await ${A}(b)));`);
    assert.equal(guarded('while (a) { b(); }'), `while (a) { ${L}(); b(); }`);
    assert.equal(guarded('for (;;) await a'), `for (;;) { ${L}(true); await ${A}(a); }`);
    assert.equal(
      guarded('for (;;) for (;;) a()'),
      `for (;;) { ${L}(true); for (;;) { ${L}(true); a(); } }`,
    );
    assert.equal(
      guarded('for await (const a of b) {}'),
      `for await (const a of __pathlab_for_await__(b)) { ${L}(); }`,
    );
    assert.equal(guarded('do a(); while (b)'), `do { ${L}(true); a(); } while (b);`);
    assert.equal(guarded('for (const k in o) k;'), `for (const k in o) { ${L}(true); k; }`);
  });

  it('puts calls through a guard', () => {
    assert.equal(guarded('function f() { a(); }'), `function f() { ${L}(); a(); }`);
    assert.equal(guarded('b.map((n) => f(n))'), `b.map((n) => (${L}(), f(n)));`);
    assert.equal(guarded('b(async () => await a)'), `b(async () => (${L}(), await ${A}(a)));`);
    assert.equal(guarded('class C { m() {} }'), `class C { m() { ${L}(); } }`);
    assert.equal(
      guarded('function f() { "use strict"; return this; }'),
      `function f() { "use strict"; ${L}(); return this; }`,
    );
  });

  it('leaves other code as it is', () => {
    const code = 'const awaiting = "await a"; // for (;;) {}';
    assert.equal(guarded(code), code);
  });
});

describe('modules', () => {
  it('are the same by their whole path as by their package', () => {
    const folder = temporaryFolder();
    const path = join(folder, 'whole.js');
    writeFileSync(path, 'exports.made = {};');
    const modules = createModules(folder, new Map());
    assert.equal(modules.require(path), createRequire(path)(path));
    assert.notEqual(modules.require('./whole'), modules.require(path));
  });
});

describe('isComplete', () => {
  const status = (code: string) => isComplete(code).status;

  it('has a front end run what is whole, and what gets a sentence', () => {
    for (const code of ['1', '{ a: 1, b: 2 }', '?Array', 'Array?', '%time', '<b>a</b>']) {
      assert.equal(status(code), 'complete', code);
    }
    for (const code of ['{ a: 1,', 'f(', 'if (a) {', '`a'])
      assert.equal(status(code), 'incomplete');
    for (const code of ['a b', '{ a: 1 b }', '"a']) assert.equal(status(code), 'invalid');
  });
});

describe('originalText', () => {
  it('takes out what the compiler put in', () => {
    const text =
      '(n) => { __pathlab_step__(); for (;;) { __pathlab_step__(true); n++; } return (0, __scope__.f)(__scope__.a, (__pathlab_step__(), 1)); }';
    assert.equal(originalText(text), '(n) => { for (;;) n++; return f(a, 1); }');
  });
});
