import assert from 'node:assert/strict';
import { guard, unguarded } from '../../lib/kernel/interpreter/guards';
import { markLines, unmarkLines } from '../../lib/kernel/interpreter/lines';

describe('markLines and unmarkLines', () => {
  it('know the lines of statements that moved', () => {
    const source = 'type A = string;\n\nconst a = 1;\nif (a > 0) {\n  go(\n    a,\n  );\n}';
    const marked = markLines(source, 'm');
    // As a compiler would: the type and the blank line go, the arguments share a line.
    const compiled = marked.code
      .replace(/^.*type A.*\n\n/, '')
      .replace(/go\(\s*(.*)a,\s*\)/, 'go($1a)');
    const { code, line } = unmarkLines(`${compiled}\n`, 'm');
    assert.equal(code, 'const a = 1;\nif (a > 0) {\n  go(a);\n}');
    assert.equal(line(1, 1), 3);
    assert.equal(line(2, 1), 4);
    assert.equal(line(3, 3), 5);
    assert.equal(line(3, 6), 6);
    assert.equal(line(5, 1), undefined);
  });

  it('map offsets back to the cell', () => {
    const source = 'const a = 1;\n({ a, b: missing });';
    const marked = markLines(source, 'm');
    for (const word of ['const', 'missing']) {
      assert.equal(marked.original(marked.code.indexOf(word)), source.indexOf(word), word);
    }
    // Of { a: a } the second a is the cell's.
    assert.match(marked.code, /\{ a: a, b: missing \}/);
    assert.equal(marked.original(marked.code.indexOf('a, b')), source.indexOf('a, b'));
  });

  it('leave templates, strings and comments as they are', () => {
    const hole = '{[1].map((n) => {\n  return n;\n})}';
    const source = `const a = \`x\n$${hole}\ny\`; // { a }\nlog("{ a }");`;
    const marked = markLines(source, 'm');
    assert.equal(unmarkLines(marked.code, 'm').code, source);
  });

  it('expand { a } where it is a target as well', () => {
    assert.match(markLines('({ a, b = 2 } = c);', 'm').code, /\(\{ a: a, b: b = 2 \} = c\)/);
  });

  it('see a for await outside functions only', () => {
    assert.equal(markLines('for await (const a of b) {}', 'm').loopsAsync, true);
    assert.equal(
      markLines('async function f() { for await (const a of b) {} }', 'm').loopsAsync,
      false,
    );
  });
});

describe('guard', () => {
  const A = '__pathlab_await__';
  const L = '__pathlab_step__';

  /** The guarded code without the comments around what was inserted, from which it can be undone. */
  const guardOf = (code: string) => {
    const guarded = guard(code);
    assert.equal(unguarded(guarded), code);
    return guarded.replaceAll(/\/\*__pathlab[+-]\*\//g, '');
  };

  it('puts awaits and rounds of loops through the guards', () => {
    assert.equal(guardOf('await a(await b)'), `await ${A}((a(await ${A}((b)))))`);
    assert.equal(guardOf('while (a) { b(); }'), `while (a) { ${L}(); b(); }`);
    assert.equal(guardOf('for (;;) await a'), `for (;;) { ${L}(); await ${A}((a)) }`);
    assert.equal(guardOf('for (;;) for (;;) a()'), `for (;;) { ${L}(); for (;;) { ${L}(); a() } }`);
    assert.equal(
      guardOf('for await (const a of b) {}'),
      `for await (const a of __pathlab_for_await__((b))) { ${L}();}`,
    );
    assert.equal(guardOf('do a(); while (b)'), `do { ${L}(); a(); } while (b)`);
  });

  it('puts calls through a guard', () => {
    assert.equal(guardOf('function f() { a(); }'), `function f() { ${L}(); a(); }`);
    assert.equal(guardOf('b.map((n) => f(n))'), `b.map((n) => (${L}(), f(n)))`);
    assert.equal(guardOf('b(async () => await a)'), `b(async () => (${L}(), await ${A}((a))))`);
    assert.equal(guardOf('class C { m() {} }'), `class C { m() { ${L}();} }`);
    const strict = 'function f() { "use strict"; return this; }';
    assert.equal(guardOf(strict), strict);
  });

  it('leaves other code as it is', () => {
    const code = 'const awaiting = "await a"; // for (;;) {}';
    assert.equal(guardOf(code), code);
  });
});
