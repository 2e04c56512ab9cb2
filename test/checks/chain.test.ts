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

  it('tells where another one goes wrong', async () => {
    const early = await checkChain((t, w1, w2, theta) =>
      t <= 0.3
        ? linearCombination([1 - t / 0.3, t / 0.3], [w1, theta])
        : linearCombination([(1 - t) / 0.7, (t - 0.3) / 0.7], [theta, w2]),
    );
    assert.match(hints(early), /at t = 0\.5 your chain is [\d.]+ away from θ/);
    const torn = await checkChain((t, w1, w2, theta) =>
      t <= 0.5
        ? getStateDictFromChain(t, w1, w2, theta)
        : linearCombination([2 - 2 * t, t], [theta, w2]),
    );
    assert.deepEqual(failing(torn), ['the second segment', 'it is continuous at t = ½']);
    assert.match(hints(torn), /it is [\d.]+ off the straight way from θ to w₂, crossed at even/);
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
    const exchanged = await checkChain((t, w1, w2, theta) =>
      getStateDictFromChain(t, w2, w1, theta),
    );
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
