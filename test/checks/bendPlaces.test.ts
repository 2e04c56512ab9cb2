import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { disposeChoices, drawChoices, lossAt } from '../../lib/checks/bendPlaces';
import type { Batch } from '../../lib/data';
import { useBackend } from '../../lib/engine';
import { initialize } from '../../lib/nn';
import { disposeStateDict, equal, linearCombination, type StateDict } from '../../lib/weights';
import { toyNetwork } from '../toy';
import { batch, ends, some, theta } from './toyBend';

describe('what checkBendGradient asks for', () => {
  before(() => useBackend());

  it('is another θ and a part of the batch, whose losses differ by 2 % and more', () => {
    for (let seed = 1; seed <= 5; seed++) {
      const choices = drawChoices(ends, theta, batch, seed);
      const { otherTheta, part } = choices;
      const loss = (t: number, at: StateDict, some: Batch) =>
        lossAt(ends, { t, theta: at, batch: some });
      const here = loss(0.2, theta, batch);
      const away = initialize(toyNetwork, seed);
      const steps = [0.2, 0.5, 1, 2, 4, 8].filter((step) => {
        const point = linearCombination([1, step], [theta, away]);
        const differs = Math.abs(loss(0.2, point, batch) - here) > 0.02 * here;
        disposeStateDict(point);
        return differs;
      });
      const expected = linearCombination([1, steps[0]!], [theta, away]);
      assert.ok(equal(otherTheta, expected), 'the first step that is long enough');
      const all = loss(0.5, theta, batch);
      assert.ok(Math.abs(loss(0.5, theta, part) - all) > 0.02 * all);
      const sizes = [100, 80, 64, 51, 40, 32, 25, 20, 16, 12, 9, 7, 5, 4, 3, 2, 1];
      const size = sizes.find((count) => {
        const losses = loss(0.5, theta, some(batch, 0, count));
        return Math.abs(losses - all) > 0.02 * all;
      });
      assert.equal(part.size, size);
      assert.deepEqual([...part.x.dataSync()], [...batch.x.dataSync()].slice(0, 16 * part.size));
      assert.deepEqual(part.y.dataSync(), batch.y.slice([0], [part.size]).dataSync());
      assert.deepEqual([...part.indices], [...batch.indices.slice(0, part.size)]);
      disposeStateDict(away, expected);
      disposeChoices(choices);
    }
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
    tf.dispose([alike.x, alike.y]);
  });
});
