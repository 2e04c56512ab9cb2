import * as tf from '@tensorflow/tfjs';
import { breathe } from '../cancellation';
import { chooseBackend } from '../engine/tfjs/backend';
import { InputError } from '../errors';
import { type Network, requireWeightsOf } from '../nn';
import { distance } from '../paths';
import { generator, permutation, requireSeed } from '../random';
import { clone, disposeStateDict, requireSameStructure, type StateDict } from '../weights';
import { linearAssignment } from './assignment';
import { costRows, costsAfter, costsOf, squares } from './costs';
import { type NeuronGroup, neuronGroups } from './groups';
import { permutedPlaces, taken } from './permute';

/** A gain that is so small a part of the square of a distance: costs in single precision cannot tell it. */
const ROUNDING = 1e-9;

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
  const apart = finiteDistance(target, weights);
  await chooseBackend();
  const groups = neuronGroups(network);
  const permutations = Object.fromEntries(
    groups.map(({ name, size }) => [name, Uint32Array.from({ length: size }, (_, i) => i)]),
  );
  const distances = [apart];
  const costs = new Map<NeuronGroup, tf.Tensor2D>();
  let current = clone(weights);
  try {
    // A group whose neighbours have not changed since its turn is in its best order still.
    const open = new Set(groups);
    for (let sweep = 0; open.size > 0; sweep++) {
      const turns = permutation(groups.length, generator(seed, sweep));
      for (const k of sweep === 0 ? groups.keys() : turns) {
        const group = groups[k]!;
        if (!open.delete(group)) continue;
        await breathe(signal);
        const order = nearestOrder(target, current, group, costs);
        const { before, after } = squares(target, current, group, order);
        if (!(before - after > ROUNDING * before)) continue;
        const moved = { ...current, ...permutedPlaces(current, group, order) };
        const neighbours = neighboursOf(groups, group);
        keepUp(costs, group, order, neighbours, { target, before: current, after: moved });
        disposeStateDict(pick(current, group));
        current = moved;
        permutations[group.name] = order.map((i) => permutations[group.name]![i]!);
        for (const neighbour of neighbours) open.add(neighbour);
      }
      distances.push(distance(target, current));
    }
    return { permutations, distances };
  } finally {
    disposeStateDict(current);
    tf.dispose([...costs.values()]);
  }
}

function finiteDistance(target: StateDict, weights: StateDict): number {
  const apart = distance(target, weights);
  if (Number.isFinite(apart)) return apart;
  throw new InputError(
    `matchWeights: all weights must be finite, but the two are ${apart} apart; take those of ` +
      'trainings that did not diverge',
  );
}

/** The groups that share a tensor with a group, itself left out. */
function neighboursOf(
  groups: readonly NeuronGroup[],
  { places, name }: NeuronGroup,
): NeuronGroup[] {
  const own = new Set(places.map((place) => place.name));
  const others = groups.filter((group) => group.name !== name);
  return others.filter((group) => group.places.some((place) => own.has(place.name)));
}

/** The group's order that brings the weights nearest to the target, all else as it is. */
function nearestOrder(
  target: StateDict,
  weights: StateDict,
  group: NeuronGroup,
  costs: Map<NeuronGroup, tf.Tensor2D>,
): Uint32Array {
  const own = costs.get(group) ?? costsOf(target, weights, group);
  costs.set(group, own);
  return linearAssignment(costRows(own.dataSync<'float32'>(), group.size));
}

/** The costs that are known, after a group was put in another order. */
function keepUp(
  costs: Map<NeuronGroup, tf.Tensor2D>,
  group: NeuronGroup,
  order: Uint32Array,
  neighbours: readonly NeuronGroup[],
  weights: Parameters<typeof costsAfter>[4],
): void {
  const put = (of: NeuronGroup, next: tf.Tensor2D) => {
    costs.get(of)?.dispose();
    costs.set(of, next);
  };
  put(group, taken(costs.get(group)!, { axis: 1, block: 1 }, order) as tf.Tensor2D);
  for (const neighbour of neighbours) {
    const own = costs.get(neighbour);
    if (own) put(neighbour, costsAfter(own, neighbour, group, order, weights));
  }
}

function pick(weights: StateDict, { places }: NeuronGroup): StateDict {
  return Object.fromEntries(places.map(({ name }) => [name, weights[name]!]));
}
