import assert from 'node:assert/strict';
import type * as tf from '@tensorflow/tfjs';
import { useBackend } from '../../lib/engine';
import {
  linearAssignment,
  matchWeights,
  type NeuronGroup,
  neuronGroups,
  permute,
} from '../../lib/matching';
import type { Network } from '../../lib/nn';
import { distance } from '../../lib/paths';
import { generator, permutation } from '../../lib/random';
import { clone, disposeStateDict, isBuffer, type StateDict } from '../../lib/weights';
import { assertClose } from '../close';
import { drawn, nets } from './nets';

/** A place's numbers, a list a neuron, in double precision. */
function rows(tensor: tf.Tensor, axis: number, block: number): number[][] {
  const neurons = tensor.shape[axis]! / block;
  const after = tensor.shape.slice(axis + 1).reduce((n, size) => n * size, 1);
  const lists = Array.from({ length: neurons }, (): number[] => []);
  tensor.dataSync().forEach((value, at) => {
    lists[Math.floor(at / (block * after)) % neurons]!.push(value);
  });
  return lists;
}

function costs(target: StateDict, weights: StateDict, { places, size }: NeuronGroup): number[][] {
  const sums = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  for (const { name, axis, block } of places.filter((place) => !isBuffer(place.name))) {
    const [a, b] = [rows(target[name]!, axis, block), rows(weights[name]!, axis, block)];
    sums.forEach((row, i) => {
      for (let j = 0; j < size; j++) row[j]! -= a[i]!.reduce((sum, v, k) => sum + v * b[j]![k]!, 0);
    });
  }
  return sums;
}

/** The algorithm with nothing kept: all of a group's costs anew at each turn, and each turn taken. */
function plainly(network: Network, target: StateDict, weights: StateDict, seed: number) {
  const groups = neuronGroups(network);
  const orders = Object.fromEntries(
    groups.map(({ name, size }) => [name, [...Array(size).keys()]]),
  );
  let current = clone(weights);
  for (let [sweep, again] = [0, true]; again; sweep++) {
    again = false;
    const turns = permutation(groups.length, generator(seed, sweep));
    for (const k of sweep === 0 ? groups.keys() : turns) {
      const group = groups[k]!;
      const order = linearAssignment(costs(target, current, group));
      if (order.every((from, i) => from === i)) continue;
      again = true;
      const moved = permute(network, current, { [group.name]: order });
      disposeStateDict(current);
      current = moved;
      orders[group.name] = [...order].map((i) => orders[group.name]![i]!);
    }
  }
  const apart = distance(target, current);
  disposeStateDict(current);
  return { orders, apart };
}

describe('matchWeights over its sweeps', () => {
  before(() => useBackend());

  for (const name of [
    'three hidden layers',
    'VGG with BatchNorm',
    'PreResNet with shortcuts',
    'LayerNorm, pooling, a residual block',
  ]) {
    it(`finds the orders of the algorithm that keeps no costs: ${name}`, async () => {
      const network = nets[name]!;
      for (const seed of [0, 1, 2]) {
        const [a, b] = [drawn(network, seed), drawn(network, seed + 50)];
        const { permutations, distances } = await matchWeights(network, a, b, { seed });
        const { orders, apart } = plainly(network, a, b, seed);
        const found = Object.entries(permutations).map(([group, order]) => [group, [...order]]);
        assert.deepEqual(Object.fromEntries(found), orders, `seed ${seed}`);
        assertClose(distances.at(-1)!, apart, { relative: 1e-12 });
        disposeStateDict(a, b);
      }
    });
  }
});
