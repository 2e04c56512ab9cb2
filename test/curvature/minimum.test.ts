import assert from 'node:assert/strict';
import { findMinimum, hessianIndex, lossSurface, symmetricEigenvalues } from '../../lib/curvature';
import { ClassifierFC } from '../../lib/nn';
import { generator, normal } from '../../lib/random';
import { assertClose } from '../close';
import { landscape, wells } from './landscapes';
import { samples } from './nets';

/** Rosenbrock's valley, (1 − x)² + 100·(y − x²)²: its minimum is (1, 1), and it has no other. */
const rosenbrock = landscape((x, y) => [
  (1 - x) ** 2 + 100 * (y - x * x) ** 2,
  [2 * (x - 1) - 400 * x * (y - x * x), 200 * (y - x * x)],
  [2 - 400 * y + 1200 * x * x, -400 * x, -400 * x, 200],
]);
/** x³ + x + y²: it falls for ever. */
const falling = landscape((x, y) => [x ** 3 + x + y * y, [3 * x * x + 1, 2 * y], [6 * x, 0, 0, 2]]);

const surfaceOf = (hiddenDim: number) => {
  const shape = { inputShape: [1, 3, 3], outputSize: 3, hiddenDim };
  const network = ClassifierFC({ ...shape, nonlinearity: 'tanh' });
  return lossSurface(network, samples, { weightDecay: 1e-2 });
};

describe('the search for a minimum', () => {
  it('ends at one, also where a saddle is nearer', async () => {
    const start = Float64Array.of(0.2, -1);
    const found = await findMinimum(wells, start);
    assertClose(found.weights, [1, 0], { absolute: 1e-10 });
    assert.deepEqual([found.index, found.converged], [0, true]);
    assert.deepEqual([...start], [0.2, -1]);
  });

  it('goes along a narrow valley', async () => {
    const { weights, converged, steps } = await findMinimum(rosenbrock, Float64Array.of(-1.2, 1));
    assertClose(weights, [1, 1], { absolute: 1e-9 });
    assert.ok(converged && steps < 60, `${steps} steps`);
  });

  it('converges to a minimum from random weights of a net, below its start', async () => {
    const surface = surfaceOf(4);
    for (const seed of [1, 2, 3]) {
      const random = generator(seed);
      const start = Float64Array.from({ length: surface.parameters }, () => normal(random));
      const told: number[] = [];
      const found = await findMinimum(surface, start, { onStep: (_, norm) => told.push(norm) });
      const at = surface.at(found.weights);
      assert.ok(found.converged && at.loss < surface.at(start).loss, `${found.gradientNorm}`);
      assert.ok(Math.hypot(...at.gradient) <= 1e-10);
      assert.equal(hessianIndex(symmetricEigenvalues(at.matrix())), 0);
      assert.deepEqual([told.length, told.at(-1)], [found.steps, found.gradientNorm]);
    }
  });

  // Of two equal neurons neither moves without the other: bit for bit, as all sums are the same.
  it('keeps to what a symmetry leaves alone: there it is a saddle, if not a minimum', async () => {
    const saddle = await findMinimum(wells, Float64Array.of(0, 3));
    assert.deepEqual([...saddle.weights], [0, 0]);
    assert.deepEqual([saddle.index, saddle.converged], [1, true]);
    const surface = surfaceOf(2);
    const random = generator(5);
    const start = Float64Array.from({ length: surface.parameters }, () => normal(random));
    // 9 weights into each of two neurons, 2 biases, 3 pairs of weights out of them, 3 biases.
    for (let k = 0; k < 9; k++) start[9 + k] = start[k]!;
    for (let k = 18; k < 26; k += 2) start[k + 1] = start[k]!;
    const { weights, converged } = await findMinimum(surface, start);
    assert.ok(converged);
    assert.deepEqual(weights.subarray(9, 18), weights.subarray(0, 9));
    for (let k = 18; k < 26; k += 2) assert.equal(weights[k + 1], weights[k]);
  });

  it('ends after its steps, and says that it has not converged', async () => {
    const found = await findMinimum(falling, Float64Array.of(1, 1), { maxSteps: 30 });
    assert.deepEqual([found.converged, found.steps], [false, 30]);
    assert.ok(found.loss < 0, `${found.loss}`);
  });

  it('refuses options out of range and a start that is not finite', async () => {
    const start = Float64Array.of(1, 1);
    await assert.rejects(findMinimum(wells, start, { tolerance: 0 }), /findMinimum: tolerance/);
    await assert.rejects(findMinimum(wells, start, { maxSteps: 0.5 }), /findMinimum: maxSteps/);
    const nowhere = findMinimum(wells, Float64Array.of(Number.NaN, 0));
    await assert.rejects(nowhere, /^InputError: findMinimum: loss and gradient must be finite/);
    const signal = AbortSignal.abort(new Error('enough'));
    await assert.rejects(findMinimum(wells, start, { signal }), /enough/);
  });
});
