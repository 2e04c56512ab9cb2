import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { checkBendGradient } from '../../lib/checks';
import type { Batch } from '../../lib/data';
import { useBackend } from '../../lib/engine';
import { bendGradient } from '../../lib/paths';
import { type StateDict, scale } from '../../lib/weights';
import { toyNetwork } from '../toy';
import { sureOf } from './sureOf';
import { answer, batch, ends, theta, w1, w2 } from './toyBend';

describe('the bars of checkBendGradient', () => {
  before(() => useBackend());

  /** The chain of changed nets, and its gradient. */
  function changed(change: (weights: StateDict) => StateDict) {
    const [x, y, at] = [w1, w2, theta].map(change) as [StateDict, StateDict, StateDict];
    const right = (t: number, theta: StateDict, b: Batch) =>
      bendGradient(toyNetwork, t, { w1: x, w2: y, theta }, b);
    return { chain: { network: toyNetwork, w1: x, w2: y }, at, right };
  }

  it('are a thousandth of a loss, also of one of 0', async () => {
    const lossOff = async (share: number) => {
      const scaled: typeof answer = (t, at, b) => {
        const right = answer(t, at, b);
        return { ...right, loss: (1 + share) * right.loss };
      };
      return (await checkBendGradient(ends, scaled, theta, batch)).findings[0]!.hint;
    };
    for (const sign of [1, -1]) {
      assert.equal(await lossOff(sign * 0.9e-3), undefined);
      assert.match(
        String(await lossOff(sign * 1.1e-3)),
        /^at t = 0\.2 you have \d\.\d{3}, the net/,
      );
    }
    const { chain, at, right } = changed(sureOf);
    const zeros = { ...batch, y: tf.zerosLike(batch.y) };
    assert.equal(right(0.5, at, zeros).loss, 0);
    assert.equal((await checkBendGradient(chain, right, at, zeros)).findings[0]!.verdict, 'holds');
  });

  it('are not broken by a part that is to be zero', async () => {
    // At t = ½, which is θ, nothing reaches the first layer.
    const { chain, at, right } = changed((net) => ({
      ...net,
      'layers.3.weight': net['layers.3.weight']!.mul(0),
    }));
    const twice: typeof right = (t, ...of) => {
      const found = right(t, ...of);
      return { ...found, gradient: scale(t === 0.5 ? 2 : 1, found.gradient) };
    };
    const { findings } = await checkBendGradient(chain, twice, at, batch);
    assert.match(String(findings[2]!.hint), /^it points the right way, and the slope of the loss/);
  });
});
