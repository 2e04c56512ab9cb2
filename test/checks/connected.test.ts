import assert from 'node:assert/strict';
import { checkBarrier, checkBezierPoint, checkDisagreement } from '../../lib/checks';
import { useBackend } from '../../lib/engine';
import { getStateDictFromChain } from '../../lib/paths';
import { linearCombination } from '../../lib/weights';
import { failing, hints, onlyStubs, stub } from './checked';

describe('the checks of Part 4.2', () => {
  before(() => useBackend());
  const ends = (losses: number[]) => (losses[0]! + losses.at(-1)!) / 2;
  const top = (losses: number[]) => Math.max(...losses);

  it('hold of a barrier above the mean of the ends, and tell others by their names', async () => {
    assert.deepEqual(failing(await checkBarrier((losses) => top(losses) - ends(losses))), []);
    for (const [answer, hint] of [
      [top, /the raw maximum/],
      [(losses: number[]) => losses[4]! - ends(losses), /the middle of the way/],
      [(losses: number[]) => top(losses) - losses[0]!, /above the first/],
      [(losses: number[]) => top(losses) - losses.at(-1)!, /above the last/],
      [(losses: number[]) => -top(losses), /on losses made up for this you have -/],
    ] as const) {
      for (let seed = 1; seed <= 5; seed++) {
        const check = await checkBarrier(answer, seed);
        assert.ok(failing(check).includes('it is the largest loss minus the mean of the ends'));
        assert.match(hints(check), hint);
      }
    }
    const sorted = await checkBarrier((losses) => top(losses.sort()) - ends(losses));
    assert.match(hints(sorted), /it changes or disposes the losses/);
    onlyStubs(await checkBarrier(stub));
  });

  it('hold of a Bézier curve, and of no other way by the same bend', async () => {
    const right = await checkBezierPoint((t, w1, w2, theta) =>
      linearCombination([(1 - t) ** 2, 2 * t * (1 - t), t * t], [w1, theta, w2]),
    );
    assert.deepEqual(failing(right), []);
    const bent = await checkBezierPoint(getStateDictFromChain);
    assert.deepEqual(failing(bent), ['half way it is ¼·w₁ + ½·θ + ¼·w₂', 'so it is in between']);
    assert.match(hints(bent), /that is the chain/);
    const back = await checkBezierPoint((t, w1, w2, theta) =>
      linearCombination([(1 - t) ** 2, 2 * t * (1 - t), t * t], [w2, theta, w1]),
    );
    assert.match(hints(back), /the curve from w₂ to w₁/);
    const halved = await checkBezierPoint((t, w1, w2, theta) =>
      linearCombination([(1 - t) ** 2, t * (1 - t), t * t], [w1, theta, w2]),
    );
    assert.match(hints(halved), /without the 2/);
    onlyStubs(await checkBezierPoint(stub));
  });

  it('hold of a share of classes that differ, and of no other number', async () => {
    const differing = (a: number[], b: number[]) => a.filter((label, i) => label !== b[i]).length;
    const right = (a: number[], b: number[]) => differing(a, b) / a.length;
    assert.deepEqual(failing(await checkDisagreement(right)), []);
    for (const [answer, hint] of [
      [(a: number[], b: number[]) => 1 - right(a, b), /on which they agree/],
      [differing, /the number, not the share/],
      [(a: number[], b: number[]) => 100 * right(a, b), /in percent/],
      [
        (a: number[], b: number[]) =>
          a.reduce((sum, label, i) => sum + Math.abs(label - b[i]!), 0) / a.length,
        /the mean distance/,
      ],
    ] as const) {
      for (let seed = 1; seed <= 5; seed++) {
        assert.match(hints(await checkDisagreement(answer, seed)), hint);
      }
    }
    onlyStubs(await checkDisagreement(stub));
  });
});
