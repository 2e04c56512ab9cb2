import assert from 'node:assert/strict';
import { hessianIndex, lossSurface, symmetricEigenvalues } from '../../lib/curvature';
import { makeDataset, normalise } from '../../lib/data';
import { InputError } from '../../lib/errors';
import { ClassifierFC, countParameters, initialize, sequential } from '../../lib/nn';
import { parametersToVector } from '../../lib/nn/vector';
import { disposeStateDict } from '../../lib/weights';
import { assertClose } from '../close';
import { assertNear, nets, samples, torchVersion } from './nets';

/** Both sides are float64; some hundred operations on numbers of one size round to 1e-13. */
const ROUNDING = 1e-12;

describe('the loss in double precision', () => {
  for (const net of nets) {
    describe(`against torch.func ${torchVersion}: ${net.name}`, () => {
      const point = lossSurface(net.network, samples).at(Float64Array.from(net.weights));
      const v = Float64Array.from(net.v);

      it('loss and gradient', () => {
        assertClose(point.loss, net.loss, { relative: ROUNDING });
        assertNear(point.gradient, net.gradient, ROUNDING);
      });

      it('Hv and Gv', async () => {
        assertNear(await point.hessian(v), net.hessianV, ROUNDING);
        assertNear(await point.gaussNewton(v), net.gaussNewtonV, ROUNDING);
      });

      it('the whole spectrum and the trace', () => {
        const matrix = point.matrix();
        const size = net.weights.length;
        assertNear(symmetricEigenvalues(matrix), net.spectrum, ROUNDING);
        const trace = net.weights.reduce((sum, _, i) => sum + matrix[i * size + i]!, 0);
        const scale = Math.max(...net.spectrum.map(Math.abs));
        assertClose(trace, net.trace, { absolute: ROUNDING * scale });
      });

      it('the Hessian is symmetric to the bit and is made of its products', async () => {
        const matrix = point.matrix();
        const size = net.weights.length;
        for (const column of [0, 10, size - 1]) {
          const unit = new Float64Array(size);
          unit[column] = 1;
          const row = matrix.slice(column * size, (column + 1) * size);
          assertNear(row, await point.hessian(unit), ROUNDING);
          assertClose(
            row,
            row.map((_, i) => matrix[i * size + column]!),
          );
        }
      });
    });
  }

  it('softmax regression is convex: no eigenvalue below 0', () => {
    const linear = nets.find(({ hidden }) => hidden.length === 0)!;
    const point = lossSurface(linear.network, samples).at(Float64Array.from(linear.weights));
    const eigenvalues = symmetricEigenvalues(point.matrix());
    assert.ok(eigenvalues[0]! > -1e-15);
    assert.equal(hessianIndex(eigenvalues), 0);
  });

  it('stays so where every sample is right and the loss is 1e-8 or 1e-26', () => {
    const linear = nets.find(({ hidden }) => hidden.length === 0)!;
    const labels = new Uint8Array(samples.labels.length);
    const surface = lossSurface(linear.network, { ...samples, labels });
    const first = linear.weights.length - linear.network.outputSize;
    for (const bias of [20, 60]) {
      const weights = Float64Array.from(linear.weights);
      weights[first] = bias;
      const { loss, gradient, matrix } = surface.at(weights);
      // All p but the first are about e^−bias, and so is a loss of log(1 + Σp); ∂L/∂b₀ is −Σp.
      assertClose(loss, -gradient[first]!, { relative: 1e-6 });
      assert.equal(hessianIndex(symmetricEigenvalues(matrix())), 0);
    }
  });

  it('no net has a Gauss–Newton eigenvalue below 0, though most have of the Hessian', async () => {
    for (const net of nets) {
      const point = lossSurface(net.network, samples).at(Float64Array.from(net.weights));
      const size = net.weights.length;
      const matrix = new Float64Array(size * size);
      for (let i = 0; i < size; i++) {
        const unit = new Float64Array(size);
        unit[i] = 1;
        matrix.set(await point.gaussNewton(unit), i * size);
      }
      const eigenvalues = symmetricEigenvalues(matrix);
      assertNear(eigenvalues, net.gaussNewtonSpectrum, ROUNDING);
      assert.ok(eigenvalues[0]! > -1e-12, net.name);
    }
    assert.ok(nets.filter(({ spectrum }) => spectrum[0]! < -1e-3).length > 8);
  });

  it('of normalised images is that of the images made so before', () => {
    const network = ClassifierFC({ inputShape: [1, 3, 3], outputSize: 3, hiddenDim: 4 });
    const weights = initialize(network, 1);
    const w = parametersToVector(network, weights);
    disposeStateDict(weights);
    const floats = Float32Array.from(samples.images, (byte) => (byte / 255 - 0.25) / 0.5);
    const made = makeDataset({ ...samples, images: floats });
    const asked = normalise(samples, { mean: [0.25], std: [0.5] });
    const losses = [made, asked].map((dataset) => lossSurface(network, dataset).at(w).loss);
    // float32 pixels against float64.
    assertClose(losses[0]!, losses[1]!, { relative: 1e-7 });
    assert.notEqual(losses[1], lossSurface(network, samples).at(w).loss);
  });

  it('with weight decay has ½·λ·|w|² and its derivatives added', async () => {
    const { network, weights, v, hessianV, gaussNewtonV, spectrum } = nets[2]!;
    const w = Float64Array.from(weights);
    const plain = lossSurface(network, samples).at(w);
    const point = lossSurface(network, samples, { weightDecay: 0.5 }).at(w);
    const square = weights.reduce((sum, x) => sum + x * x, 0);
    assertClose(point.loss, plain.loss + 0.25 * square, { relative: ROUNDING });
    assertNear(
      point.gradient,
      plain.gradient.map((x, i) => x + 0.5 * w[i]!),
      ROUNDING,
    );
    const added = (product: number[]) => product.map((x, i) => x + 0.5 * v[i]!);
    assertNear(await point.hessian(Float64Array.from(v)), added(hessianV), ROUNDING);
    assertNear(await point.gaussNewton(Float64Array.from(v)), added(gaussNewtonV), ROUNDING);
    const shifted = spectrum.map((x) => x + 0.5);
    assertNear(symmetricEigenvalues(point.matrix()), shifted, ROUNDING);
    assert.throws(() => lossSurface(network, samples, { weightDecay: -1 }), InputError);
  });

  it('keeps along each ReLU neuron’s rescaling: the curvature that its gradient says, 0 at a minimum', async () => {
    // In × α, out ÷ α: the loss does not change along w(α), so its second derivative there, the
    // direction's curvature plus the gradient along the bend of the way, is 0. At a minimum the
    // gradient is 0 as well; elsewhere the second term is taken off.
    const { network, weights } = nets[1]!;
    const w = Float64Array.from(weights);
    const point = lossSurface(network, samples).at(w);
    const [inputs, hidden, outputs] = [9, 8, 3];
    const out = hidden * (inputs + 1);
    for (let neuron = 0; neuron < hidden; neuron++) {
      // With α = eˢ: w′ = (in, −out) and w″ = (in, out).
      const [way, bend] = [new Float64Array(w.length), new Float64Array(w.length)];
      const into = Array.from({ length: inputs }, (_, k) => neuron * inputs + k);
      for (const k of [...into, hidden * inputs + neuron]) way[k] = bend[k] = w[k]!;
      for (let o = 0; o < outputs; o++) {
        const k = out + o * hidden + neuron;
        bend[k] = w[k]!;
        way[k] = -w[k]!;
      }
      const inner = (x: Float64Array, y: Float64Array) =>
        x.reduce((sum, a, i) => sum + a * y[i]!, 0);
      const curvature = inner(way, await point.hessian(way));
      const slope = inner(point.gradient, bend);
      assertClose(curvature + slope, 0, { absolute: 1e-13 });
      assertClose(inner(point.gradient, way), 0, { absolute: 1e-14 });
    }
  });

  it('keeps a point, whatever becomes of the vector that it was asked for with', async () => {
    const network = ClassifierFC({ inputShape: [1, 3, 3], outputSize: 3, hiddenDim: 4 });
    const weights = Float64Array.from({ length: countParameters(network) }, (_, i) => Math.sin(i));
    const point = lossSurface(network, samples, { weightDecay: 0.1 }).at(weights);
    const [before, matrix] = [await point.hessian(weights.slice()), point.matrix()];
    const v = weights.slice();
    weights.fill(3);
    assert.deepEqual(await point.hessian(v), before);
    assert.deepEqual([point.matrix(), point.weights], [matrix, v]);
  });

  it('refuses other layers, other samples and other vectors', () => {
    const network = ClassifierFC({ inputShape: [1, 3, 3], outputSize: 3, hiddenDim: 4 });
    const gelu = sequential([9], [{ kind: 'dense', inputs: 9, outputs: 3 }, { kind: 'gelu' }]);
    assert.throws(() => lossSurface(gelu, samples), InputError);
    assert.throws(() => lossSurface(network, { ...samples, imageShape: [1, 1, 9] }), InputError);
    assert.throws(() => lossSurface(network, { ...samples, length: 0 }), InputError);
    const labels = Uint8Array.from(samples.labels, () => 3);
    assert.throws(() => lossSurface(network, { ...samples, labels }), InputError);
    assert.throws(() => lossSurface(network, samples).at(new Float64Array(5)), InputError);
    const weightDecay = Number.POSITIVE_INFINITY;
    assert.throws(() => lossSurface(network, samples, { weightDecay }), InputError);
  });
});
