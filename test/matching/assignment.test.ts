import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { linearAssignment } from '../../lib/matching';
import { generator } from '../../lib/random';
import { assertClose } from '../close';
import { permutationsOf } from './nets';

interface Fixtures {
  readonly cases: readonly {
    readonly name: string;
    readonly costs: number[][];
    readonly least: number;
  }[];
  readonly modulo: { readonly size: number; readonly least: number };
}
const fixtures: Fixtures = JSON.parse(readFileSync(join(__dirname, 'fixtures.json'), 'utf8'));

const sumOf = (costs: readonly ArrayLike<number>[], columns: Uint32Array) =>
  columns.reduce((sum, column, row) => sum + costs[row]![column]!, 0);

function assertAssignment(columns: Uint32Array, n: number): void {
  assert.deepEqual(
    [...columns].sort((a, b) => a - b),
    Array.from({ length: n }, (_, j) => j),
  );
}

describe('linearAssignment', () => {
  for (const { name, costs, least } of fixtures.cases) {
    it(`costs what scipy's does: ${name}`, () => {
      const columns = linearAssignment(costs);
      assertAssignment(columns, costs.length);
      // Sums of the same numbers in another order.
      assertClose(sumOf(costs, columns), least, { relative: 1e-12, absolute: 1e-12 });
    });
  }

  it('costs what scipy’s does at 512 × 512, in whole numbers', () => {
    const { size, least } = fixtures.modulo;
    const costs = Array.from({ length: size }, (_, i) =>
      Float64Array.from(
        { length: size },
        (_, j) => (i * j * 7919 + i * i * 31 + j * j * 17) % 10007,
      ),
    );
    const columns = linearAssignment(costs);
    assertAssignment(columns, size);
    assert.equal(sumOf(costs, columns), least);
  });

  it('is the least of all orders of five, ties among them', () => {
    const random = generator(4);
    const orders = permutationsOf([0, 1, 2, 3, 4]).map((order) => Uint32Array.from(order));
    for (let k = 0; k < 200; k++) {
      const costs = Array.from({ length: 5 }, () =>
        Array.from({ length: 5 }, () => random.integer(6) - 3),
      );
      const least = Math.min(...orders.map((order) => sumOf(costs, order)));
      assert.equal(sumOf(costs, linearAssignment(costs)), least);
    }
  });

  it('leaves the costs as they are, and gives the same again', () => {
    const costs = fixtures.cases.find(({ name }) => name === 'ties-24')!.costs;
    const before = structuredClone(costs);
    assert.deepEqual(linearAssignment(costs), linearAssignment(costs));
    assert.deepEqual(costs, before);
  });

  it('refuses what is no square matrix of finite numbers', () => {
    assert.throws(() => linearAssignment([]), /costs has no row/);
    assert.throws(() => linearAssignment([[1, 2]]), /square, got 1 rows and 2 columns in row 0/);
    assert.throws(() => linearAssignment([[1, 2], [3]]), /2 rows and 1 columns in row 1/);
    for (const bad of [Number.NaN, Infinity, -Infinity]) {
      const refused = {
        name: 'InputError',
        message: new RegExp(`costs\\[1\\]\\[0\\].*got ${bad}`),
      };
      assert.throws(
        () =>
          linearAssignment([
            [1, 2],
            [bad, 3],
          ]),
        refused,
      );
    }
  });
});
