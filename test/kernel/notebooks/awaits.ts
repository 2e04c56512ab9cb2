// biome-ignore-all lint/suspicious/noTemplateCurlyInString: cells have templates of their own
import type { Notebooks } from './notebook';

const A_PROMISE_OF_1 = 'a promise of 1: write await in front of it to have that value';

export const awaits: Notebooks = {
  'await what stands in parentheses, brackets and templates': [
    ['await (async () => 3)()', '3'],
    ['const p1 = Promise.resolve(7); await (p1)', '7'],
    ['await `x`', "'x'"],
    ['await [1]', '[ 1 ]'],
    [
      'const get = async (u: string) => ({ text: async () => u }); await (await get("a")).text()',
      "'a'",
    ],
    ['(await get("b")).text() instanceof Promise', 'true'],
    ['await await Promise.resolve(Promise.resolve(4))', '4'],
    ['const bare = 5; await bare', '5'],
    ['await undefined', ''],
    ['await { then(done: (n: number) => void) { done(12) } }', '12'],
  ],
  'await in every position of an expression': [
    ['const soon = async <T>(value: T) => value', ''],
    ['(await soon(1)) + (await soon(2)) * (await soon(3))', '7'],
    ['[await soon(1), ...(await soon([2, 3]))]', '[ 1, 2, 3 ]'],
    ["({ [await soon('key')]: await soon(1), ...(await soon({ b: 2 })) })", '{ key: 1, b: 2 }'],
    ['`${await soon("a")}-${await soon("b")}`', "'a-b'"],
    ['Math.max(...(await soon([3, 9, 4])))', '9'],
    ['-(await soon(4))', '-4'],
    ['typeof (await soon(4n))', "'bigint'"],
    ['!(await soon(false))', 'true'],
    ['void (await soon(1))', ''],
    ['(await soon(true)) ? await soon("yes") : await soon("no")', "'yes'"],
    ['(await soon(null)) ?? (await soon("instead"))', "'instead'"],
    ['(await soon(0)) || (await soon(6))', '6'],
    ['(await soon(() => 8))()', '8'],
    ['new (await soon(Map))([[1, 2]])', 'Map(1) { 1 => 2 }'],
    ['(await soon({ a: { b: 1 } })).a?.b', '1'],
    ["({ k: 3 } as any)?.[await soon('k')]", '3'],
    ['(await soon(1), await soon(2))', '2'],
    ['String.raw`${await soon(1)}\\n`', "'1\\\\n'"],
    ["(await import('node:path')).posix.join('a', 'b')", "'a/b'"],
    [
      'const { a: aw1, ...aw2 } = await soon({ a: 1, b: 2, c: 3 }); [aw1, aw2]',
      '[ 1, { b: 2, c: 3 } ]',
    ],
    ['const [aw3 = await soon(9)] = []; aw3', '9'],
    ['const soonMaybe: typeof soon | undefined = soon; await soonMaybe?.(3)', '3'],
  ],
  'await in statements': [
    ['let awSum = 0; for (const n of await soon([1, 2, 3])) awSum += n; awSum', '6'],
    ['if (await soon(true)) awSum = 10; else awSum = 20', ''],
    ['awSum', '10'],
    ['let turns = 0; while ((await soon(turns)) < 3) turns++; turns', '3'],
    ['do { turns-- } while (await soon(turns > 0)); turns', '0'],
    [
      "let said = ''; switch (await soon(2)) { case 1: said = 'one'; break; case await soon(2): said = 'two' } said",
      "'two'",
    ],
    ['throw await soon(new RangeError("awaited"))', 'RangeError: awaited'],
    ['try { await Promise.reject(new Error("no")) } catch (e) { said = e.message } said', "'no'"],
    [
      'try { throw 1 } catch { said = await soon("caught") } finally { said += await soon("!") } said',
      "'caught!'",
    ],
    ['await Promise.reject(new TypeError("refused"))', 'TypeError: refused'],
    ['await Promise.reject("text")', "Error: thrown: 'text'"],
    [
      'let acc = 1; const later = async () => { acc = 100; return 2 }; acc += await later(); acc',
      '3',
    ],
    ['for (let i = await soon(0); i < (await soon(2)); i += await soon(1)) awSum++; awSum', '12'],
    [
      'label: for (const a of await soon([1, 2, 3])) { for (;;) { if ((await soon(a)) === 2) break label; continue label } }',
      '',
    ],
    ['{ const inBlock = await soon(5); awSum = inBlock } awSum', '5'],
  ],
  'for await at the top level': [
    ['async function* upTo(n: number) { for (let i = 1; i <= n; i++) yield i }', ''],
    ['let forAwait = 0; for await (const n of upTo(4)) forAwait += n; forAwait', '10'],
    ['for await (const n of [Promise.resolve(1), 2]) forAwait += n; forAwait', '13'],
    ['for await (forAwait of upTo(3)); forAwait', '3'],
    ['for await (var lastSeen of upTo(5)) ;', ''],
    ['lastSeen', '5'],
    [
      'const firsts = []; for await (const [a, { b = 7 }] of [[1, { b: 2 }], [3, {}]] as [number, { b?: number }][]) firsts.push(a + b); firsts',
      '[ 3, 10 ]',
    ],
    [
      'let closed = false; async function* closing() { try { yield 1; yield 2 } finally { closed = true } } for await (const n of closing()) break; closed',
      'true',
    ],
    ['for await (const n of upTo(2)) { if (n === 2) throw new Error(`at ${n}`) }', 'Error: at 2'],
    [
      'outer: for await (const n of upTo(3)) { for await (const m of upTo(3)) { if (m > n) continue outer; forAwait += m } } forAwait',
      '13',
    ],
  ],
  'promises as values': [
    ['Promise.resolve(1)', A_PROMISE_OF_1],
    ['const unawaited = soon(1); unawaited', A_PROMISE_OF_1],
    ['(async () => { await null; return 1 })()', A_PROMISE_OF_1],
    [
      'new Promise((done) => setTimeout(done, 50))',
      'a promise that is not settled yet: write await in front of it to have its value',
    ],
    ['await Promise.all([soon(1), soon("a")])', "[ 1, 'a' ]"],
    ['await Promise.allSettled([soon(1)])', "[ { status: 'fulfilled', value: 1 } ]"],
    ['await Promise.any([soon(3)])', '3'],
    ['await new Promise<string>((done) => setTimeout(() => done("later"), 2))', "'later'"],
    ['(await Promise.all([soon(1)]).then(([n]) => n + 1)).toFixed(1)', "'2.0'"],
    ['soon(1).foo', "CompileError: Property 'foo' does not exist on type 'Promise<number>'."],
    ['await soon(1) + "x"', "'1x'"],
  ],
  'await where it may not stand': [
    [
      'function notAsync() { await soon(1) }',
      "CompileError: 'await' expressions are only allowed within async functions and at the top levels of modules.",
    ],
    [
      'const inArrow = () => { for await (const n of upTo(1)); }',
      /^CompileError: 'for await' loops are only allowed within async functions/,
    ],
    ['let await = 1', /^CompileError: /],
  ],
  'using is disposed of at the end of the cell': [
    [
      'const log: string[] = []; const thing = (name: string) => ({ name, [Symbol.dispose]() { log.push(`closed ${name}`) } })',
      '',
    ],
    ["using ua = thing('a'); using ub = thing('b'); log.push('in use'); ua.name", "'a'"],
    ['log', "[ 'in use', 'closed b', 'closed a' ]"],
    ['ub.name', "'b'"],
    [
      "log.length = 0; { using uc = thing('c'); log.push('inside') } log",
      "[ 'inside', 'closed c' ]",
    ],
    [
      "log.length = 0; for (using u of [thing('x'), thing('y')]) log.push(u.name); log",
      "[ 'x', 'closed x', 'y', 'closed y' ]",
    ],
    ["using ud = thing('d'); throw new Error('while in use')", 'Error: while in use'],
    ['log.at(-1)', "'closed d'"],
    [
      'const laterThing = (name: string) => ({ name, async [Symbol.asyncDispose]() { await null; log.push(`closed later ${name}`) } })',
      '',
    ],
    ["await using ue = laterThing('e'); ue.name", "'e'"],
    ['log.at(-1)', "'closed later e'"],
    [
      "function useOne() { using u = thing('f'); return log.at(-1) } [useOne(), log.at(-1)]",
      "[ 'closed later e', 'closed f' ]",
    ],
    ['using nothing = null; nothing', ''],
    ["using ug = { name: 'no dispose' }", /^CompileError: .*Symbol\.dispose/],
    [
      "using uh = thing('h'); class WithUsing { m() { return uh.name } } enum UsingEnum { A = 4 } let usingLet = 3; function usingFunction() { return usingLet }",
      '',
    ],
    ['[new WithUsing().m(), UsingEnum.A, usingLet, usingFunction()]', "[ 'h', 4, 3, 3 ]"],
  ],
};
