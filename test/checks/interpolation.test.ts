import assert from 'node:assert/strict';
import type * as tf from '@tensorflow/tfjs';
import { checkInterpolation } from '../../lib/checks';
import { useBackend } from '../../lib/engine';
import { interpolateBetweenStateDicts } from '../../lib/paths';
import { linearCombination, type StateDict } from '../../lib/weights';
import { failing, hints, stub, verdicts } from './checked';

describe('checkInterpolation', () => {
  before(() => useBackend());

  it('holds of the right one and says of a stub that it is none yet', async () => {
    assert.deepEqual(failing(await checkInterpolation(interpolateBetweenStateDicts)), []);
    const untouched = verdicts(await checkInterpolation(stub));
    assert.deepEqual(untouched, Array(6).fill('not answered'));
  });

  it('tells swapped ends, tensors paired by place, a clamped line, a lost tensor, a changed argument', async () => {
    const swapped = await checkInterpolation((t, a, b) => interpolateBetweenStateDicts(t, b, a));
    assert.match(hints(swapped), /at t = 1 you are where t = 0 should be: which end belongs/);
    for (const clamp of [(t: number) => Math.max(0, t), (t: number) => Math.min(1, t)]) {
      const clamped = await checkInterpolation((t, a, b) =>
        interpolateBetweenStateDicts(clamp(t), a, b),
      );
      assert.deepEqual(failing(clamped), ['past the ends the line goes on']);
    }
    const lost = await checkInterpolation((t, a, b) => {
      const { 'head.bias': _, ...rest } = interpolateBetweenStateDicts(t, a, b);
      return rest;
    });
    assert.match(hints(lost), /no tensor 'head\.bias': take the names from the state dicts/);
    const greedy = await checkInterpolation((t, a, b) => {
      const point = interpolateBetweenStateDicts(t, a, b);
      a['head.bias'] = a['head.bias']!.mul(2);
      return point;
    });
    assert.ok(failing(greedy).includes('the state dicts it was given are as before'));
    const nothing = await checkInterpolation(() => undefined as unknown as StateDict);
    assert.match(hints(nothing), /returns undefined, not a state dict/);
    assert.equal(failing(nothing).length, 6);
    const byPlace = await checkInterpolation((t, a, b) => {
      const others = Object.values(b);
      const pair = ([name, x]: [string, tf.Tensor], i: number) =>
        [name, x.mul(t).add(others[i]!.mul(1 - t))] as const;
      return Object.fromEntries(Object.entries(a).map(pair));
    });
    assert.deepEqual(failing(byPlace), ['tensors are paired by their names']);
    const noShare = await checkInterpolation((t, a, b) => linearCombination([t, 1], [a, b]));
    assert.doesNotMatch(hints(noShare), /another order/, 'they are paired by name');
    const later = await checkInterpolation((async () => ({})) as unknown as () => StateDict);
    assert.match(hints(later), /returns a promise: this function must not be async/);
  });

  it('tells tensors that are named as in the notebook', async () => {
    const named = await checkInterpolation((t, a, b) =>
      Object.fromEntries(
        ['layers.1.weight', 'layers.1.bias', 'layers.3.weight', 'layers.3.bias'].map((name) => [
          name,
          a[name]!.mul(t).add(b[name]!.mul(1 - t)),
        ]),
      ),
    );
    assert.equal(failing(named).length, 6);
  });
});
