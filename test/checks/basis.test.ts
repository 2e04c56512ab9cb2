import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { checkBasis } from '../../lib/checks';
import { randomPoints } from '../../lib/checks/points';
import { useBackend } from '../../lib/engine';
import { orthogonalBasis, planeCoordinates } from '../../lib/plane';
import { linearCombination, norm, type StateDict, scale } from '../../lib/weights';
import { failing, hints, stub, verdicts } from './checked';

const keepBasis = (basis: ReturnType<typeof orthogonalBasis>) => {
  for (const tensor of [basis.u, basis.v].flatMap((of) => Object.values(of))) tf.keep(tensor);
  return basis;
};

describe('checkBasis', () => {
  before(() => useBackend());

  it('holds whatever the lengths, signs and order', async () => {
    const variants: ((...points: [StateDict, StateDict, StateDict]) => {
      u: StateDict;
      v: StateDict;
    })[] = [
      orthogonalBasis,
      (...points) => {
        const { u, v } = orthogonalBasis(...points);
        return { u: scale(1e-4, v), v: scale(-3, u) };
      },
      (...points) => {
        const { u, v } = orthogonalBasis(...points);
        return { u: scale(1e4, u), v: scale(1e-4, v) };
      },
      (w1, w2, theta) => orthogonalBasis(theta, w1, w2),
    ];
    for (const basis of variants) {
      const given: number[] = [];
      const check = await checkBasis((...points) => {
        given.push(points.length);
        return basis(...points);
      });
      assert.deepEqual(failing(check), []);
      assert.deepEqual(given, [3, 3]);
    }
    assert.deepEqual(verdicts(await checkBasis(stub)), Array(4).fill('not answered'));
  });

  it('says what is missing from what comes back, and of points that it has not given', async () => {
    const of = async (value: unknown) => hints(await checkBasis(() => value as never));
    assert.match(await of(undefined), /^it returns undefined, not { u, v }: does it end with a/);
    assert.match(await of(undefined), /(\nthe same as for “û ⊥ v̂”){2}\n/);
    assert.match(await of({ u: {} }), /there is no v in what it returns: expected { u, v }/);
    let calls = 0;
    const [any, other] = randomPoints(2, 7) as [StateDict, StateDict];
    const inTurn = await checkBasis((w1, w2, theta) => {
      if (calls++ === 0) return orthogonalBasis(any, other, theta);
      return { u: linearCombination([1, -1], [calls === 2 ? w2 : theta, w1]), v: any };
    });
    assert.equal(calls, 2, 'all is told of one pair, for either three points');
    assert.equal(failing(inTurn).length, 4);
    const global = { 'layers.1.weight': tf.zeros([64, 784]) };
    assert.match(await of({ u: global, v: global }), /u: its .* does it use its arguments\?/);
  });

  it('tells an angle, another plane, and a vector that is none', async () => {
    const slanted = await checkBasis((w1, w2, theta) => ({
      u: linearCombination([1, -1], [w2, w1]),
      v: linearCombination([1, -1], [theta, w1]),
    }));
    // What the task gives is no answer, so it earns nothing.
    assert.equal(failing(slanted).length, 4);
    assert.match(hints(slanted), /^there are \d\d\.\d° between them: what part/);
    // The same angle, from the other side of the line along u.
    const obtuse = await checkBasis((w1, w2, theta) => ({
      u: linearCombination([1, -1], [w2, w1]),
      v: linearCombination([-1, 1], [theta, w1]),
    }));
    assert.equal(hints(obtuse), hints(slanted));
    const [other] = randomPoints(1, 9) as [StateDict];
    let off: number | undefined;
    const elsewhere = await checkBasis((w1, w2, theta) => {
      const basis = orthogonalBasis(w1, w2, other);
      off ??= planeCoordinates(basis, theta).residual;
      return basis;
    });
    assert.deepEqual(failing(elsewhere), ['θ lies in their plane']);
    const told = `${Number((100 * off!).toPrecision(2))} % of the way from w₁ to θ lies outside`;
    assert.ok(hints(elsewhere).includes(told), told);
    const zero = await checkBasis((...points) => {
      const { u, v } = orthogonalBasis(...points);
      return { u, v: scale(0, v) };
    });
    assert.equal(failing(zero).length, 4);
  });

  /** û and v̂ with a cosine c between them, of length 1 at first. */
  const at = (c: number, sign: 1 | -1 = 1) =>
    checkBasis((...points) => {
      const { u, v } = orthogonalBasis(...points);
      const [unit, other] = [scale(1 / norm(u), u), scale(sign / norm(v), v)];
      return { u: unit, v: linearCombination([c, Math.sqrt(1 - c * c)], [unit, other]) };
    });

  it('says what angle there is, and that the plane is right for all that', async () => {
    for (const [c, told] of [
      [0.5, /^there are 60\.0° between them/],
      [-0.5, /^there are 60\.0° between them/],
      // 89.7°, and 89.94°.
      [0.005, /^there are almost 90° \(cosine 5\.0e-3\) between them/],
      [0.001, /^there are almost 90° \(cosine 1\.0e-3\) between them/],
    ] as const) {
      assert.match(hints(await at(c)), told);
    }
    for (const sign of [1, -1] as const) assert.deepEqual(failing(await at(0.09, sign)), ['û ⊥ v̂']);
    assert.deepEqual(failing(await at(0.11)).length, 4, 'that is no answer yet');
    for (const c of [1, -1]) {
      assert.match(hints(await at(c)), /\nû and v̂ are parallel, and span no plane\n/);
    }
  });

  it('tells a basis that was kept from other points', async () => {
    let first: ReturnType<typeof orthogonalBasis> | undefined;
    const kept = await checkBasis((...points) => {
      first ??= keepBasis(orthogonalBasis(...points));
      return first;
    });
    assert.match(hints(kept), /with other points, [\d.]+ % of the way from w₁ to w₂ lies outside/);
  });
});
