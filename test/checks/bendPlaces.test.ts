import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { disposeChoices, drawChoices, type Ends, lossAt } from '../../lib/checks/bendPlaces';
import type { Batch } from '../../lib/data';
import { useBackend } from '../../lib/engine';
import { initialize } from '../../lib/nn';
import {
  disposeStateDict,
  equal,
  linearCombination,
  type StateDict,
  scale,
} from '../../lib/weights';
import { toyNetwork } from '../toy';
import { sureOf } from './sureOf';
import { batch, ends, some, theta } from './toyBend';
import { trained } from './toyTraining';

/** Steps away from θ, and sizes of a part of 200 images, in the order in which they are tried. */
const STEPS = [0.2, 0.5, 1, 2, 4, 8];
const SIZES = [100, 80, 64, 51, 40, 32, 25, 20, 16, 12, 9, 7, 5, 4, 3, 2, 1];

describe('what checkBendGradient asks for', () => {
  before(() => useBackend());

  const netsOf = (change: (net: StateDict) => StateDict) =>
    [ends.w1, ends.w2, theta].map(change) as [StateDict, StateDict, StateDict];

  /** The step to another θ that is the first whose loss differs by 2 %, and by how much it does. */
  function firstStep(of: Ends, at: StateDict, seed: number) {
    const loss = (theta: StateDict) => lossAt(of, { t: 0.2, theta, batch });
    const here = loss(at);
    const away = initialize(toyNetwork, seed);
    const tried = STEPS.map((step) => {
      const theta = linearCombination([1, step], [at, away]);
      return { step, theta, off: loss(theta) / here - 1 };
    });
    return tried.find(({ off }) => Math.abs(off) > 0.02)!;
  }

  it('is another θ, by the first step that changes the loss by 2 %, up or down', async () => {
    const minimum = await trained(ends.w1);
    const places = [0.3, 1, 3, 4, 8].map((factor) => netsOf((net) => scale(factor, net)));
    const found = new Map<number, number[]>();
    for (const [w1, w2, at] of [...places, [minimum, minimum, minimum] as const]) {
      for (let seed = 1; seed <= 5; seed++) {
        const of = { network: toyNetwork, w1, w2 };
        const choices = drawChoices(of, at, batch, seed);
        const { step, theta, off } = firstStep(of, at, seed);
        assert.ok(equal(choices.otherTheta, theta), `${step}`);
        found.set(step, [...(found.get(step) ?? []), off]);
        disposeChoices(choices);
      }
    }
    assert.deepEqual([...found.keys()].sort(), STEPS, 'each is the first one somewhere');
    assert.ok([...found.values()].flat().some((off) => off < 0));
  });

  it('is a part of the batch, the largest whose loss differs by 2 %', () => {
    for (const factor of [1, 4]) {
      const [w1, w2, at] = netsOf((net) => scale(factor, net));
      const of = { network: toyNetwork, w1, w2 };
      const { part, ...choices } = drawChoices(of, at, batch, 1);
      const loss = (some: Batch) => lossAt(of, { t: 0.5, theta: at, batch: some });
      const all = loss(batch);
      const size = SIZES.find((count) => Math.abs(loss(some(batch, 0, count)) - all) > 0.02 * all);
      assert.equal(part.size, size);
      assert.deepEqual([...part.x.dataSync()], [...batch.x.dataSync()].slice(0, 16 * part.size));
      assert.deepEqual(part.y.dataSync(), batch.y.slice([0], [part.size]).dataSync());
      assert.deepEqual([...part.indices], [...batch.indices.slice(0, part.size)]);
      disposeChoices({ part, ...choices });
    }
    // Of an odd number the larger half.
    const odd = drawChoices(ends, theta, some(batch, 0, 5), 1);
    assert.equal(odd.part.size, 3);
    disposeChoices(odd);
  });

  it('is the farthest θ, and one image, where no loss differs', () => {
    // Of images that are all alike every part has the same loss.
    const [first] = batch.x.split([1, batch.size - 1]);
    const [label] = batch.y.split([1, batch.size - 1]);
    const alike: Batch = {
      ...batch,
      x: first!.tile([8, 1, 1, 1]),
      y: label!.tile(label!.shape.map((_, i) => (i === 0 ? 8 : 1))),
      size: 8,
      indices: batch.indices.slice(0, 8),
    };
    const choices = drawChoices(ends, theta, alike, 1);
    assert.equal(choices.part.size, 1);
    disposeChoices(choices);
    // And where it is 0, of any.
    const [w1, w2, at] = netsOf(sureOf);
    const zeros = { ...batch, y: tf.zerosLike(batch.y) };
    const sure = drawChoices({ network: toyNetwork, w1, w2 }, at, zeros, 1);
    const away = linearCombination([1, 8], [at, initialize(toyNetwork, 1)]);
    assert.ok(equal(sure.otherTheta, away));
    assert.equal(sure.part.size, 1);
    disposeChoices(sure);
    disposeStateDict(away);
    tf.dispose([alike.x, alike.y, zeros.y]);
  });
});
