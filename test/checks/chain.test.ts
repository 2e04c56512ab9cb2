import assert from 'node:assert/strict';
import { checkChain } from '../../lib/checks';
import { useBackend } from '../../lib/engine';
import { getStateDictFromChain } from '../../lib/paths';
import { linearCombination, type StateDict, scale } from '../../lib/weights';
import { failing, hints, verdicts } from './checked';

describe('checkChain', () => {
  before(() => useBackend());

  it('holds of the right one', async () => {
    assert.deepEqual(failing(await checkChain(getStateDictFromChain)), []);
  });

  it('asks for both segments, at their ends and at places that mirror each other', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const asked = new Set<number>();
      await checkChain((t, ...points) => {
        asked.add(t);
        return getStateDictFromChain(t, ...points);
      }, seed);
      const ts = [...asked].sort((s, t) => s - t);
      assert.deepEqual([ts[0], ts.at(-1)], [0, 1]);
      for (const t of ts)
        assert.ok(
          ts.some((other) => Math.abs(1 - t - other) < 1e-12),
          String(t),
        );
      const [first, beside] = [
        ts.filter((t) => t < 0.5 - 2e-6),
        ts.filter((t) => Math.abs(t - 0.5) < 2e-6),
      ];
      assert.equal(first.length, 5, 'an end, three places, and one that no table has');
      assert.equal(beside.length, 3, 'θ, just before it, and just behind');
      for (const t of ts) assert.ok(Math.abs(t - Number(t.toFixed(4))) <= 1.1e-6, String(t));
    }
  });

  it('tells where another one goes wrong', async () => {
    const early = await checkChain((t, w1, w2, theta) =>
      t <= 0.3
        ? linearCombination([1 - t / 0.3, t / 0.3], [w1, theta])
        : linearCombination([(1 - t) / 0.7, (t - 0.3) / 0.7], [theta, w2]),
    );
    assert.match(hints(early), /^at t = 0\.5 your chain is \d\.\d away from θ: look/m);
    const torn = await checkChain((t, w1, w2, theta) =>
      t <= 0.5
        ? getStateDictFromChain(t, w1, w2, theta)
        : linearCombination([2 - 2 * t, t], [theta, w2]),
    );
    assert.deepEqual(failing(torn), ['the second segment', 'it is continuous at t = ½']);
    assert.match(hints(torn), /it is \d\.\d off the straight way from θ to w₂, crossed at even/);
    // (2 − 2t)·θ + t·w₂ is ½·w₂ off θ behind it, and of size 1.
    assert.match(hints(torn), /^it jumps by \d\.\d there$/m);
    // As far as 0.01·w₂ jumps, which is more than rounding.
    const slightly = await checkChain((t, w1, w2, theta) =>
      t <= 0.5
        ? getStateDictFromChain(t, w1, w2, theta)
        : linearCombination([2 - 2 * t, 2 * t - 0.99], [theta, w2]),
    );
    assert.ok(failing(slightly).includes('it is continuous at t = ½'));
    const hop = await checkChain((t, w1, w2, theta) =>
      t === 0.5 ? scale(1, theta) : linearCombination([1 - t, t], [w1, w2]),
    );
    assert.ok(failing(hop).includes('it is continuous at t = ½'));
    const curved = await checkChain((t, w1, w2, theta) =>
      linearCombination([(1 - t) ** 2, 2 * t * (1 - t), t * t], [w1, theta, w2]),
    );
    assert.ok(failing(curved).includes('φ(½) = θ'));
  });

  it('says of exchanged or wrong ends only what follows', async () => {
    const exchanged = await checkChain((t, w1, w2, theta) => {
      assert.ok(t >= 0 && t <= 1, 'no place outside of it is asked for');
      return getStateDictFromChain(t, w2, w1, theta);
    });
    assert.deepEqual(
      exchanged.findings
        .slice(0, 5)
        .map(({ hint = 'holds' }) => hint.replace(/[\d.]+ away/, 'away')),
      [
        'at t = 0 your chain is at w₂, away from w₁: look at the first segment',
        'holds',
        'at t = 1 your chain is at w₁, away from w₂: look at the second segment',
        'between its ends it is straight, and crossed at even speed, but it does not lead from w₁ to θ',
        'between its ends it is straight, and crossed at even speed, but it does not lead from θ to w₂',
      ],
    );
    const uneven = await checkChain((t, w1, w2, theta) =>
      getStateDictFromChain(t < 0.5 ? 2 * t * t : t, w1, w2, theta),
    );
    assert.deepEqual(failing(uneven), ['the first segment']);
    assert.match(
      hints(uneven),
      /at t = 0\.1 it is [\d.]+ off the straight way from w₁ to θ, crossed/,
    );
  });

  it('calls even what is straight and even at each place, and no other', async () => {
    // From w₂ to θ and back by way of it, but 0.4 of the way where 0.1 of it is asked for.
    const exchanged = (t: number, w1: StateDict, w2: StateDict, theta: StateDict) =>
      getStateDictFromChain(t === 0.1 ? 0.4 : t, w2, w1, theta);
    const [, , , first] = (await checkChain(exchanged)).findings;
    assert.match(
      String(first!.hint),
      /^at t = 0\.1 it is \d\.\d off the straight way from w₁ to θ/,
    );
    const partly = await checkChain((t, ...points) =>
      t === 0 ? (undefined as never) : getStateDictFromChain(t === 0.25 ? 0.3 : t, ...points),
    );
    assert.match(hints(partly), /^at t = 0\.25 it is \d\.\d+ off the straight way from w₁ to θ/m);
    const halfway = await checkChain((t, ...points) =>
      t > 0.5 && t < 0.51 ? (undefined as never) : getStateDictFromChain(t, ...points),
    );
    assert.deepEqual(failing(halfway), ['it is continuous at t = ½']);
    assert.match(hints(halfway), /^it returns undefined, not a state dict/m);
  });

  it('gives nothing for standing still but the end where it stands', async () => {
    const still = await checkChain((_, w1) => w1);
    assert.deepEqual(verdicts(still).filter((verdict) => verdict === 'holds').length, 1);
    assert.match(hints(still), /it does not move at all/);
    const nothing = await checkChain(() => undefined as unknown as StateDict);
    assert.equal(failing(nothing).length, 7);
    assert.doesNotMatch(hints(nothing), /threw/);
  });

  it('tells points that are changed', async () => {
    const chain = await checkChain((t, w1, w2, theta) => {
      const point = getStateDictFromChain(t, w1, w2, theta);
      if (t === 1) w2['layers.3.bias']!.dispose();
      return point;
    });
    assert.ok(failing(chain).includes('what it was given is as before'));
  });
});
