import assert from 'node:assert/strict';
import { findCriticalPoint, type Landscape, lossSurface } from '../../lib/curvature';
import { InputError } from '../../lib/errors';
import { ClassifierFC, countParameters } from '../../lib/nn';
import { generator, normal } from '../../lib/random';
import { assertClose } from '../close';
import { landscape, timesOf, wells } from './landscapes';
import { samples } from './nets';

/** x³ + x + y²: no critical point; |∇| is least, 1, at 0, where H maps ∇ = (1, 0) to 0. */
const slope = landscape((x, y) => [x ** 3 + x + y * y, [3 * x * x + 1, 2 * y], [6 * x, 0, 0, 2]]);

describe('the search for critical points', () => {
  it('finds minima and saddles, whichever is near, with index and eigenvalues', async () => {
    const minimum = await findCriticalPoint(wells, Float64Array.of(0.8, 3));
    assertClose(minimum.weights, [1, 0], { absolute: 1e-10 });
    assert.equal(minimum.index, 0);
    assertClose(minimum.eigenvalues, [2, 8], { relative: 1e-9 });
    const start = Float64Array.of(0.2, -1);
    const saddle = await findCriticalPoint(wells, start);
    assertClose(saddle.weights, [0, 0], { absolute: 1e-10 });
    assertClose(saddle.loss, 1, { relative: 1e-12 });
    assert.equal(saddle.index, 1);
    for (const { converged, flat, gradientNorm, decrement } of [minimum, saddle]) {
      assert.deepEqual([converged, flat], [true, false]);
      assert.ok(gradientNorm <= 1e-10 && decrement < 1e-18);
    }
    assert.deepEqual([...start], [0.2, -1]);
  });

  it('tells a gradient-flat region from a critical point', async () => {
    const found = await findCriticalPoint(slope, Float64Array.of(0.9, 2));
    assert.equal(found.converged, false);
    assert.equal(found.flat, true);
    assertClose(found.gradientNorm, 1, { relative: 1e-6 });
  });

  it('tells a search that was cut off from both', async () => {
    const found = await findCriticalPoint(wells, Float64Array.of(0.8, 3), { maxSteps: 1 });
    assert.deepEqual([found.converged, found.flat, found.steps], [false, false, 1]);
  });

  // With tanh, no weights and a bias of the classes' log frequencies the gradient is 0, and the loss
  // the entropy of the labels. There H couples each neuron's outgoing weights with its ingoing ones
  // by C = (1/n)·Σ dₛxₛᵀ, of rank 2 with three classes, and is 0 in both: ± singular values, two
  // negative ones a neuron.
  it('finds the saddle of a tanh net that does nothing: its loss and index are known', async () => {
    const hiddenDim = 3;
    const network = ClassifierFC({
      inputShape: [1, 3, 3],
      outputSize: 3,
      hiddenDim,
      nonlinearity: 'tanh',
    });
    const counts = [0, 1, 2].map((c) => samples.labels.filter((label) => label === c).length);
    const random = generator(1);
    const start = Float64Array.from(
      { length: countParameters(network) },
      () => 1e-3 * normal(random),
    );
    counts.forEach((count, c) => {
      start[start.length - 3 + c] = Math.log(count / samples.length);
    });
    const found = await findCriticalPoint(lossSurface(network, samples), start);
    const entropy = counts.reduce((sum, n) => sum - (n / 12) * Math.log(n / 12), 0);
    assert.ok(found.converged, `${found.gradientNorm}`);
    assertClose(found.loss, entropy, { relative: 1e-9 });
    assert.equal(found.index, 2 * hiddenDim);
    assert.equal(found.parameters, 42);
  });

  it('converges on a net with weight decay from random points, the same each time', async () => {
    const options = { inputShape: [1, 3, 3], outputSize: 3, hiddenDim: 4 };
    const network = ClassifierFC({ ...options, nonlinearity: 'tanh' });
    const surface = lossSurface(network, samples, { weightDecay: 1e-2 });
    const from = (seed: number) => {
      const random = generator(seed);
      return Float64Array.from({ length: surface.parameters }, () => normal(random));
    };
    for (const seed of [1, 2, 3]) {
      const found = await findCriticalPoint(surface, from(seed));
      assert.deepEqual(await findCriticalPoint(surface, from(seed)), found);
      const at = surface.at(found.weights);
      assertClose(Math.hypot(...at.gradient), found.gradientNorm, { absolute: 1e-15 });
      if (found.converged) assert.ok(found.gradientNorm <= 1e-10);
      else assert.ok(found.flat || found.steps === 200, `${found.gradientNorm} ${found.steps}`);
    }
  });

  it('takes products alone on its way, and makes the Hessian once, at the end', async () => {
    let [products, matrices] = [0, 0];
    const counting: Landscape = {
      at(weights) {
        const point = wells.at(weights);
        return {
          ...point,
          async hessian(v) {
            products += 1;
            return await point.hessian(v);
          },
          matrix() {
            matrices += 1;
            return point.matrix();
          },
        };
      },
    };
    const { steps, index } = await findCriticalPoint(counting, Float64Array.of(0.2, -1));
    assert.deepEqual([matrices, index], [1, 1]);
    // Two dimensions: a space is whole after two products.
    assert.ok(products >= steps && products <= 2 * steps, `${products} products, ${steps} steps`);
  });

  it('leaves a matrix that the landscape gives at every point as it is, and the start', async () => {
    const a = Float64Array.of(2, 0.5, 0.1, 0.5, -3, 0.2, 0.1, 0.2, 1);
    const kept = a.slice();
    const times = timesOf(a);
    const gradient = (w: Float64Array) =>
      w.map((_, i) => w.reduce((sum, x, j) => sum + a[3 * i + j]! * x, 0));
    const saddle = {
      at: (w: Float64Array) => ({
        loss: 0,
        gradient: gradient(w),
        hessian: times,
        matrix: () => a,
      }),
    };
    const { converged, weights, index } = await findCriticalPoint(saddle, Float64Array.of(1, 2, 3));
    assert.deepEqual([converged, index], [true, 1]);
    assertClose(weights, [0, 0, 0], { absolute: 1e-10 });
    assert.deepEqual(a, kept);
    const start = new Float64Array(3);
    assert.notEqual((await findCriticalPoint(saddle, start)).weights, start);
  });

  it('refuses options out of range and a start that is not finite', async () => {
    const start = Float64Array.of(1, 1);
    await assert.rejects(findCriticalPoint(wells, start, { tolerance: 0 }), InputError);
    await assert.rejects(findCriticalPoint(wells, start, { maxSteps: -1 }), InputError);
    await assert.rejects(findCriticalPoint(wells, Float64Array.of(Number.NaN, 0)), InputError);
    const signal = AbortSignal.abort(new Error('enough'));
    await assert.rejects(findCriticalPoint(wells, start, { signal }), /enough/);
  });
});
