import assert from 'node:assert/strict';
import {
  extremeEigenvalues,
  hessianIndex,
  spectralDensity,
  symmetricEigen,
  symmetricEigenvalues,
} from '../../lib/curvature';
import { densityAt } from '../../lib/curvature/quadrature';
import { InputError } from '../../lib/errors';
import { generator, normal } from '../../lib/random';
import { assertClose } from '../close';
import { assertNear, nets } from './nets';

/** A = U·diag(values)·Uᵀ, U being the product of reflections at random vectors. */
function matrixWith(values: readonly number[], seed: number): Float64Array {
  const n = values.length;
  const random = generator(seed);
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++) a[i * n + i] = values[i]!;
  for (let round = 0; round < 3; round++) {
    const v = Float64Array.from({ length: n }, () => normal(random));
    const square = v.reduce((sum, x) => sum + x * x, 0);
    for (const [row, column] of [
      [1, n],
      [n, 1],
    ] as const) {
      // First A ← A·(I − 2vvᵀ/|v|²), then the same from the other side.
      for (let i = 0; i < n; i++) {
        let along = 0;
        for (let k = 0; k < n; k++) along += a[i * column + k * row]! * v[k]!;
        for (let k = 0; k < n; k++) {
          a[i * column + k * row] = a[i * column + k * row]! - (2 * along * v[k]!) / square;
        }
      }
    }
  }
  return a;
}

const timesOf = (a: Float64Array) => async (v: Float64Array) =>
  v.map((_, i) => v.reduce((sum, x, k) => sum + a[i * v.length + k]! * x, 0));

describe('all eigenvalues of a symmetric matrix', () => {
  it('are those that it was made of, also where many are equal, 0 or far apart', () => {
    const equal = Array.from({ length: 40 }, (_, i) => (i < 20 ? 0 : i < 30 ? 2 : -1));
    const spread = Array.from({ length: 30 }, (_, i) => (-1) ** i * 10 ** (i / 3 - 5));
    const one = [3];
    const two = [1, -4];
    for (const values of [equal, spread, one, two, Array(12).fill(0)]) {
      const expected = [...values].sort((x, y) => x - y);
      const scale = Math.max(...values.map(Math.abs));
      assertClose(symmetricEigenvalues(matrixWith(values, 3)), expected, {
        absolute: 1e-14 * scale,
      });
    }
  });

  it('have vectors of length 1, orthogonal, with A·x = λ·x', async () => {
    const values = Array.from({ length: 25 }, (_, i) => (i % 5 === 0 ? 0 : i - 8));
    const a = matrixWith(values, 4);
    const { values: found, vectors } = symmetricEigen(a);
    for (const [i, x] of vectors.entries()) {
      const image = await timesOf(a)(x);
      assertClose(
        image,
        x.map((value) => found[i]! * value),
        { absolute: 1e-13 },
      );
      for (const [k, y] of vectors.entries()) {
        const inner = x.reduce((sum, value, m) => sum + value * y[m]!, 0);
        assertClose(inner, i === k ? 1 : 0, { absolute: 1e-14 });
      }
    }
  });

  it('refuse what is no matrix or not finite', () => {
    assert.throws(() => symmetricEigenvalues(new Float64Array(5)), InputError);
    assert.throws(() => symmetricEigenvalues(new Float64Array(0)), InputError);
    assert.throws(() => symmetricEigen(Float64Array.of(1, Number.NaN, 0, 1)), InputError);
  });

  it('give the index: those below 0 by more than rounding', () => {
    assert.equal(hessianIndex(Float64Array.of(-3, -2e-10, 0, 1)), 1);
    assert.equal(hessianIndex(Float64Array.of(-3, -4e-10, 0, 1)), 2);
    assert.equal(hessianIndex(Float64Array.of(-3, -0.5, 0, 1), 1), 1);
    assert.equal(hessianIndex(new Float64Array(3)), 0);
  });
});

describe("Lanczos' method", () => {
  const values = Array.from({ length: 300 }, (_, i) => Math.sin(i) * (i < 8 ? 50 : 1));
  const sorted = [...values].sort((x, y) => x - y);
  const a = matrixWith(values, 5);

  it('finds both ends within the residuals it states', async () => {
    const options = { largest: 4, smallest: 3, tolerance: 1e-8 };
    const { largest, smallest, steps, converged } = await extremeEigenvalues(
      timesOf(a),
      300,
      options,
    );
    assert.ok(converged);
    assert.ok(steps < 100, `${steps} steps`);
    assert.equal(smallest.length, 3);
    largest.forEach(({ value }, i) => {
      assertClose(value, sorted.at(-1 - i)!, { absolute: 1e-8 });
    });
    smallest.forEach(({ value }, i) => {
      assertClose(value, sorted[i]!, { absolute: 1e-8 });
    });
  });

  it('states |A·x − λ·x|, whether it has converged or not', async () => {
    const { largest, converged } = await extremeEigenvalues(timesOf(a), 300, {
      largest: 3,
      maxSteps: 8,
      tolerance: 1e-12,
    });
    assert.equal(converged, false);
    for (const { value, vector, residual } of largest) {
      const image = await timesOf(a)(vector);
      assertClose(Math.hypot(...image.map((x, i) => x - value * vector[i]!)), residual, {
        absolute: 1e-12,
      });
    }
    assert.ok(largest.some(({ residual }) => residual > 1e-3));
  });

  it('goes through a space that closes early, and finds equal eigenvalues once it is whole', async () => {
    const equal = matrixWith([2, 2, 2, 2, -1, -1, 0, 0], 6);
    const all = await extremeEigenvalues(timesOf(equal), 8, {
      largest: 4,
      smallest: 4,
      tolerance: 0,
    });
    assert.equal(all.steps, 8);
    assertClose(
      [...all.smallest, ...all.largest].map(({ value }) => value),
      [-1, -1, 0, 0, 2, 2, 2, 2],
      { absolute: 1e-12 },
    );
  });

  it('is a function of the seed, tells its steps and stops on a signal', async () => {
    const told: number[] = [];
    const run = (seed: number) =>
      extremeEigenvalues(timesOf(a), 300, {
        largest: 1,
        maxSteps: 6,
        seed,
        onStep: (steps) => told.push(steps),
      });
    const [first, again, other] = [await run(1), await run(1), await run(2)];
    assert.deepEqual(first, again);
    assert.notEqual(first.largest[0]!.value, other.largest[0]!.value);
    assert.deepEqual(told.slice(0, 6), [1, 2, 3, 4, 5, 6]);
    const signal = AbortSignal.abort(new Error('enough'));
    await assert.rejects(extremeEigenvalues(timesOf(a), 300, { signal }), /enough/);
  });

  it('refuses options out of range and products that are not finite', async () => {
    for (const options of [
      { largest: -1 },
      { maxSteps: 0 },
      { tolerance: Number.NaN },
      { seed: -1 },
    ]) {
      await assert.rejects(extremeEigenvalues(timesOf(a), 300, options), InputError);
    }
    const broken = async (v: Float64Array) => v.map(() => Number.NaN);
    await assert.rejects(extremeEigenvalues(broken, 9), InputError);
    await assert.rejects(spectralDensity(broken, 9), InputError);
    await assert.rejects(spectralDensity(timesOf(a), 300, { probes: 1 }), InputError);
    for (const negligible of [Number.NaN, -1]) {
      await assert.rejects(spectralDensity(timesOf(a), 300, { negligible }), InputError);
    }
    const longer = async () => new Float64Array(10);
    await assert.rejects(extremeEigenvalues(longer, 9), /as many, got 10/);
  });
});

describe('stochastic Lanczos quadrature', () => {
  it('has the exact trace within its stated error, over the nets of fixtures.py', async () => {
    // Of 13 independent deviations in units of their standard errors, from 30 probes each: about 1
    // in 50 of them is above 2.5 by chance.
    const deviations: number[] = [];
    for (const [seed, net] of nets.entries()) {
      const size = net.weights.length;
      const a = matrixWith(net.spectrum, 7);
      const { trace } = await spectralDensity(timesOf(a), size, { probes: 30, steps: 20, seed });
      deviations.push(Math.abs(trace.mean - net.trace) / trace.standardError);
    }
    assert.ok(
      deviations.every((deviation) => deviation < 3.5),
      `${deviations}`,
    );
    assert.ok(deviations.filter((deviation) => deviation < 2).length >= 10, `${deviations}`);
    assert.ok(Math.max(...deviations) > 0.5, 'the errors are not overstated');
  });

  it('has the share of negative eigenvalues, and shares that add up to 1', async () => {
    const values = Array.from({ length: 120 }, (_, i) => (i < 30 ? -1 - (i % 3) : i < 60 ? 0 : 2));
    const options = { probes: 40, steps: 10, seed: 1 };
    const { negativeShare, probes, steps } = await spectralDensity(
      timesOf(matrixWith(values, 8)),
      120,
      options,
    );
    assert.equal(steps, 10);
    assert.ok(Math.abs(negativeShare.mean - 0.25) < 3 * negativeShare.standardError);
    assert.ok(negativeShare.standardError < 0.02);
    for (const { shares } of probes) {
      assertClose(
        shares.reduce((sum, share) => sum + share, 0),
        1,
        { relative: 1e-12 },
      );
    }
  });

  it('is exact with as many steps as there are numbers: the moments of each probe', async () => {
    // Σ share·λ² = |A·v|² for the probe v; its mean over probes is trace(A²)/n.
    const a = matrixWith([3, -1, 0.5, 0.25], 9);
    const { probes } = await spectralDensity(timesOf(a), 4, { probes: 3000, steps: 4 });
    const squares = probes.map(({ values, shares }) =>
      values.reduce((sum, value, i) => sum + shares[i]! * value * value, 0),
    );
    const mean = squares.reduce((sum, x) => sum + x, 0) / squares.length;
    // 10.3125/4; the standard error is about 0.05.
    assertClose(mean, 10.3125 / 4, { absolute: 0.15 });
    assertNear(probes[0]!.values, [-1, 0.25, 0.5, 3], 1e-12);
  });

  it('smooths to a density whose integral is 1', () => {
    const probe = { values: Float64Array.of(-1, 4), shares: Float64Array.of(0.25, 0.75) };
    const at = Array.from({ length: 2001 }, (_, i) => -10 + i / 100);
    const density = densityAt({ probes: [probe] }, at, 0.5);
    assertClose(
      density.reduce((sum, x) => sum + x / 100, 0),
      1,
      { absolute: 1e-9 },
    );
    // 0.25·N(−1; −1, 0.5²) = 0.25/(0.5·√(2π)).
    assertClose(density[900]!, 0.25 / (0.5 * Math.sqrt(2 * Math.PI)), { relative: 1e-9 });
    assert.throws(() => densityAt({ probes: [probe] }, at, 0), InputError);
  });
});
