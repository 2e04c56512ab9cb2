import assert from 'node:assert/strict';
import { transformSync } from 'esbuild';
import { instrument } from './instrument';

describe('mutants', () => {
  const source = `export function f(a: number, b?: number): number {
    if (b === undefined) throw new RangeError('b is ' + 1);
    return a < b && !(a < 0) ? Math.min(Math.abs(a - 2), b) : b;
  }`;
  const { text, mutants } = instrument('f.ts', source, 100);
  const { code } = transformSync(text, { loader: 'ts', format: 'cjs' });

  /** f(3, 4) with one mutant of it, or none. */
  function of(id: number): unknown {
    const exported: { f?: (...args: number[]) => unknown } = {};
    const run = new Function('module', 'globalThis', code);
    const module = { exports: exported };
    run(module, { mutant: (one: number) => one === id });
    try {
      return (module.exports as Required<typeof exported>).f(3, 4);
    } catch (error) {
      return (error as Error).name;
    }
  }

  it('are all in the source, and none of them counts unless it is asked for', () => {
    assert.equal(of(-1), 1, 'min(3 − 2, 4)');
    assert.deepEqual([...new Set(mutants.map(({ line }) => line))], [2, 3]);
  });

  it('are what they say, one by one', () => {
    const expected: Record<string, unknown> = {
      // Of what is thrown there are none, as its text says nothing of what is right.
      'b === undefined → b !== undefined': 'RangeError',
      'b === undefined → true': 'RangeError',
      'b === undefined → false': 1,
      'a < b → a <= b': 1,
      'a < b → a >= b': 4,
      '!(a < 0) → (a < 0)': 4,
      'a < 0 → a <= 0': 1,
      'a < 0 → a >= 0': 4,
      '0 → 1': 1,
      'a < b && !(a < 0) → a < b || !(a < 0)': 1,
      'Math.min(Math.abs(a - 2), b) → Math.max(Math.abs(a - 2), b)': 4,
      // What is left out of Math's is the function.
      'Math.abs(a - 2) → a - 2': 1,
      'a - 2 → a + 2': 4,
      '2 → 3': 0,
      'a < b && !(a < 0) ? Math.min(Math.abs(a - 2), b) : b → Math.min(Math.abs(a - 2), b)': 1,
      'a < b && !(a < 0) ? Math.min(Math.abs(a - 2), b) : b → b': 4,
    };
    const got = mutants.map(({ id, before, after }) => [`${before} → ${after}`, of(id)]);
    assert.deepEqual(Object.fromEntries(got), expected);
  });
});
