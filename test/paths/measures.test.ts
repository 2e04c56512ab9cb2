import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { chainLengths, interpolateBetweenStateDicts, linspace, measurePath } from '../../lib/paths';
import { assertClose } from '../close';
import { randomStateDict } from './randomStateDict';

describe('measures of a path', () => {
  const [w1, w2, theta] = [randomStateDict(1), randomStateDict(2), randomStateDict(3)];

  it('measures a tent: L(t) = 1 + 4t up to ½, 3 − 2(t − ½) after', () => {
    // Ends 1 and 2, top 3. ∫ = ½·(1+3)/2 + ½·(3+2)/2 = 1 + 1.25. (a) 3 − 1.5. (b) 3 − 1.5.
    const m = measurePath([0, 0.5, 1], [1, 3, 2]);
    assertClose(m.uniformMean, 2.25, { relative: 1e-15 });
    assertClose(m.arcLengthMean, 2.25, { relative: 1e-15 });
    assert.deepEqual([m.maximum, m.argmax, m.barrierA, m.barrierB], [3, 0.5, 1.5, 1.5]);
    // A first half three times as long: mean loss 2 there and 2.5 after, (3·2 + 1·2.5)/4.
    assertClose(measurePath([0, 0.5, 1], [1, 3, 2], [3, 1]).arcLengthMean, 8.5 / 4, {
      relative: 1e-15,
    });
    // The top near the worse end: (a) and (b) differ. L = 0, 4, 3: (a) 4 − 1.5, (b) 4 − 2.4.
    const skew = measurePath([0, 0.8, 1], [0, 4, 3]);
    assertClose([skew.barrierA, skew.barrierB], [2.5, 1.6], { relative: 1e-12 });
  });

  it('says of NaN and ∞ what numpy says', () => {
    // numpy 2.4.6: max, argmax and trapezoid of the losses, max of losses − interp(t, [0, 1], ends).
    const none = Number.NaN;
    const measured = (losses: number[]) => {
      const m = measurePath([0, 0.25, 0.5, 1], losses);
      return [m.maximum, m.argmax, m.barrierA, m.barrierB, m.uniformMean, m.arcLengthMean];
    };
    assert.deepEqual(measured([1, none, none, 1]), [none, 0.25, none, none, none, none]);
    assert.deepEqual(measured([none, 5, 2, 1]), [none, 0, none, none, none, none]);
    assert.deepEqual(measured([1, 5, 2, none]), [none, 1, none, none, none, none]);
    assert.deepEqual(measured([1, Infinity, none, 1]), [none, 0.5, none, none, none, none]);
    const most = Infinity;
    assert.deepEqual(measured([1, most, most, 1]), [most, 0.25, most, most, most, most]);
    // ∞ − ∞ at the end itself.
    assert.deepEqual(measured([most, 1, 1, 1]), [most, 0, none, none, most, most]);
    // Read back from JSON, which has null for NaN: not a loss of 0.
    const readBack = JSON.parse(JSON.stringify([1, 5, none, 1])) as number[];
    assert.deepEqual(measured(readBack), [none, 0.5, none, none, none, none]);
  });

  it('measures a million points', () => {
    const ts = linspace(0, 1, 1_000_001);
    const m = measurePath(
      ts,
      ts.map((t) => 1 - Math.abs(t - 0.5)),
    );
    // A tent from ½ to 1: mean ¾.
    assert.deepEqual([m.maximum, m.argmax, m.barrierA, m.barrierB], [1, 0.5, 0.5, 0.5]);
    assertClose(m.uniformMean, 0.75, { relative: 1e-10 });
  });

  it('measures ts that were summed up, whose last but one is just below 1', () => {
    const ts = [0];
    while (ts.at(-1)! < 1) ts.push(ts.at(-1)! + 0.1);
    assert.deepEqual([ts[5], ts[10]], [0.5, 1 - 2 ** -53]);
    ts[11] = 1;
    // ∫ t over the way, which is 3 times as fast on the second half: (⅛·1 + ⅜·3)/(½·1 + ½·3).
    assertClose(measurePath(ts, ts, [1, 3]).arcLengthMean, 1.25 / 2, { relative: 1e-12 });
  });

  it('leaves t outside [0, 1] out of the measures and insists on the ends', () => {
    assert.equal(measurePath([-1, 0, 1, 2], [9, 1, 1, 9]).maximum, 1);
    assert.throws(() => measurePath([0, 0.9], [1, 1]), /hold 0 and 1/);
    assert.throws(() => measurePath([0, 1], [1]), /as many losses/);
    assert.throws(() => measurePath([0, 0.5, 0.5, 1], [1, 1, 1, 1]), /rising/);
    for (const lengths of [[], [Number.NaN], [1, Number.NaN], [Infinity], [2, -1], [0, 0], [0]]) {
      assert.throws(
        () => measurePath([0, 0.5, 1], [1, 3, 2], lengths),
        /segmentLengths must be finite, at least 0, and not all of them 0, got \[.*\]; chainLengths/,
      );
    }
    // θ at w₁: all of the way is on the second half, (3 + 2)/2.
    assert.equal(measurePath([0, 0.5, 1], [1, 3, 2], [0, 4]).arcLengthMean, 2.5);
    assert.throws(() => measurePath([0, 1], [1, 2], [4, 0]), /½ for a chain/);
  });

  it('wants ½ where a chain has segments of different lengths, and nowhere else', () => {
    // With ½ the mean is (0·9 + 1·1)/10 of a step from 0 to 1; 0.49 to 0.51 would all go to one side.
    const ts = [0, 0.49, 0.51, 1];
    const told = /^InputError: measurePath: expected 0\.5 among ts, where .* 9 and 1 meet; put it/;
    assert.throws(() => measurePath(ts, [0, 0, 1, 1], [9, 1]), told);
    // Of the same length it makes no difference: the trapezoids are 0.01 and 0.49.
    assertClose(measurePath(ts, [0, 0, 1, 1], [5, 5]).arcLengthMean, 0.5, { relative: 1e-15 });
    // Thirds, which are no exact fractions: losses 1, 2, 4 of segments 1, 2, 3 that the curve holds.
    const thirds = [0, 1 / 3, linspace(0, 1, 4)[2]!, 1];
    // ∫: (1 + 2)/2·1 + (2 + 4)/2·2 + (4 + 4)/2·3 over 6.
    const mean = measurePath(thirds, [1, 2, 4, 4], [1, 2, 3]).arcLengthMean;
    assertClose(mean, (1.5 + 6 + 12) / 6, { relative: 1e-12 });
  });

  it('a chain is at least as long as the line', () => {
    const before = tf.memory().numTensors;
    const { segments, line, ratio } = chainLengths(w1, w2, theta);
    assert.equal(tf.memory().numTensors, before);
    assertClose(ratio, (segments[0] + segments[1]) / line, { relative: 1e-12 });
    assert.ok(ratio > 1);
    const middle = interpolateBetweenStateDicts(0.5, w1, w2);
    assertClose(chainLengths(w1, w2, middle).ratio, 1, { relative: 1e-6 });
  });
});
