import * as tf from '@tensorflow/tfjs';
import { InputError } from '../errors';
import { type Network, requireWeightsOf } from '../nn';
import { mapStateDict, type StateDict } from '../weights';
import { type NeuronGroup, neuronGroups, type Place } from './groups';

/**
 * An order of the neurons of some groups, by the groups' names: in place i comes the neuron that
 * was in place `order[i]`. A group that is not named keeps its order.
 */
export type Permutations = Readonly<Record<string, ArrayLike<number>>>;

/**
 * The same function with its hidden neurons in another order: wherever a group's neurons stand, in
 * rows of one layer and columns of the next, place i gets what was in place `permutations[group][i]`.
 * BatchNorm's running statistics go along. Logits differ by rounding alone, since sums are taken in
 * another order. The caller disposes the result.
 *
 * @param network whose weights they are; `neuronGroups` names its groups
 * @param weights the state dict, which stays as it is
 * @param permutations an order for each group that gets another
 * @throws InputError when there is no such group, an order is no permutation of its neurons, or the
 *   network's groups cannot be followed
 * @example
 * ```ts
 * const turned = permute(network, w1, { 'layers.1': [2, 0, 1] });
 * const [before, after] = [w1, turned].map((weights) => weights['layers.1.bias'].dataSync());
 * after[0] === before[2]; // → true
 * disposeStateDict(turned);
 * ```
 */
export function permute(
  network: Network,
  weights: StateDict,
  permutations: Permutations,
): StateDict {
  requireWeightsOf(network, weights);
  const groups = neuronGroups(network);
  requirePermutations(groups, permutations);
  return tf.tidy(() => {
    let result = weights;
    for (const group of groups) {
      if (!Object.hasOwn(permutations, group.name)) continue;
      result = { ...result, ...permutedPlaces(result, group, permutations[group.name]!) };
    }
    return mapStateDict(result, (tensor) => tensor.clone());
  });
}

/** The tensors of a group's places with its neurons in that order; the caller disposes them. */
export function permutedPlaces(
  weights: StateDict,
  { places }: NeuronGroup,
  order: ArrayLike<number>,
): StateDict {
  return Object.fromEntries(
    places.map((place) => [place.name, taken(weights[place.name]!, place, order)]),
  );
}

/**
 * The tensor with the named neurons of a place alone, in that order; the caller disposes it. In plain
 * JavaScript, because tfjs' gather takes ten times as long in WebAssembly.
 */
export function taken(tensor: tf.Tensor, place: Axis, neurons: ArrayLike<number>): tf.Tensor {
  const { repeats, size, inner } = layoutOf(tensor, place);
  const from = tensor.dataSync();
  const to = new Float32Array(repeats * neurons.length * inner);
  let at = 0;
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (let i = 0; i < neurons.length; i++) {
      const start = (repeat * size + neurons[i]!) * inner;
      for (let k = 0; k < inner; k++) to[at++] = from[start + k]!;
    }
  }
  const shape = tensor.shape.map((n, axis) =>
    axis === place.axis ? neurons.length * place.block : n,
  );
  return tf.tensor(to, shape);
}

/** Where neurons stand in a tensor. */
type Axis = Pick<Place, 'axis' | 'block'>;

/**
 * How a tensor holds the neurons of a place: so many `repeats` of all of them, one after the other,
 * with `inner` numbers of each next to each other.
 */
export function layoutOf({ shape }: tf.Tensor, { axis, block }: Axis) {
  const product = (sizes: readonly number[]) => sizes.reduce((n, size) => n * size, 1);
  return {
    repeats: product(shape.slice(0, axis)),
    size: shape[axis]! / block,
    inner: block * product(shape.slice(axis + 1)),
  };
}

/** A place's tensor as a matrix with a row for each neuron; for use in `tf.tidy`. */
export function rowsOf(tensor: tf.Tensor, { axis }: Place, size: number): tf.Tensor2D {
  const others = tensor.shape.map((_, i) => i).filter((i) => i !== axis);
  return tensor.transpose([axis, ...others]).reshape([size, -1]);
}

function requirePermutations(groups: readonly NeuronGroup[], permutations: Permutations): void {
  for (const [name, order] of Object.entries(permutations)) {
    const group = groups.find((one) => one.name === name);
    if (group === undefined) {
      throw new InputError(
        `permute: there is no group ${name}; the groups are ${groups.map((g) => g.name).join(', ') || 'none'}`,
      );
    }
    const { size } = group;
    const seen = new Set(Array.from(order));
    const inRange = [...seen].every((i) => Number.isInteger(i) && i >= 0 && i < size);
    if (order.length === size && seen.size === size && inRange) continue;
    throw new InputError(
      `permute: the order of ${name} must hold each of 0 … ${size - 1} once, got ` +
        `[${Array.from(order).slice(0, 12).join(', ')}${order.length > 12 ? ', …' : ''}]`,
    );
  }
}
