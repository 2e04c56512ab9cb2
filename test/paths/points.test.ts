import assert from 'node:assert/strict';
import {
  chainCoefficients,
  getStateDictFromChain,
  interpolateBetweenStateDicts,
  linspace,
} from '../../lib/paths';
import { equal, type StateDict } from '../../lib/weights';
import { assertClose } from '../close';
import { randomStateDict } from './randomStateDict';

describe('paths', () => {
  const [w1, w2, theta] = [randomStateDict(1), randomStateDict(2), randomStateDict(3)];
  const at = (s: StateDict) => [...s.weight!.dataSync(), ...s.bias!.dataSync()];

  it('the line is t·a + (1 − t)·b, with exact ends', () => {
    assert.ok(equal(interpolateBetweenStateDicts(1, w1, w2), w1));
    assert.ok(equal(interpolateBetweenStateDicts(0, w1, w2), w2));
    for (const t of [-0.5, 0.25, 1.5]) {
      const expected = at(w1).map((x, i) => t * x + (1 - t) * at(w2)[i]!);
      assertClose(at(interpolateBetweenStateDicts(t, w1, w2)), expected, { absolute: 1e-6 });
    }
  });

  it('the chain passes w1, θ and w2 bit for bit at 0, ½ and 1', () => {
    assert.ok(equal(getStateDictFromChain(0, w1, w2, theta), w1));
    assert.ok(equal(getStateDictFromChain(0.5, w1, w2, theta), theta));
    assert.ok(equal(getStateDictFromChain(1, w1, w2, theta), w2));
  });

  it('the chain is straight between them and goes straight on outside', () => {
    // φ(¼) = (w1 + θ)/2, φ(¾) = (θ + w2)/2, φ(−½) = 2·w1 − θ, φ(1½) = 2·w2 − θ.
    const expected: [number, (i: number) => number][] = [
      [0.25, (i) => (at(w1)[i]! + at(theta)[i]!) / 2],
      [0.75, (i) => (at(theta)[i]! + at(w2)[i]!) / 2],
      [-0.5, (i) => 2 * at(w1)[i]! - at(theta)[i]!],
      [1.5, (i) => 2 * at(w2)[i]! - at(theta)[i]!],
    ];
    for (const [t, value] of expected) {
      const point = at(getStateDictFromChain(t, w1, w2, theta));
      assertClose(
        point,
        point.map((_, i) => value(i)),
        { absolute: 1e-6 },
      );
    }
  });

  it("the chain's coefficients sum to 1 and are continuous at the bend", () => {
    for (const t of linspace(-1, 2, 31)) {
      const [c1, c, c2] = chainCoefficients(t);
      assertClose(c1 + c + c2, 1, { absolute: 1e-12 });
    }
    assert.deepEqual(chainCoefficients(0.5), [0, 1, 0]);
    assertClose(chainCoefficients(0.5 + 1e-9), [0, 1, 0], { absolute: 1e-8 });
  });

  it('refuses a t that is no finite number and names the function', () => {
    assert.throws(() => getStateDictFromChain(Number.NaN, w1, w2, theta), /FromChain: t must be/);
    assert.throws(() => interpolateBetweenStateDicts(Infinity, w1, w2), /StateDicts: t must be/);
  });
});
