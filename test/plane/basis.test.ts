import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { chain, linspace } from '../../lib/paths';
import { disposeBasis, orthogonalBasis, planeCoordinates, planeStateDict } from '../../lib/plane';
import { onOneLine } from '../../lib/plane/basis';
import { generator } from '../../lib/random';
import {
  disposeStateDict,
  dot,
  equal,
  linearCombination,
  norm,
  type StateDict,
  scale,
  subtract,
} from '../../lib/weights';
import { assertClose } from '../close';

function randomStateDict(seed: number, size = 1): StateDict {
  const random = generator(seed);
  const draw = (n: number) =>
    Float32Array.from({ length: n }, () => size * (random.uniform() - 0.5));
  return { weight: tf.tensor2d(draw(1200), [30, 40]), bias: tf.tensor1d(draw(30)) };
}

describe('orthogonalBasis', () => {
  const [w1, w2, theta] = [randomStateDict(1), randomStateDict(2), randomStateDict(3)];

  it('is orthogonal, starts at w1, and has w2 at (1, 0) and θ at (a, 1)', () => {
    const basis = orthogonalBasis(w1, w2, theta);
    const { u, v, lengths } = basis;
    assert.ok(Math.abs(dot(u, v)) <= 1e-7 * lengths.u * lengths.v);
    assertClose([lengths.u, lengths.v], [norm(u), norm(v)], { relative: 1e-12 });
    const places = [w1, w2, theta].map((w) => planeCoordinates(basis, w));
    assertClose(
      places.flatMap(({ a, b }) => [a, b]),
      [0, 0, 1, 0, basis.theta.a, 1],
      { absolute: 1e-6 },
    );
    assert.ok(places.every(({ residual }) => residual < 1e-6));
    assert.ok(equal(planeStateDict(basis, { a: 0, b: 0 }), w1));
    assert.equal(basis.theta.b, 1);
  });

  it('is there in any unit, also where |û| is 1', () => {
    const middle = linearCombination([0.5, 0.5], [w1, w2]);
    for (const unit of [1e-4, 1e4]) {
      const [a, b, c, on] = [w1, w2, theta, middle].map((point) => scale(unit, point));
      const { lengths } = orthogonalBasis(a!, b!, c!);
      assertClose(lengths.u, unit * norm(subtract(w2, w1)), { relative: 1e-5 });
      assert.throws(() => orthogonalBasis(a!, b!, on!), /theta lies on the line/);
    }
    const point = (...values: number[]) => ({ w: tf.tensor1d(values) });
    const { lengths } = orthogonalBasis(point(0, 0), point(1, 0), point(1, 1));
    assert.deepEqual(lengths, { u: 1, v: 1 });
  });

  it('holds every point of the chain, also past its ends', () => {
    const basis = orthogonalBasis(w1, w2, theta);
    const path = chain(w1, w2, theta);
    for (const t of linspace(-0.5, 1.5, 21)) {
      const point = linearCombination(path.coefficients(t), path.anchors);
      assert.ok(planeCoordinates(basis, point).residual < 1e-6);
    }
  });

  it('says how far a point lies off the plane', () => {
    const basis = orthogonalBasis(w1, w2, theta);
    assert.ok(planeCoordinates(basis, randomStateDict(4)).residual > 0.5);
  });

  it('stays orthogonal when θ is almost on the line and far out', () => {
    // θ = w1 + 50·u + a thousandth of |u| sideways: the projection is 5·10⁴ times the rest.
    const near = linearCombination([1 - 50, 50, 0.003], [w1, w2, randomStateDict(7, 0.5)]);
    const { u, v, lengths } = orthogonalBasis(w1, w2, linearCombination([1, 0.02], [near, theta]));
    assert.ok(Math.abs(dot(u, v)) <= 1e-6 * lengths.u * lengths.v);
  });

  it('refuses three points that span no plane', () => {
    const middle = linearCombination([0.5, 0.5], [w1, w2]);
    assert.throws(() => orthogonalBasis(w1, w2, middle), /theta lies on the line/);
    assert.throws(() => orthogonalBasis(w1, w2, w1), /theta lies on the line/);
    assert.throws(() => orthogonalBasis(w1, w1, theta), /the same point/);
    const diverged = linearCombination([Number.NaN], [theta]);
    assert.throws(() => orthogonalBasis(w1, w2, diverged), /\|theta - w1\| must be .* got NaN/);
    assert.throws(() => orthogonalBasis(w1, diverged, theta), /\|w2 - w1\| must be .* got NaN/);
    const bare = { weight: theta.weight! };
    assert.throws(() => orthogonalBasis(w1, w2, bare), /^InputError: orthogonalBasis.*'bias'/);
    assert.throws(() => orthogonalBasis(w1, bare, theta), /^InputError: orthogonalBasis.*'bias'/);
  });

  it('tells a line from a plane by what is left beside it, as a part of |θ − w1|', () => {
    // Beside the line is 6·10⁻⁵ of |θ − w1| in the second, 2·10⁻² in the third; the bar is 10⁻⁴.
    const beside = (part: number) => linearCombination([0.5, 0.5, part], [w1, w2, theta]);
    assert.deepEqual(
      [w1, beside(0), beside(3e-5), beside(1e-2), theta].map((w) => onOneLine(w1, w2, w)),
      [true, true, true, false, false],
    );
    assert.ok(onOneLine(w1, w1, theta));
  });

  it('leaves no tensors but û and v̂', () => {
    const before = tf.memory().numTensors;
    const basis = orthogonalBasis(w1, w2, theta);
    planeCoordinates(basis, theta);
    assert.equal(tf.memory().numTensors, before + 4);
    disposeBasis(basis);
    assert.throws(() => orthogonalBasis(w1, w2, w2), /line/);
    onOneLine(w1, w2, theta);
    disposeStateDict(planeStateDict(orthogonalBasis(w1, w2, theta), { a: 1, b: 2 }));
    assert.equal(tf.memory().numTensors, before + 4);
  });
});
