import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { trajectoryPlane } from '../../lib/curvature';
import { InputError } from '../../lib/errors';
import { disposeBasis, planeStateDict } from '../../lib/plane';
import { disposeStateDict } from '../../lib/weights';
import { assertClose } from '../close';

const at = (x: number, y: number, z: number) => ({ w: tf.tensor1d([x, y]), b: tf.tensor([z]) });

describe('the plane of a trajectory', () => {
  it('has the axes in which the snapshots lie furthest from the last, and what is left', () => {
    // Offsets from the last, (1, 1, 1): 6 along x, 3 along y, ½ along z: squares 36, 9 and ¼.
    const snapshots = [at(7, 1, 1), at(1, 4, 1), at(1, 1, 1.5), at(1, 1, 1)];
    const plane = trajectoryPlane(snapshots);
    assert.equal(plane.origin, snapshots[3]);
    assertClose(plane.u.w!.dataSync(), [1, 0], { absolute: 1e-7 });
    assertClose(plane.u.b!.dataSync(), [0], { absolute: 1e-7 });
    assertClose(plane.v.w!.dataSync().map(Math.abs), [0, 1], { absolute: 1e-7 });
    assertClose(plane.explained, [36 / 45.25, 9 / 45.25], { relative: 1e-12 });
    assertClose(
      plane.points.map(({ distance }) => distance),
      [0, 0, 0.5, 0],
      { absolute: 1e-12 },
    );
    assertClose(
      plane.points.map(({ a }) => a),
      [6, 0, 0, 0],
      { absolute: 1e-12 },
    );
    const [, second] = plane.points;
    const back = planeStateDict(plane, second!);
    assertClose(back.w!.dataSync(), [1, 4], { relative: 1e-6 });
    disposeStateDict(back, ...snapshots);
    disposeBasis(plane);
  });

  it('leaves no tensors but û and v̂, and buffers where they are', () => {
    const live = tf.memory().numTensors;
    const withBuffer = (x: number, y: number) => ({
      ...at(x, y, 0),
      'layers.1.running_mean': tf.tensor1d([x]),
    });
    const snapshots = [withBuffer(0, 1), withBuffer(2, 3), withBuffer(4, 0)];
    const plane = trajectoryPlane(snapshots);
    assertClose(plane.explained[0] + plane.explained[1], 1, { absolute: 1e-12 });
    assert.equal(plane.u['layers.1.running_mean']!.dataSync()[0], 0);
    disposeBasis(plane);
    disposeStateDict(...snapshots);
    assert.equal(tf.memory().numTensors, live);
  });

  it('refuses too few, other structures, and a line', () => {
    const [a, b, c] = [at(0, 0, 0), at(1, 2, 3), at(2, 4, 6)];
    assert.throws(() => trajectoryPlane([a, b]), InputError);
    assert.throws(() => trajectoryPlane([a, b, c]), /one line/);
    assert.throws(() => trajectoryPlane([a, a, a]), /one line/);
    assert.throws(() => trajectoryPlane([a, b, { w: c.w }]), InputError);
    const diverged = at(Number.NaN, 0, 1);
    assert.throws(() => trajectoryPlane([a, diverged, b]), /trajectoryPlane: .* finite/);
    disposeStateDict(a, b, c, diverged);
  });
});
