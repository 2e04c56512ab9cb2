import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { asPoint, away, randomPoints } from '../../lib/checks/points';
import { stateDictShapes } from '../../lib/nn';
import { disposeStateDict, type StateDict } from '../../lib/weights';
import { toyNetwork } from '../toy';

describe('points that checks ask for', () => {
  it('are drawn from [−1, 1), evenly', () => {
    const points = randomPoints(20, 1);
    const values = points.flatMap((point) =>
      Object.values(point).flatMap((x) => [...x.dataSync()]),
    );
    assert.ok(values.every((value) => value >= -1 && value < 1));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    // Of 1160 values: a standard deviation of 1/√3/√1160 = 0.017.
    assert.ok(Math.abs(mean) < 0.06, String(mean));
    disposeStateDict(...points);
  });

  it('are said to be none, with what is there in the place of a tensor', () => {
    const [name] = Object.keys(stateDictShapes(toyNetwork)) as [string];
    const wrong = tf.zeros([3]);
    for (const [value, told] of [
      [undefined, 'nothing'],
      [{ [name]: null }, 'nothing'],
      [{ [name]: wrong }, '[3]'],
      [{ [name]: [1, 2] }, 'a list, which is no tensor'],
    ] as const) {
      assert.throws(() => asPoint(toyNetwork, value), {
        name: 'InputError',
        message: `'${name}' should have shape [12, 16], got ${told}`,
      });
    }
    wrong.dispose();
  });

  it('are away from others by a norm, or by what they lack', () => {
    const point: StateDict = { w: tf.tensor1d([3, 4]) };
    const of = (value: unknown) => tf.tidy(() => away(value, point));
    assert.equal(of({ w: tf.tensor1d([0, 0]) }), 5);
    assert.match(String(of({})), /^it returns no tensor 'w': take the names/);
    assert.equal(of({ w: [3, 4] }), "its 'w' is no tensor, but a list");
    assert.match(String(of({ w: tf.scalar(1) })), /^its 'w' has shape \[\], not \[2\]/);
    disposeStateDict(point);
  });
});
