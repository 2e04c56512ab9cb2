import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { curvatureAt, hessianVectorProduct } from '../../lib/curvature';
import { dataLoader, take } from '../../lib/data';
import { lossAndGradient, nativeEngine, tfjsEngine, useBackend } from '../../lib/engine';
import { InputError } from '../../lib/errors';
import { crossEntropy, sequential } from '../../lib/nn';
import { parametersToVector, vectorToParameters } from '../../lib/nn/vector';
import { disposeStateDict, equal } from '../../lib/weights';
import { assertNear, nets, samples } from './nets';

/** float32: some thousand operations on numbers of one size. */
const FLOAT32 = 3e-6;

describe('vectors of weight space', () => {
  const { network, weights } = nets[1]!;
  const vector = Float64Array.from(weights);

  it('are rows of tensors in their order, and back', () => {
    const live = tf.memory().numTensors;
    const stateDict = vectorToParameters(network, vector);
    assert.deepEqual(parametersToVector(network, stateDict), vector);
    const again = vectorToParameters(network, parametersToVector(network, stateDict));
    assert.ok(equal(again, stateDict));
    // [8, 9] row-major, then the bias of 8.
    assert.equal(stateDict['layers.1.weight']!.bufferSync().get(2, 3), vector[2 * 9 + 3]);
    assert.equal(stateDict['layers.1.bias']!.bufferSync().get(5), vector[72 + 5]);
    disposeStateDict(stateDict, again);
    assert.equal(tf.memory().numTensors, live);
  });

  it('refuse another number, and tensors that are not the network’s', () => {
    assert.throws(() => vectorToParameters(network, new Float64Array(3)), InputError);
    assert.throws(() => parametersToVector(network, {}), InputError);
  });
});

for (const engine of [nativeEngine, tfjsEngine]) {
  describe(`curvature at a point, by ${engine.name}`, () => {
    before(() => useBackend());

    for (const net of nets) {
      it(`is that of torch.func: ${net.name}`, async () => {
        const live = tf.memory().numTensors;
        const weights = vectorToParameters(net.network, Float64Array.from(net.weights));
        const curvature = await curvatureAt(net.network, weights, samples, { engine });
        disposeStateDict(weights);
        assertNear([curvature.loss], [net.loss], FLOAT32);
        assertNear(curvature.gradient, net.gradient, FLOAT32);
        const v = Float64Array.from(net.v);
        assertNear(await curvature.hessian(v), net.hessianV, FLOAT32);
        assertNear(await curvature.gaussNewton(v), net.gaussNewtonV, FLOAT32);
        curvature.dispose();
        assert.equal(tf.memory().numTensors, live);
      });
    }

    it('has the gradient that training has, and products as state dicts', async () => {
      const { network, weights, v, hessianV } = nets[1]!;
      const [w, direction] = [weights, v].map((x) =>
        vectorToParameters(network, Float64Array.from(x)),
      );
      const product = await hessianVectorProduct(network, w!, direction!, samples, { engine });
      assertNear(parametersToVector(network, product), hessianV, FLOAT32);
      const curvature = await curvatureAt(network, w!, samples, { engine });
      for (const batch of dataLoader(samples, { batchSize: 12 })) {
        const { gradient, buffers } = lossAndGradient(network, w!, batch, crossEntropy);
        assertNear(curvature.gradient, parametersToVector(network, gradient), FLOAT32);
        disposeStateDict(gradient, buffers);
      }
      curvature.dispose();
      disposeStateDict(w!, direction!, product);
    });

    it('ends products that run when it is disposed, and makes none after that', async () => {
      const { network, weights, v, hessianV } = nets[1]!;
      const w = vectorToParameters(network, Float64Array.from(weights));
      const curvature = await curvatureAt(network, w, samples, { engine });
      const running = curvature.hessian(Float64Array.from(v));
      curvature.dispose();
      curvature.dispose();
      assertNear(await running, hessianV, FLOAT32);
      for (const product of [curvature.hessian, curvature.gaussNewton]) {
        await assert.rejects(product(Float64Array.from(v)), /curvature: it is disposed/);
      }
      disposeStateDict(w);
    });

    it('refuses vectors of another size, no samples and layers that it has no formula for', async () => {
      const { network, weights } = nets[1]!;
      const w = vectorToParameters(network, Float64Array.from(weights));
      const curvature = await curvatureAt(network, w, samples, { engine });
      await assert.rejects(curvature.hessian(new Float64Array(4)), InputError);
      await assert.rejects(curvature.gaussNewton(new Float64Array(4)), InputError);
      await assert.rejects(curvatureAt(network, w, take(samples, 0), { engine }), InputError);
      curvature.dispose();
      const other = sequential(
        [1, 3, 3],
        [
          { kind: 'reshape', shape: [9] },
          { kind: 'gelu' },
          { kind: 'dense', inputs: 9, outputs: 3 },
        ],
      );
      const linear = vectorToParameters(other, new Float64Array(30));
      await assert.rejects(curvatureAt(other, linear, samples, { engine }), /gelu/);
      disposeStateDict(w, linear);
    });
  });
}
