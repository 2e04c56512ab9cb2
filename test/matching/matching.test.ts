import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { useBackend } from '../../lib/engine';
import { linearAssignment, matchActivations, matchWeights, permute } from '../../lib/matching';
import { ClassifierFC, type Network } from '../../lib/nn';
import { distance } from '../../lib/paths';
import { generator, normal } from '../../lib/random';
import {
  clone,
  disposeStateDict,
  equal,
  isBuffer,
  mapStateDict,
  type StateDict,
} from '../../lib/weights';
import { assertClose } from '../close';
import { toyDataset, toyNetwork } from '../toy';
import { drawn, inverse, nets, permutationsOf, pixels, randomOrders } from './nets';

/** With noise of so many standard deviations of each tensor; buffers stay. */
function noisy(weights: StateDict, size: number, seed: number): StateDict {
  const random = generator(seed, 9);
  return tf.tidy(() =>
    mapStateDict(weights, (tensor, name) => {
      if (isBuffer(name)) return tensor.clone();
      const deviation = size * Math.sqrt(tf.moments(tensor).variance.dataSync()[0]!);
      const noise = Float32Array.from({ length: tensor.size }, () => deviation * normal(random));
      return tensor.add(tf.tensor(noise, tensor.shape));
    }),
  );
}

/** A network's weights, and the same with its neurons in random orders and with noise. */
function planted(network: Network, size: number, seed: number) {
  const weights = drawn(network, seed);
  const orders = randomOrders(network, seed + 1000);
  const permuted = permute(network, weights, orders);
  const disordered = noisy(permuted, size, seed);
  disposeStateDict(permuted);
  return { weights, orders, disordered };
}

const undoing = (orders: Record<string, Uint32Array>) =>
  Object.fromEntries(Object.entries(orders).map(([group, order]) => [group, inverse(order)]));

describe('matchWeights', () => {
  before(() => useBackend());

  const lab = ClassifierFC({ inputShape: [1, 28, 28], outputSize: 10, hiddenDim: 64 });

  it('is exact with one hidden layer: the least of all 120 orders of five neurons', async () => {
    const network = ClassifierFC({ inputShape: [1, 2, 2], outputSize: 3, hiddenDim: 5 });
    for (let seed = 0; seed < 5; seed++) {
      const [a, b] = [drawn(network, seed), drawn(network, seed + 50)];
      const { permutations, distances } = await matchWeights(network, a, b);
      const lengths = permutationsOf([0, 1, 2, 3, 4]).map((order) => {
        const permuted = permute(network, b, { 'layers.1': order });
        const length = distance(a, permuted);
        disposeStateDict(permuted);
        return length;
      });
      assertClose(distances.at(-1)!, Math.min(...lengths), { relative: 1e-7 });
      const permuted = permute(network, b, permutations);
      assertClose(distance(a, permuted), distances.at(-1)!, { relative: 1e-7 });
      disposeStateDict(a, b, permuted);
    }
  });

  for (const [name, network, size, times] of [
    ['784-64-10', lab, 1, 100],
    ['one hidden layer', nets['one hidden layer']!, 1, 100],
    ['three hidden layers', nets['three hidden layers']!, 1, 100],
    ['VGG with BatchNorm', nets['VGG with BatchNorm']!, 1, 10],
    ['PreResNet with shortcuts', nets['PreResNet with shortcuts']!, 1, 10],
    ['LayerNorm, pooling, a residual block', nets['LayerNorm, pooling, a residual block']!, 1, 100],
  ] as const) {
    it(`finds planted orders under noise as large as the weights, ${times} times of ${times}: ${name}`, async () => {
      for (let seed = 0; seed < times; seed++) {
        const { weights, orders, disordered } = planted(network, size, seed);
        const { permutations, distances } = await matchWeights(network, weights, disordered);
        assert.deepEqual(permutations, undoing(orders), `seed ${seed}`);
        distances.forEach((length, i) => {
          assert.ok(i === 0 || length <= distances[i - 1]!, `${distances}`);
        });
        disposeStateDict(weights, disordered);
      }
    });
  }

  it('comes nearer with each sweep, never further away, from networks that are unlike', async () => {
    let most = 0;
    for (const name of ['three hidden layers', 'VGG with BatchNorm', 'PreResNet with shortcuts']) {
      const network = nets[name]!;
      for (let seed = 0; seed < 3; seed++) {
        const [a, b] = [drawn(network, seed), drawn(network, seed + 50)];
        const { distances } = await matchWeights(network, a, b, { seed });
        distances.forEach((length, i) => {
          assert.ok(i === 0 || length <= distances[i - 1]!, `${name}, seed ${seed}: ${distances}`);
        });
        most = Math.max(most, distances.length);
        disposeStateDict(a, b);
      }
    }
    assert.ok(most > 3, 'there are sweeps to compare');
  });

  it('ends where no group alone can come nearer, and goes on from there to nothing', async () => {
    const network = nets['three hidden layers']!;
    const [a, b] = [drawn(network, 1), drawn(network, 2)];
    const { permutations, distances } = await matchWeights(network, a, b);
    assert.ok(distances.length > 3 && distances.at(-1)! < 0.95 * distances[0]!);
    const matched = permute(network, b, permutations);
    const again = await matchWeights(network, a, matched, { seed: 5 });
    for (const order of Object.values(again.permutations)) {
      assert.deepEqual(order, order.toSorted());
    }
    disposeStateDict(a, b, matched);
  });

  it('gives the same again, and leaves its arguments and live tensors alone', async () => {
    const network = nets['VGG with BatchNorm']!;
    const [a, b] = [drawn(network, 1), drawn(network, 2)];
    const [keptA, keptB] = [clone(a), clone(b)];
    const before = tf.memory().numTensors;
    const first = await matchWeights(network, a, b);
    assert.deepEqual(await matchWeights(network, a, b), first);
    assert.equal(tf.memory().numTensors, before);
    assert.ok(equal(a, keptA) && equal(b, keptB));
  });

  it('refuses weights that are not finite, wherever they stand, and seeds that are none', async () => {
    const weights = drawn(toyNetwork, 1);
    const diverged = mapStateDict(weights, (tensor, name) =>
      name === 'layers.3.bias' ? tf.fill(tensor.shape, Number.NaN) : tensor.clone(),
    );
    const refused = matchWeights(toyNetwork, weights, diverged);
    await assert.rejects(refused, /matchWeights: all weights must be finite/);
    const seed = -1;
    await assert.rejects(matchWeights(toyNetwork, weights, weights, { seed }), /seed must be/);
    disposeStateDict(weights, diverged);
  });

  it('refuses weights of another network, and stops when asked', async () => {
    const [a, b] = [drawn(toyNetwork, 1), drawn(lab, 1)];
    await assert.rejects(matchWeights(toyNetwork, a, b), { name: 'InputError' });
    const signal = AbortSignal.abort();
    const before = tf.memory().numTensors;
    await assert.rejects(matchWeights(toyNetwork, a, a, { signal }), { name: 'AbortError' });
    assert.equal(tf.memory().numTensors, before);
  });
});

describe('matchActivations', () => {
  before(() => useBackend());

  // No ReLU in these: two neurons that never fire cannot be told apart by what they say.
  const tanh = ClassifierFC({
    inputShape: [1, 4, 4],
    outputSize: 10,
    hiddenDim: 20,
    nonlinearity: 'tanh',
  });

  for (const [name, network, dataset, times] of [
    ['one hidden layer', tanh, toyDataset(100, 1), 100],
    ['three hidden layers', nets['three hidden layers']!, toyDataset(100, 1), 100],
    [
      'LayerNorm, pooling, a residual block',
      nets['LayerNorm, pooling, a residual block']!,
      pixels(100, [2, 6, 6]),
      20,
    ],
    ['BatchNorm', nets['BatchNorm, flatten']!, pixels(100, [1, 8, 8]), 20],
  ] as const) {
    it(`finds planted orders, ${times} times of ${times}: ${name}`, async () => {
      for (let seed = 0; seed < times; seed++) {
        const { weights, orders, disordered } = planted(network, 0.01, seed);
        const found = await matchActivations(network, weights, disordered, dataset);
        assert.deepEqual(found, undoing(orders), `seed ${seed}`);
        disposeStateDict(weights, disordered);
      }
    });
  }

  it('pairs neurons by the inner products of what ReLU gives, over all samples', async () => {
    const dataset = toyDataset(1200, 3);
    const [a, b] = [drawn(toyNetwork, 1), drawn(toyNetwork, 2)];
    const [ofA, ofB] = [a, b].map((weights) => hiddenValues(weights, dataset.images));
    const costs = ofA!.map((z) => ofB!.map((y) => -z.reduce((sum, v, s) => sum + v * y[s]!, 0)));
    const expected = linearAssignment(costs);
    const found = await matchActivations(toyNetwork, a, b, dataset);
    assert.deepEqual(found, { 'layers.1': expected });
  });

  it('leaves live tensors alone, and refuses samples and weights that say nothing', async () => {
    const weights = drawn(toyNetwork, 1);
    const before = tf.memory().numTensors;
    await matchActivations(toyNetwork, weights, weights, toyDataset(30, 1));
    assert.equal(tf.memory().numTensors, before);
    await assert.rejects(
      matchActivations(toyNetwork, weights, weights, toyDataset(0, 1)),
      /matchActivations: the dataset is empty/,
    );
    const others = matchActivations(toyNetwork, weights, weights, pixels(3, [1, 8, 8]));
    await assert.rejects(others, /images of dataset pixels do not fit/);
    const diverged = mapStateDict(weights, (tensor) => tf.fill(tensor.shape, Number.NaN));
    const refused = matchActivations(toyNetwork, weights, diverged, toyDataset(9, 1));
    await assert.rejects(refused, /what the neurons of layers\.1 say must be finite/);
    disposeStateDict(diverged);
  });
});

/** max(0, W·x + b) for each neuron of the toy network over all samples, in double precision. */
function hiddenValues(weights: StateDict, images: ArrayLike<number>): number[][] {
  const w = weights['layers.1.weight']!.arraySync() as number[][];
  const b = weights['layers.1.bias']!.dataSync();
  const samples = images.length / 16;
  return w.map((row, j) =>
    Array.from({ length: samples }, (_, s) =>
      Math.max(
        0,
        row.reduce((sum, v, k) => sum + (v * images[s * 16 + k]!) / 255, b[j]!),
      ),
    ),
  );
}
