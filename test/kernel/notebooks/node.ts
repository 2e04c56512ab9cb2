import type { Notebook, Notebooks } from './notebook';

/** A cell that is right where this Node has what it uses, else refused before it runs. */
const where = (has: boolean, code: string, value: string): Notebook[number] => [
  code,
  has ? value : /^CompileError: .*(does not exist on type|Cannot find name)/,
];

const later = globalThis as unknown as {
  Iterator?: unknown;
  DisposableStack?: unknown;
  Float16Array?: unknown;
  Temporal?: unknown;
};

/** Node 20 lacks nearly all of these, Node 22 and 24 have more of them each. */
export const node: Notebooks = {
  'what this Node has': [
    where(later.Iterator !== undefined, '[1].values().map((n) => n + 1).toArray()', '[ 2 ]'),
    where('union' in Set.prototype, 'new Set([1]).union(new Set([2])).size', '2'),
    where(
      'groupBy' in Object,
      'Object.groupBy([1, 2, 3], (n) => (n % 2 ? "odd" : "even")).odd',
      '[ 1, 3 ]',
    ),
    where('groupBy' in Map, 'Map.groupBy([1, 2, 3], (n) => n % 2 === 0).get(true)', '[ 2 ]'),
    where(
      'withResolvers' in Promise,
      'const made20 = Promise.withResolvers<number>(); made20.resolve(3); await made20.promise',
      '3',
    ),
    where('try' in Promise, 'await Promise.try(() => 4)', '4'),
    where('fromAsync' in Array, 'await Array.fromAsync([1, 2])', '[ 1, 2 ]'),
    where('escape' in RegExp, 'RegExp.escape("(").length > 1', 'true'),
    where('isError' in Error, 'Error.isError(new Error("a"))', 'true'),
    where('transfer' in ArrayBuffer.prototype, 'new ArrayBuffer(8).transfer(4).byteLength', '4'),
    where(later.Float16Array !== undefined, 'new Float16Array([1.5])[0]', '1.5'),
    where(later.DisposableStack !== undefined, 'new DisposableStack().disposed', 'false'),
    where(later.Temporal !== undefined, 'Temporal.PlainDate.from("2026-11-26").day', '26'),
    ['"a".isWellFormed() && /[\\p{L}--[a-c]]/v.test("d")', 'true'],
    ['[1, 2].toSorted().with(0, 5).findLast((n) => n > 1)', '2'],
    [
      'let disposed20 = ""; { using a20 = { [Symbol.dispose]() { disposed20 += "a" } }; await using b20 = { async [Symbol.asyncDispose]() { disposed20 += "b" } } } disposed20',
      "'ba'",
    ],
    [
      'class Decorated20 { @((method: () => number, { name }: ClassMethodDecoratorContext) => () => method() + String(name).length) four() { return 4 } } new Decorated20().four()',
      '8',
    ],
  ],
};
