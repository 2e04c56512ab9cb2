import * as tf from '@tensorflow/tfjs';
import { breathe } from '../cancellation';
import { chooseBackend } from '../engine/tfjs/backend';
import { InputError } from '../errors';
import { type Network, requireWeightsOf } from '../nn';
import { distance } from '../paths';
import { generator, permutation, requireSeed } from '../random';
import {
  clone,
  disposeStateDict,
  isBuffer,
  requireSameStructure,
  type StateDict,
} from '../weights';
import { linearAssignment } from './assignment';
import { type NeuronGroup, neuronGroups } from './groups';
import { permutedPlaces, rowsOf } from './permute';

/** How the weights of two networks are matched. */
export interface MatchOptions {
  /** Seeds the order in which groups are taken from the second sweep on; by default 0. */
  readonly seed?: number;
  /** Stops between two groups; by default the notebook cell's interrupt does. */
  readonly signal?: AbortSignal | undefined;
}

/** Orders of neurons, and how near they bring the weights. */
export interface Matching {
  /** For `permute`: an order for every group. */
  readonly permutations: Readonly<Record<string, Uint32Array>>;
  /** |target − permuted weights| before, and after each sweep over all groups; it never grows. */
  readonly distances: readonly number[];
}

/**
 * The orders of one network's hidden neurons that bring its weights nearest to another's: weight
 * matching by Ainsworth et al. 2023 (arXiv 2209.04836, section 3.2). For one group, all others as
 * they are, the order that makes |target − permuted| least is a linear assignment: of neuron i of
 * the target to neuron j at the cost of minus the inner product of their weights, those coming in and
 * those going out. With one hidden layer that is all, and exact. With more, sweep after sweep takes
 * each group in turn, the first in the order of data, until no group can come nearer: a local minimum
 * of the distance. BatchNorm's running statistics count for nothing, as in every distance. `permute` puts
 * the neurons in that order.
 *
 * @param network what both are weights of
 * @param target the weights whose order stays
 * @param weights those whose order is looked for; they stay as they are
 * @throws InputError when the structures differ, a weight is not finite, the seed is none, or the network's groups
 *   cannot be followed
 * @example
 * ```ts
 * const turned = permute(network, w1, { 'layers.1': [2, 0, 1] });
 * const { permutations, distances } = await matchWeights(network, w1, turned);
 * permutations; // → { 'layers.1': Uint32Array(3) [ 1, 2, 0 ] }
 * distances.at(-1); // → 0
 * disposeStateDict(turned);
 * ```
 */
export async function matchWeights(
  network: Network,
  target: StateDict,
  weights: StateDict,
  { seed = 0, signal }: MatchOptions = {},
): Promise<Matching> {
  for (const one of [target, weights]) requireWeightsOf(network, one);
  requireSameStructure('matchWeights', target, weights);
  requireSeed('matchWeights', 'seed', seed);
  const apart = distance(target, weights);
  if (!Number.isFinite(apart)) {
    throw new InputError(
      `matchWeights: all weights must be finite, but the two are ${apart} apart; take those of ` +
        'trainings that did not diverge',
    );
  }
  await chooseBackend();
  const groups = neuronGroups(network);
  const permutations = Object.fromEntries(
    groups.map(({ name, size }) => [name, Uint32Array.from({ length: size }, (_, i) => i)]),
  );
  const distances = [apart];
  let current = clone(weights);
  try {
    // A group whose neighbours have not changed since its turn is in its best order still.
    const open = new Set(groups.keys());
    for (let sweep = 0; open.size > 0; sweep++) {
      const random = generator(seed, sweep);
      for (const k of sweep === 0 ? groups.keys() : permutation(groups.length, random)) {
        if (!open.delete(k)) continue;
        await breathe(signal);
        const group = groups[k]!;
        const order = nearestOrder(target, current, group);
        if (order.every((from, i) => from === i)) continue;
        const moved = permutedPlaces(current, group, order);
        if (squareTo(target, moved, group) < squareTo(target, current, group)) {
          disposeStateDict(pick(current, group));
          current = { ...current, ...moved };
          permutations[group.name] = order.map((i) => permutations[group.name]![i]!);
          for (const j of neighboursOf(groups, k)) open.add(j);
        } else {
          disposeStateDict(moved);
        }
      }
      distances.push(distance(target, current));
    }
    return { permutations, distances };
  } finally {
    disposeStateDict(current);
  }
}

/** The groups that share a tensor with group k, itself left out. */
function neighboursOf(groups: readonly NeuronGroup[], k: number): number[] {
  const own = new Set(groups[k]!.places.map(({ name }) => name));
  const others = [...groups.keys()].filter((j) => j !== k);
  return others.filter((j) => groups[j]!.places.some(({ name }) => own.has(name)));
}

/** The group's order that brings the weights nearest to the target, all else as it is. */
function nearestOrder(target: StateDict, weights: StateDict, group: NeuronGroup): Uint32Array {
  const { size } = group;
  const products = tf.tidy(() => {
    const all = coordinatePlaces(group).map((place) =>
      tf.matMul(rowsOf(target, place, size), rowsOf(weights, place, size), false, true),
    );
    return tf.addN(all).neg();
  });
  // Read outside of `tidy`, which would look for tensors among its numbers, one by one.
  const costs = products.dataSync<'float32'>();
  products.dispose();
  return linearAssignment(costRows(costs, size));
}

/** A matrix's numbers row by row. */
export function costRows<T extends Float32Array | Float64Array>(costs: T, size: number): T[] {
  return Array.from({ length: size }, (_, i) => costs.subarray(i * size, (i + 1) * size) as T);
}

/** The square of the distance over the group's tensors, in double precision. */
function squareTo(target: StateDict, weights: StateDict, group: NeuronGroup): number {
  let sum = 0;
  for (const { name } of coordinatePlaces(group)) {
    const [x, y] = [target[name]!.dataSync(), weights[name]!.dataSync()];
    for (let i = 0; i < x.length; i++) sum += (x[i]! - y[i]!) ** 2;
  }
  return sum;
}

function coordinatePlaces({ places }: NeuronGroup) {
  return places.filter(({ name }) => !isBuffer(name));
}

function pick(weights: StateDict, { places }: NeuronGroup): StateDict {
  return Object.fromEntries(places.map(({ name }) => [name, weights[name]!]));
}
