import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { useBackend } from '../../lib/engine';
import { initialize } from '../../lib/nn';
import {
  arcLength,
  bezier,
  chain,
  chainCoefficients,
  chainLengths,
  distance,
  evaluatePath,
  interpolateBetweenStateDicts,
  line,
  linspace,
} from '../../lib/paths';
import { generator } from '../../lib/random';
import { equal, linearCombination, type StateDict } from '../../lib/weights';
import { assertClose } from '../close';
import { toyDataset, toyNetwork } from '../toy';
import { randomStateDict } from './randomStateDict';

const [w1, w2, ...bends] = [1, 2, 3, 4, 5].map(randomStateDict) as [
  StateDict,
  StateDict,
  StateDict,
  StateDict,
  StateDict,
];
const at = ({ anchors, coefficients }: ReturnType<typeof chain>, t: number) =>
  linearCombination(coefficients(t), anchors);

describe('a chain', () => {
  it('has w₁, its bends and w₂ at equal steps of t, bit for bit', () => {
    for (const count of [0, 1, 2, 3]) {
      const own = bends.slice(0, count);
      const path = chain(w1, w2, ...own);
      [w1, ...own, w2].forEach((anchor, k) => {
        assert.ok(equal(at(path, k / (count + 1)), anchor), `${k} of ${count}`);
      });
    }
    for (let count = 1; count < 100; count++) {
      const { coefficients } = chain(w1, w2, ...Array.from({ length: count }, () => w1));
      for (let k = 0; k <= count + 1; k++) {
        const expected = Array.from({ length: count + 2 }, (_, i) => (i === k ? 1 : 0));
        assert.deepEqual(coefficients(k / (count + 1)), expected);
      }
    }
  });

  it('is with one bend φ_θ, to the last bit, and without one the line', () => {
    const random = generator(1);
    const ts = Array.from({ length: 500 }, () => 3 * random.uniform() - 1);
    for (const t of [...ts, 0, 0.5, 1, 0.5 - 2 ** -54, 0.5 + 2 ** -53]) {
      assert.deepEqual(chain(w1, w2, w1).coefficients(t), [...chainCoefficients(t)], `t = ${t}`);
    }
    assert.deepEqual(chain(w1, w2).coefficients(0.25), [0.75, 0.25]);
  });

  it('goes straight between its bends, and on beyond its ends', () => {
    const { coefficients } = chain(w1, w2, ...bends);
    assertClose(coefficients(0.3), [0, 0.8, 0.2, 0, 0], { absolute: 1e-15 });
    assertClose(coefficients(1.25), [0, 0, 0, -1, 2]);
    assertClose(coefficients(-0.25), [2, -1, 0, 0, 0]);
    assert.deepEqual(coefficients(Number.NaN), Array(5).fill(Number.NaN));
  });
});

describe('a Bézier curve', () => {
  it('begins at w₁ and ends at w₂, bit for bit', () => {
    for (const count of [0, 1, 2, 3]) {
      const path = bezier(w1, w2, ...bends.slice(0, count));
      assert.ok(equal(at(path, 0), w1) && equal(at(path, 1), w2));
    }
  });

  it('is what de Casteljau’s lines between lines give', () => {
    const own = [w1, ...bends, w2];
    for (const t of [-0.5, 0.2, 0.5, 0.9]) {
      let points: number[][] = own.map((_, i) => own.map((_, k) => (i === k ? 1 : 0)));
      while (points.length > 1) {
        points = points.slice(1).map((b, i) => b.map((v, k) => t * v + (1 - t) * points[i]![k]!));
      }
      assertClose(bezier(w1, w2, ...bends).coefficients(t), points[0]!, { absolute: 1e-14 });
    }
  });

  it('has on the midpoint for a bend the losses of the line', async () => {
    await useBackend();
    const [a, b] = [initialize(toyNetwork, 1), initialize(toyNetwork, 2)];
    const middle = interpolateBetweenStateDicts(0.5, a, b);
    const datasets = { train: toyDataset(50, 1) };
    const ts = linspace(0, 1, 5);
    const curved = await evaluatePath(toyNetwork, bezier(a, b, middle), ts, datasets);
    const straight = await evaluatePath(toyNetwork, line(b, a), ts, datasets);
    assertClose(curved.trainLoss, straight.trainLoss, { relative: 1e-6 });
  });
});

describe('arcLength', () => {
  it('is the sum of a chain’s segments', () => {
    const { segments } = chainLengths(w1, w2, bends[0]!);
    assertClose(arcLength(chain(w1, w2, bends[0]!)), segments[0] + segments[1], { relative: 1e-6 });
    // The root of what rounding leaves of |w|², 840 times.
    assertClose(arcLength(line(w1, w1)), 0, { absolute: 1e-6 });
  });

  it('is exact for chains of up to seven bends, whose joints are among its points', () => {
    for (let count = 0; count <= 7; count++) {
      const own = Array.from({ length: count }, (_, k) => randomStateDict(10 + k));
      const stops = [w1, ...own, w2];
      const sum = stops.slice(1).reduce((total, b, k) => total + distance(stops[k]!, b), 0);
      assertClose(arcLength(chain(w1, w2, ...own)), sum, { relative: 1e-6 });
    }
    // One piece goes straight from end to end.
    const curve = bezier(w1, w2, ...bends);
    assertClose(arcLength(curve, 1), distance(w1, w2), { relative: 1e-6 });
  });

  it('is a parabola’s: from (−1, 1) by (0, −1) to (1, 1), √5 + asinh(2)/2', () => {
    // That curve is y = x² on [−1, 1], whose length is √5 + asinh(2)/2.
    const [a, b, bend] = [
      { w: tf.tensor1d([-1, 1]) },
      { w: tf.tensor1d([1, 1]) },
      { w: tf.tensor1d([0, -1]) },
    ] as const;
    const length = Math.sqrt(5) + Math.asinh(2) / 2;
    assertClose(arcLength(bezier(a, b, bend)), length, { relative: 2e-6 });
    assert.throws(() => arcLength(line(a, b), 0), /pieces must be an integer of at least 1/);
  });
});
