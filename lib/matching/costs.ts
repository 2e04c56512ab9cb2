import * as tf from '@tensorflow/tfjs';
import { isBuffer, type StateDict } from '../weights';
import type { NeuronGroup, Place } from './groups';
import { layoutOf, rowsOf, taken } from './permute';

/**
 * What it costs to put neuron j of the weights in the place of neuron i of the target, row i: minus
 * the inner product of all that belongs to the two, coming in and going out. The caller disposes it.
 */
export function costsOf(target: StateDict, weights: StateDict, group: NeuronGroup): tf.Tensor2D {
  return tf.tidy(() => {
    const all = coordinatePlaces(group).map((place) =>
      products(target[place.name]!, weights[place.name]!, place, group.size),
    );
    return tf.addN(all).neg();
  });
}

/**
 * The costs of a group after `by`, a neighbour, was put in another order: only the numbers that
 * belong to neurons which moved have changed, and with them their part of the inner products. Late
 * sweeps move few. The caller disposes it.
 */
export function costsAfter(
  costs: tf.Tensor2D,
  group: NeuronGroup,
  by: NeuronGroup,
  order: Uint32Array,
  { target, before, after }: Readonly<Record<'target' | 'before' | 'after', StateDict>>,
): tf.Tensor2D {
  const moved = movedBy(order);
  return tf.tidy(() => {
    let sum = costs.clone();
    for (const place of coordinatePlaces(group)) {
      const { name } = place;
      for (const theirs of coordinatePlaces(by).filter((one) => one.name === name)) {
        const part = (weights: StateDict) => taken(weights[name]!, theirs, moved);
        const change = part(after).sub(part(before));
        sum = sum.sub(products(part(target), change, place, group.size));
      }
    }
    return sum;
  });
}

/**
 * The square of the distance over the group's neurons that an order moves, before and after, in
 * double precision.
 */
export function squares(
  target: StateDict,
  weights: StateDict,
  group: NeuronGroup,
  order: Uint32Array,
): { readonly before: number; readonly after: number } {
  const moved = movedBy(order);
  let [before, after] = [0, 0];
  for (const place of coordinatePlaces(group)) {
    const { repeats, size, inner } = layoutOf(target[place.name]!, place);
    const [x, y] = [target[place.name]!.dataSync(), weights[place.name]!.dataSync()];
    for (let repeat = 0; repeat < repeats; repeat++) {
      for (const i of moved) {
        const [at, from] = [(repeat * size + i) * inner, (repeat * size + order[i]!) * inner];
        for (let k = 0; k < inner; k++) {
          before += (x[at + k]! - y[at + k]!) ** 2;
          after += (x[at + k]! - y[from + k]!) ** 2;
        }
      }
    }
  }
  return { before, after };
}

/** The places that get another neuron. */
export function movedBy(order: Uint32Array): number[] {
  return [...order.keys()].filter((i) => order[i] !== i);
}

/** A matrix's numbers row by row. */
export function costRows<T extends Float32Array | Float64Array>(costs: T, size: number): T[] {
  return Array.from({ length: size }, (_, i) => costs.subarray(i * size, (i + 1) * size) as T);
}

/** The inner products of all neurons of x with all of y at one place. */
function products(x: tf.Tensor, y: tf.Tensor, place: Place, size: number): tf.Tensor2D {
  return tf.matMul(rowsOf(x, place, size), rowsOf(y, place, size), false, true);
}

/** BatchNorm's running statistics count for nothing. */
function coordinatePlaces({ places }: NeuronGroup): Place[] {
  return places.filter(({ name }) => !isBuffer(name));
}
