import assert from 'node:assert/strict';
import { generator, permutation } from '../lib/random';
import { assertClose } from './close';

const draws = (n: number, ...seeds: [number, ...number[]]) => {
  const random = generator(...seeds);
  return Array.from({ length: n }, () => random.uniform());
};

describe('generator', () => {
  it('gives the same draws for the same seed and stream, others for another', () => {
    assert.deepEqual(draws(5, 7, 1), draws(5, 7, 1));
    const first = [draws(1, 7), draws(1, 8), draws(1, 7, 0), draws(1, 7, 1), draws(1, 7, 0, 1)];
    assert.equal(new Set(first.map(([x]) => x)).size, 5);
  });

  it('is uniform on [0, 1)', () => {
    const values = draws(100_000, 3);
    assert.ok(values.every((x) => x >= 0 && x < 1));
    // Mean ½ and mean square ⅓, each with a standard error of about 0.001: 5 of them.
    const mean = (f: (x: number) => number) => values.reduce((s, x) => s + f(x), 0) / values.length;
    assertClose(
      mean((x) => x),
      0.5,
      { absolute: 0.005 },
    );
    assertClose(
      mean((x) => x * x),
      1 / 3,
      { absolute: 0.005 },
    );
  });

  it('draws from seeds and streams below 2³² what it always drew', () => {
    // Drawn at commit 95eab51, when seeds had 32 bits; every saved net and figure rests on them.
    assert.deepEqual(draws(2, 42), [0.2666488097638623, 0.7274784883286862]);
    assert.deepEqual(draws(2, 7, 3, 1), [0.5265760230950354, 0.9114804150623538]);
    assert.deepEqual(draws(2, 2 ** 32 - 1), [0.09395182224693854, 0.8819193443389256]);
  });

  it('tells seeds and streams apart up to 2⁵³ − 1', () => {
    const top = Number.MAX_SAFE_INTEGER;
    const words: [number, ...number[]][] = [0, 1, 7].flatMap((low) =>
      [0, 1, 2, 7, 1024, 2 ** 21 - 1].map((high): [number] => [low + high * 2 ** 32]),
    );
    words.push([top], [top - 1], [7, 1], [7, 2 ** 32], [7, 2 ** 32 + 1], [7, 0, 2 ** 32], [7, 7]);
    const first = words.map((seeds) => draws(2, ...seeds).join());
    assert.equal(new Set(first).size, words.length);
    assert.deepEqual(draws(3, top), draws(3, top));
    // The mean of the first draws of 10 000 large seeds is ½, standard error 1/√(12·10⁴) = 0.003.
    const large = Array.from({ length: 10_000 }, (_, i) => draws(1, 2 ** 40 + i * 2 ** 32)[0]!);
    assertClose(large.reduce((sum, x) => sum + x) / large.length, 0.5, { absolute: 0.015 });
    assert.equal(new Set(large).size, large.length);
  });

  it('refuses a seed or stream that is none', () => {
    assert.throws(() => generator(-1), /seed must be an integer of at least 0, got -1/);
    assert.throws(() => generator(0.5), /got 0\.5/);
    assert.throws(() => generator(2 ** 53), /seed must be at most 2\^53 - 1 = 9007199254740991/);
    assert.throws(() => generator(1, Number.NaN), /stream must be an integer of at least 0/);
  });
});

describe('permutation', () => {
  it('holds every number once, each first as often as any other', () => {
    const order = permutation(1000, generator(1));
    assert.deepEqual(
      Array.from(order).sort((a, b) => a - b),
      Array.from({ length: 1000 }, (_, i) => i),
    );
    const first = new Array<number>(5).fill(0);
    const random = generator(2);
    for (let i = 0; i < 10_000; i++) first[permutation(5, random)[0]!]!++;
    // 2000 each, standard deviation √(10⁴·0.2·0.8) = 40: 5 of them.
    for (const count of first) assertClose(count, 2000, { absolute: 200 });
  });

  it('takes nothing and one', () => {
    assert.deepEqual([...permutation(0, generator(1))], []);
    assert.deepEqual([...permutation(1, generator(1))], [0]);
  });
});
