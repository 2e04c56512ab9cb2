import * as tf from '@tensorflow/tfjs';
import type { Dataset } from '../data';
import { requireDataset } from '../engine/guard';
import { InputError } from '../errors';
import { type Network, requireWeightsOf } from '../nn';
import type { StateDict } from '../weights';
import { linearAssignment } from './assignment';
import { costRows } from './costs';
import { neuronGroups } from './groups';
import { inBatches, type Step, trace } from './trace';

/** Where a group's neurons go into a layer. */
interface Entrance {
  readonly group: string;
  readonly size: number;
  readonly block: number;
}

/**
 * The orders of one network's hidden neurons that bring what they say nearest to what another's say:
 * activation matching by Ainsworth et al. 2023 (arXiv 2209.04836, section 3.1). For each group by
 * itself the order that makes Σ |z_target − z_permuted|² least over all samples, z being the group's
 * values as the layers behind it take them: a linear assignment at the cost of minus the inner
 * products of the neurons' values. In images every pixel counts as a sample. `permute` puts the
 * neurons in that order.
 *
 * @param network what both are weights of
 * @param target the weights whose order stays
 * @param weights those whose order is looked for; they stay as they are
 * @param dataset the samples; some thousands are enough
 * @throws InputError when the weights do not fit the network, the dataset does not or is empty, a value
 *   is not finite, or the network's groups cannot be followed
 * @example
 * ```ts
 * const turned = permute(network, w1, { 'layers.1': [2, 0, 1] });
 * await matchActivations(network, w1, turned, small); // → { 'layers.1': Uint32Array(3) [ 1, 2, 0 ] }
 * disposeStateDict(turned);
 * ```
 */
export async function matchActivations(
  network: Network,
  target: StateDict,
  weights: StateDict,
  dataset: Dataset,
  { signal }: { signal?: AbortSignal | undefined } = {},
): Promise<Readonly<Record<string, Uint32Array>>> {
  for (const one of [target, weights]) requireWeightsOf(network, one);
  if (dataset.length === 0) {
    throw new InputError('matchActivations: the dataset is empty; give it at least one sample');
  }
  requireDataset(network, dataset);
  const groups = neuronGroups(network);
  const entrances = new Map<string, Entrance>();
  for (const { name: group, size, places } of groups) {
    for (const { name, axis, block } of places) {
      if (axis === 1) entrances.set(name.replace(/\.weight$/, ''), { group, size, block });
    }
  }
  const costs = new Map(groups.map(({ name, size }) => [name, new Float64Array(size * size)]));
  await inBatches(network, dataset, signal, (x) => {
    const ofTarget = valuesAt(network, target, x, entrances);
    for (const [name, values] of valuesAt(network, weights, x, entrances)) {
      const products = tf.matMul(ofTarget.get(name)!, values, false, true).dataSync();
      const sums = costs.get(entrances.get(name)!.group)!;
      products.forEach((product, i) => {
        sums[i]! -= product;
      });
    }
  });
  const diverged = groups.find(({ name }) => !costs.get(name)!.every(Number.isFinite));
  if (diverged !== undefined) {
    throw new InputError(
      `matchActivations: what the neurons of ${diverged.name} say must be finite; take weights of ` +
        'trainings that did not diverge',
    );
  }
  return Object.fromEntries(
    groups.map(({ name, size }) => [name, linearAssignment(costRows(costs.get(name)!, size))]),
  );
}

/** What the neurons say where they go into a layer: a row a neuron, by the layer's name. */
function valuesAt(
  network: Network,
  weights: StateDict,
  x: tf.Tensor,
  entrances: ReadonlyMap<string, Entrance>,
): Map<string, tf.Tensor2D> {
  const values = new Map<string, tf.Tensor2D>();
  trace(network, weights, x, ({ name, input }: Step) => {
    const entrance = entrances.get(name);
    if (entrance !== undefined) values.set(name, asRows(input, entrance));
    return true;
  });
  return values;
}

/** [n, size·block] or [n, H, W, size] with a row for each neuron. */
function asRows(input: tf.Tensor, { size, block }: Entrance): tf.Tensor2D {
  return input.rank === 2
    ? input.reshape([-1, size, block]).transpose([1, 0, 2]).reshape([size, -1])
    : input.transpose([3, 0, 1, 2]).reshape([size, -1]);
}
