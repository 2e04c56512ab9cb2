import * as tf from '@tensorflow/tfjs';
import { InputError } from '../errors';
import type { Plane, PlanePoint } from '../plane';
import type { StateDict } from '../weights';
import { coordinates, requireSameStructure } from '../weights/stateDict';
import { symmetricEigen } from './spectrum';
import { addScaled, dot, length } from './vectors';

/** A plane that a training moves in as far as a plane can hold it. */
export interface TrajectoryPlane extends Plane {
  readonly lengths: { readonly u: number; readonly v: number };
  /** Of Σ|wᵢ − wₙ|², what moves along û and along v̂, each in [0, 1]. */
  readonly explained: readonly [u: number, v: number];
  /** Each snapshot's place in the plane, and |w − plane|, its distance from it. */
  readonly points: readonly (PlanePoint & { readonly distance: number })[];
}

/** A second direction shorter than this part of the first is rounding. */
const LEAST_RATIO = 1e-6;

/**
 * The plane through a training's last snapshot along the two directions in which the others lie
 * furthest from it: the first principal components of wᵢ − wₙ, as Li et al. (2018, 1712.09913,
 * section 7) draw trajectories. û and v̂ have length 1. What is explained says how much of the way a
 * picture of it can show: in many dimensions even a random walk has most of it in two (Antognini and
 * Sohl-Dickstein 2018, 1806.08805). The caller disposes û and v̂ (`disposeBasis`); the origin is the
 * last snapshot itself.
 *
 * @param snapshots points of a training in order, at least three
 * @throws InputError when there are fewer, their structures differ, one is not finite, or they
 *   lie on one line
 * @example
 * ```ts
 * const { explained, points } = trajectoryPlane([w1, w2, theta]);
 * (explained[0] + explained[1]).toFixed(6); // → '1.000000'
 * points[0].distance < 1e-5; // → true
 * ```
 */
export function trajectoryPlane(snapshots: readonly StateDict[]): TrajectoryPlane {
  const origin = snapshots.at(-1);
  if (origin === undefined || snapshots.length < 3) {
    throw new InputError(
      `trajectoryPlane: expected at least three snapshots, got ${snapshots.length}; keep more`,
    );
  }
  for (const snapshot of snapshots) requireSameStructure('trajectoryPlane', origin, snapshot);
  const names = coordinates('trajectoryPlane', origin);
  const end = vectorOf(origin, names);
  const offsets = snapshots.map((snapshot) => {
    const offset = vectorOf(snapshot, names);
    addScaled(offset, -1, end);
    return offset;
  });
  // With D the offsets as rows, the components are Dᵀ·c/σ for the eigenvectors c of D·Dᵀ.
  const gram = offsets.flatMap((x) => offsets.map((y) => dot(x, y)));
  if (!gram.every(Number.isFinite)) {
    throw new InputError(
      'trajectoryPlane: the snapshots must be finite; leave out those that are not',
    );
  }
  const { values, vectors } = symmetricEigen(Float64Array.from(gram));
  const [first, second] = [values.at(-1)!, values.at(-2)!];
  if (!(second > LEAST_RATIO ** 2 * first)) {
    throw new InputError(
      'trajectoryPlane: the snapshots lie on one line, which has no plane of its own; take others',
    );
  }
  const total = values.reduce((sum, value) => sum + Math.max(0, value), 0);
  const [u, v] = [-1, -2].map((i) => component(offsets, vectors.at(i)!)) as [
    Float64Array,
    Float64Array,
  ];
  const points = offsets.map((offset) => {
    const [a, b] = [dot(offset, u), dot(offset, v)];
    const rest = offset.slice();
    addScaled(rest, -a, u);
    addScaled(rest, -b, v);
    return { a, b, distance: length(rest) };
  });
  return {
    origin,
    u: directionOf(origin, names, u),
    v: directionOf(origin, names, v),
    lengths: { u: 1, v: 1 },
    explained: [first / total, second / total],
    points,
  };
}

/** Dᵀ·c at length 1, turned so that the first snapshot has a coordinate of at least 0. */
function component(offsets: readonly Float64Array[], c: Float64Array): Float64Array {
  const sum = new Float64Array(offsets[0]!.length);
  for (const [i, offset] of offsets.entries()) addScaled(sum, c[i]!, offset);
  const scale = (dot(sum, offsets[0]!) < 0 ? -1 : 1) / length(sum);
  return sum.map((x) => x * scale);
}

function vectorOf(stateDict: StateDict, names: readonly string[]): Float64Array {
  return Float64Array.from(names.flatMap((name) => [...stateDict[name]!.dataSync()]));
}

/** The direction as tensors; buffers stay as they are everywhere. */
function directionOf(like: StateDict, names: readonly string[], vector: Float64Array): StateDict {
  let at = 0;
  const direction: StateDict = {};
  for (const [name, tensor] of Object.entries(like)) {
    if (!names.includes(name)) direction[name] = tf.zerosLike(tensor);
    else {
      const values = Float32Array.from(vector.subarray(at, at + tensor.size));
      direction[name] = tf.tensor(values, tensor.shape);
      at += tensor.size;
    }
  }
  return direction;
}
