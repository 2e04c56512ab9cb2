import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { curvatureAt, extremeEigenvalues, hessianVectorProduct } from '../../lib/curvature';
import { defaultEngine, tfjsEngine, useBackend } from '../../lib/engine';
import { InputError } from '../../lib/errors';
import { sequential } from '../../lib/nn';
import { parametersToVector, vectorToParameters } from '../../lib/nn/vector';
import { disposeStateDict } from '../../lib/weights';
import { nets, pointOf, samples } from './imageNets';
import { assertNear } from './nets';

/** float32: some thousand operations on numbers of one size. */
const FLOAT32 = 3e-6;

describe('curvature of networks of images, by tfjs', () => {
  before(() => useBackend());

  for (const net of nets) {
    const { network, buffers } = net;
    const [w, v] = [net.weights, net.v].map((x) => Float64Array.from(x)) as [
      Float64Array,
      Float64Array,
    ];

    it(`is that of torch.func in float64: ${net.name}`, async () => {
      const live = tf.memory().numTensors;
      const point = pointOf(network, w, buffers);
      const curvature = await curvatureAt(network, point, samples);
      disposeStateDict(point);
      assertNear([curvature.loss], [net.loss], FLOAT32);
      assertNear(curvature.gradient, net.gradient, FLOAT32);
      assertNear(await curvature.hessian(v), net.hessianV, FLOAT32);
      assertNear(await curvature.gaussNewton(v), net.gaussNewtonV, FLOAT32);
      const { largest, smallest } = await extremeEigenvalues(
        (x) => curvature.hessian(x),
        w.length,
        {
          largest: 2,
          smallest: 2,
        },
      );
      const found = [...smallest, ...largest].map(({ value }) => value).sort((a, b) => a - b);
      const ends = [...net.spectrum.slice(0, 2), ...net.spectrum.slice(-2)];
      assertNear(found, ends, 10 * FLOAT32);
      const running = curvature.hessian(v);
      curvature.dispose();
      assertNear(await running, net.hessianV, FLOAT32);
      assert.equal(tf.memory().numTensors, live);
    });

    it(`is how its gradient changes along v: ${net.name}`, async () => {
      const step = 2e-4;
      const [ahead, behind] = await Promise.all(
        [step, -step].map(async (t) => {
          const point = pointOf(
            network,
            w.map((x, i) => x + t * v[i]!),
            buffers,
          );
          const curvature = await curvatureAt(network, point, samples, { engine: tfjsEngine });
          disposeStateDict(point);
          curvature.dispose();
          return curvature.gradient;
        }),
      );
      const difference = ahead!.map((x, i) => (x - behind![i]!) / (2 * step));
      assertNear(difference, net.hessianV, 2e-3);
    });
  }

  it('has products as state dicts, of directions with and without buffers', async () => {
    const { network, weights, v, buffers, hessianV } = nets[0]!;
    const point = pointOf(network, Float64Array.from(weights), buffers);
    const along = vectorToParameters(network, Float64Array.from(v));
    const product = await hessianVectorProduct(network, point, along, samples);
    assertNear(
      Object.values(product).flatMap((t) => [...t.dataSync()]),
      hessianV,
      FLOAT32,
    );
    const whole = pointOf(network, Float64Array.from(v), buffers);
    const same = await hessianVectorProduct(network, point, whole, samples);
    for (const name of Object.keys(product)) {
      assert.deepEqual(same[name]!.dataSync(), product[name]!.dataSync());
    }
    assert.equal(parametersToVector(network, whole).length, v.length);
    disposeStateDict(point, along, product, whole, same);
  });

  it('names the layer that has no second derivative', async () => {
    const network = sequential(
      [1, 6, 6],
      [
        { kind: 'channelsLast' },
        { kind: 'conv2d', inputs: 1, outputs: 1, kernelSize: 3, padding: 'valid' },
        { kind: 'gelu' },
        { kind: 'flatten' },
        { kind: 'dense', inputs: 16, outputs: 3 },
      ],
    );
    const point = vectorToParameters(network, new Float64Array(61));
    const live = tf.memory().numTensors;
    for (const engine of [defaultEngine, tfjsEngine]) {
      await assert.rejects(curvatureAt(network, point, samples, { engine }), (error: Error) => {
        return error instanceof InputError && /^curvature: gelu has no second/.test(error.message);
      });
    }
    assert.equal(tf.memory().numTensors, live);
    disposeStateDict(point);
  });

  it('stops between two batches when its signal is aborted', async () => {
    const { network, weights, v, buffers } = nets[0]!;
    const point = pointOf(network, Float64Array.from(weights), buffers);
    const curvature = await curvatureAt(network, point, samples);
    const signal = AbortSignal.abort();
    const stopped = curvature.hessian(Float64Array.from(v), signal);
    await assert.rejects(stopped, { name: 'AbortError' });
    curvature.dispose();
    disposeStateDict(point);
  });
});
