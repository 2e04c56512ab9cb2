import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import {
  type Candidates,
  compareFigures,
  drawTelling,
  EXACT,
  OF_LOSS,
  ofAccuracy,
  separation,
  type Tolerance,
  told,
} from '../../lib/checks/figures';

const TENTH: Tolerance = { absolute: 0.1, relative: 0 };

describe('figures beside those that are wanted', () => {
  const compare = (got: unknown, wanted: number[], tolerance = TENTH, others: Candidates = {}) =>
    compareFigures(got, wanted, others, (i) => `at ${i}`, tolerance);

  it('may be off by absolute + relative · |wanted|, and not by more', () => {
    const tolerance = { absolute: 0.1, relative: 0.01 };
    for (const wanted of [10, -10]) {
      assert.equal(compare([wanted + 0.19], [wanted], tolerance), undefined);
      assert.equal(compare([wanted - 0.19], [wanted], tolerance), undefined);
      assert.match(String(compare([wanted + 0.21], [wanted], tolerance)), /^at 0 you have/);
    }
    assert.equal(
      compare([1, 1.15, 5], [1, 1, 1]),
      'at 1 you have 1.150, the network there has 1.000',
      'the first that differs, if by little',
    );
    assert.equal(compare([Number.NaN], [Number.NaN]), undefined);
    for (const [got, wanted] of [
      [1e300, Number.POSITIVE_INFINITY],
      [Number.NaN, 1],
      ['1', 1],
    ] as const) {
      assert.match(String(compare([got], [wanted])), /^at 0 you have/);
    }
    assert.equal(compare([1, 2], [1]), 'expected 1 numbers, got 2');
    assert.equal(compare(7, [1]), 'expected a list of 1 numbers, got 7.000');
  });

  it('of losses and of numbers are off by rounding alone, accuracies by a sample of few', () => {
    assert.equal(compare([0.30001], [0.3], OF_LOSS), undefined);
    assert.ok(compare([0.3005], [0.3], OF_LOSS));
    assert.equal(compare([1 + 1e-7], [1], EXACT), undefined);
    assert.ok(compare([1 + 1e-5], [1], EXACT));
    assert.equal(compare([0.89], [0.9], ofAccuracy(100)), undefined, 'one of 100');
    assert.ok(compare([0.88], [0.9], ofAccuracy(100)), 'two');
    assert.equal(compare([0.90004], [0.9], ofAccuracy(100_000)), undefined, 'four of 100 000');
    assert.ok(compare([0.9001], [0.9], ofAccuracy(100_000)), 'ten');
  });

  it('are called by what they are, where that is near, and by nothing that is less so', () => {
    const as = (others: Candidates) => compare([1.001, 2], [5, 5], TENTH, others);
    assert.equal(as({ apples: [1.001, 2], pears: [1.09, 2] }), 'these are apples');
    assert.equal(as({ apples: [1, 2], pears: [1, 2] }), 'these are apples, or pears');
    // Ten times as far as the nearest one, and a hundredth of a tolerance more.
    const far = { apples: [1.005], pears: [1.05], plums: [1.053] };
    assert.equal(compare([1], [5], TENTH, far), 'these are apples, or pears');
    const apart = { apples: [1.151, 2], pears: [1.001] };
    assert.equal(as(apart), 'at 0 you have 1.001, the network there has 5.000');
  });

  it('lie apart by the least of all others, in tolerances', () => {
    const others = { near: [1.2], far: [1.5] };
    assert.ok(Math.abs(separation([1], others, TENTH) - 2) < 1e-9);
    const diverged = { ...others, none: [Number.NaN] };
    assert.equal(separation([1], diverged, TENTH), separation([1], others, TENTH));
    assert.equal(separation([1, Number.NaN], { far: [5, 5] }, TENTH), 0);
  });

  it('are said in a few words, with what is amiss if they are none', () => {
    const tensor = tf.scalar(1);
    const said = [0.123456, '3', Promise.resolve(1), tensor, [1], Float32Array.of(1), told];
    assert.deepEqual(said.map(told), [
      '0.1235',
      "'3', which is a text and no number",
      'a promise (is an await missing?)',
      'a tensor (dataSync()[0] gives its number)',
      'a list',
      'a list',
      'a function',
    ]);
    assert.deepEqual([undefined, null, true].map(told), ['undefined', 'null', 'true']);
    tensor.dispose();
  });
});

describe('drawTelling', () => {
  it('takes the first draw at three tolerances, and discards those before', async () => {
    const discarded: number[] = [];
    const drawn = await drawTelling(
      async (attempt) => attempt,
      (attempt) => attempt,
      (attempt) => discarded.push(attempt),
    );
    assert.deepEqual([drawn, ...discarded], [3, 0, 1, 2]);
  });

  it('gives up after thirty', async () => {
    let draws = 0;
    const never = drawTelling(
      async () => ++draws,
      () => 2.9,
    );
    await assert.rejects(never, /take a network that depends on its weights/);
    assert.equal(draws, 30);
  });
});
