import assert from 'node:assert/strict';
import { curvatureAt, extremeEigenvalues } from '../../../lib/curvature';
import { nativeEngine, useBackend } from '../../../lib/engine';
import { ClassifierFC, initialize } from '../../../lib/nn';
import { disposeStateDict } from '../../../lib/weights';
import { toyDataset } from '../../toy';
import { bitsWith } from './bitsWith';

describe('products with the Hessian by the native engine', function () {
  this.timeout(60_000);

  it('are the same to the bit for any number of threads', () => {
    const printed = [1, 2, 3, 5].map((threads) => bitsWith(threads, 'curvatureBits.ts'));
    assert.equal(new Set(printed).size, 1, printed.join(''));
  });

  it('stop when their signal is aborted, and go on after it', async () => {
    await useBackend();
    const network = ClassifierFC({ inputShape: [1, 4, 4], outputSize: 10, hiddenDim: 8 });
    const weights = initialize(network, 1);
    const samples = toyDataset(3000, 3);
    const curvature = await curvatureAt(network, weights, samples, { engine: nativeEngine });
    const v = curvature.gradient.slice();
    const right = await curvature.hessian(v);
    const enough = new Error('enough');
    const stop = new AbortController();
    const running = curvature.hessian(v, stop.signal);
    stop.abort(enough);
    await assert.rejects(running, enough);
    await assert.rejects(curvature.gaussNewton(v, AbortSignal.abort(enough)), enough);
    assert.deepEqual(await curvature.hessian(v), right);
    const { signal } = stop;
    await assert.rejects(extremeEigenvalues(curvature.hessian, v.length, { signal }), enough);
    curvature.dispose();
    disposeStateDict(weights);
  });
});
