import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { trace } from '../../lib/checks/trace';
import { comesFrom } from '../../lib/checks/traceOfInit';
import { disposeStateDict, linearCombination, type StateDict } from '../../lib/weights';
import { assertClose } from '../close';

describe('the trace of an init', () => {
  it('is √n times the correlation of the matrices alone', () => {
    const of = (w: number[], b: number[]) => ({ w: tf.tensor2d(w, [2, 2]), b: tf.tensor1d(b) });
    const [weights, init] = [of([1, 2, 3, 6], [0, 1, 2]), of([2, 1, 4, 5], [0, 1, 2])];
    // Off their means of 3: −2, −1, 0, 3 and −1, −2, 1, 2; r = 10/√(14·10).
    assertClose(trace(weights, init), (2 * 10) / Math.sqrt(140), { relative: 1e-12 });
    // Of two matrices the sum, by √2.
    const twice = (point: StateDict) => ({ ...point, v: point.w! });
    const one = trace(weights, init);
    assertClose(trace(twice(weights), twice(init)), (2 * one) / Math.sqrt(2), { relative: 1e-12 });
    const flat = of([3, 3, 3, 3], [0, 1, 2]);
    assert.equal(trace(weights, flat), 0);
    assert.equal(trace(flat, init), 0);
    disposeStateDict(weights, init, flat);
  });

  it('is one from five standard deviations on', () => {
    // Of length 10, of mean 0, and across each other; r of 100 entries is 10·r standard deviations.
    const signs = (period: number) =>
      tf.tensor2d(
        Array.from({ length: 100 }, (_, i) => (i % period < period / 2 ? 1 : -1)),
        [10, 10],
      );
    const [init, across] = [{ w: signs(2) }, { w: signs(4) }];
    for (const [r, verdict] of [
      [0.49, false],
      [0.51, true],
    ] as const) {
      const weights = linearCombination([r, Math.sqrt(1 - r * r)], [init, across]);
      assertClose(trace(weights, init), 10 * r, { relative: 1e-6 });
      assert.equal(comesFrom(init, weights), verdict);
      disposeStateDict(weights);
    }
    disposeStateDict(init, across);
  });
});
