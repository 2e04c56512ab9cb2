import assert from 'node:assert/strict';
import { checkBarrier, checkBezierPoint, checkDisagreement } from '../../lib/checks';
import { useBackend } from '../../lib/engine';
import { getStateDictFromChain } from '../../lib/paths';
import { linearCombination } from '../../lib/weights';
import { failing, hints, onlyStubs, stub } from './checked';

describe('the checks of Part 4.2', () => {
  before(() => useBackend());
  const ends = (losses: number[]) => (losses[0]! + losses.at(-1)!) / 2;
  const differing = (a: number[], b: number[]) => a.filter((label, i) => label !== b[i]).length;
  const CLASSES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
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
    const overMean = (losses: number[]) =>
      top(losses) - losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
    assert.match(hints(await checkBarrier(overMean)), /above the mean of all losses/);
    const sorted = await checkBarrier((losses) => top(losses.sort()) - ends(losses));
    assert.match(hints(sorted), /it changes or disposes the losses/);
    onlyStubs(await checkBarrier(stub));
  });

  it('ask for a barrier on a ridge of 1 to 2, and on a straight fall', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const asked: number[][] = [];
      await checkBarrier((losses) => asked.push([...losses]), seed);
      const [ridge, fall] = asked as [number[], number[]];
      for (const losses of [ridge, fall]) {
        assert.equal(losses.length, 9);
        assert.ok(losses[0]! >= 1 && losses[0]! < 2, `it begins at ${losses[0]}`);
        assert.ok(losses[8]! >= 0 && losses[8]! < 1, `it ends at ${losses[8]}`);
      }
      const over = (losses: number[]) =>
        losses.map((loss, i) => loss - (losses[0]! + (i / 8) * (losses[8]! - losses[0]!)));
      for (const height of over(ridge).slice(1, 8)) assert.ok(height >= 1 && height < 2);
      for (const height of over(fall)) assert.ok(Math.abs(height) < 1e-12);
    }
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
    const nowhere = await checkBezierPoint((_t, w1, w2) => linearCombination([1, 1], [w1, w2]));
    assert.match(hints(nowhere), /^at t = 0 it is \d\.\d off$/m, 'it is no curve that has a name');
    const none = await checkBezierPoint(() => undefined as never);
    assert.match(hints(none), /^it returns undefined, not a state dict/);
    assert.doesNotMatch(hints(none), /threw/);
  });

  it('ask for a Bézier curve at its ends, half way and somewhere that no table has', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const asked: number[] = [];
      await checkBezierPoint((t) => void asked.push(t) as never, seed);
      const anywhere = asked.splice(3)[0]!;
      assert.deepEqual(asked, [0, 1, 0.5]);
      assert.ok(anywhere >= 0.1 && anywhere <= 0.4, String(anywhere));
      assert.equal(anywhere, Number(anywhere.toFixed(4)));
    }
  });

  it('hold of a share of classes that differ, and of no other number', async () => {
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

  it('ask for the share of lists that differ in their first class, and agree in most', async () => {
    let all = 0;
    for (let seed = 1; seed <= 20; seed++) {
      let asked: number[][] = [];
      const check = await checkDisagreement((...lists) => {
        if (asked.length === 0) asked = lists;
        return differing(...lists) / 40;
      }, seed);
      assert.deepEqual(failing(check), []);
      const [a, b] = asked as [number[], number[]];
      for (const label of [...a, ...b]) assert.ok(CLASSES.includes(label), String(label));
      assert.notEqual(a[0], b[0]);
      assert.ok(2 * differing(a, b) < a.length);
      all += differing(a, b);
    }
    // Ten of 40: the first one, and of ten others that are drawn anew nine. The mean's s is 0.2.
    assert.ok(Math.abs(all / 20 - 10) < 0.6, String(all / 20));
  });
});
