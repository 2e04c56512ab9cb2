import assert from 'node:assert/strict';
import type * as tf from '@tensorflow/tfjs';
import { checkInterpolation } from '../../lib/checks';
import { useBackend } from '../../lib/engine';
import { interpolateBetweenStateDicts } from '../../lib/paths';
import { linearCombination, type StateDict } from '../../lib/weights';
import { failing, hints, stub, verdicts } from './checked';

/** How often a right answer is asked. */
const CALLS = 9;
const SAME = 'the same as';

describe('checkInterpolation', () => {
  before(() => useBackend());

  it('holds of the right one and says of a stub that it is none yet', async () => {
    assert.deepEqual(failing(await checkInterpolation(interpolateBetweenStateDicts)), []);
    const untouched = verdicts(await checkInterpolation(stub));
    assert.deepEqual(untouched, Array(6).fill('not answered'));
  });

  it('asks at both ends, twice between them, and past either, not far', async () => {
    const asked = new Set<number>();
    await checkInterpolation((t, a, b) => {
      asked.add(t);
      return interpolateBetweenStateDicts(t, a, b);
    });
    const [before, zero, ...rest] = [...asked].sort((s, t) => s - t);
    const [past, one, ...between] = rest.reverse();
    assert.deepEqual([zero, one], [0, 1]);
    assert.ok(between.length === 2 && between.every((t) => t > 0 && t < 1));
    assert.ok(before! < 0 && before! > -1 && past! > 1 && past! < 2, `${before}, ${past}`);
    for (const one of between) {
      const elsewhere = await checkInterpolation((t, a, b) =>
        interpolateBetweenStateDicts(t === one ? 0.9 : t, a, b),
      );
      assert.ok(failing(elsewhere).includes('in between every tensor moves on a straight line'));
    }
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
    let calls = 0;
    const greedy = await checkInterpolation((t, a, b) => {
      const point = interpolateBetweenStateDicts(t, a, b);
      a['head.bias'] = a['head.bias']!.mul(2);
      return point;
    });
    assert.match(hints(greedy), /^it changed its first state dict$/m);
    const disposing = await checkInterpolation((t, a, b) => {
      const point = interpolateBetweenStateDicts(t, a, b);
      // The last question is the only one that gives what it has itself.
      if (calls++ === CALLS - 1) b['head.bias']!.dispose();
      return point;
    });
    assert.deepEqual(failing(disposing), ['the state dicts it was given are as before']);
    assert.match(hints(disposing), /^it changed its second state dict$/m);
    const nothing = await checkInterpolation(() => undefined as unknown as StateDict);
    assert.equal(failing(nothing).length, 6);
    const told = nothing.findings.map(({ hint }) => String(hint).replace(/(,| for) .*/, ''));
    const later = 'that shows once the points in between are right';
    assert.deepEqual(told, ['it returns undefined', ...Array(2).fill(SAME), later, SAME, SAME]);
    const byPlace = await checkInterpolation((t, a, b) => {
      const others = Object.values(b);
      const pair = ([name, x]: [string, tf.Tensor], i: number) =>
        [name, x.mul(t).add(others[i]!.mul(1 - t))] as const;
      return Object.fromEntries(Object.entries(a).map(pair));
    });
    assert.deepEqual(failing(byPlace), ['tensors are paired by their names']);
    const noShare = await checkInterpolation((t, a, b) => linearCombination([t, 1], [a, b]));
    assert.doesNotMatch(hints(noShare), /another order/, 'they are paired by name');
    assert.match(hints(noShare), /^at t = 1 you are \d\.\d away from where you should be$/m);
    assert.equal(failing(noShare).at(-1), 'the state dicts it was given are as before');
    for (const [other, hint] of [
      [(a: StateDict) => linearCombination([1], [a]), /in another order: pair them by their names/],
      [() => undefined as never, /^it returns undefined, not a state dict/m],
    ] as const) {
      const byFirst = await checkInterpolation((t, a, b) =>
        Object.keys(a)[0] === Object.keys(b)[0] ? interpolateBetweenStateDicts(t, a, b) : other(a),
      );
      assert.deepEqual(failing(byFirst), ['tensors are paired by their names']);
      assert.match(hints(byFirst), hint);
    }
    const promised = await checkInterpolation((async () => ({})) as unknown as () => StateDict);
    assert.match(hints(promised), /returns a promise: this function must not be async/);
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
