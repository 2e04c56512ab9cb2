import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { useBackend } from '../../lib/engine';
import { neuronGroups, permute } from '../../lib/matching';
import {
  apply,
  ClassifierFC,
  crossEntropy,
  defineLayer,
  PreResNet,
  sequential,
  VGG,
} from '../../lib/nn';
import { clone, disposeStateDict, equal } from '../../lib/weights';
import { assertClose } from '../close';
import { drawn, inputs, inverse, nets, randomOrders } from './nets';

describe('neuronGroups', () => {
  const sizes = (network: Parameters<typeof neuronGroups>[0]) =>
    neuronGroups(network).map(({ name, size }) => `${name}: ${size}`);

  it('has one for each hidden layer', () => {
    const network = ClassifierFC({
      inputShape: [1, 4, 4],
      outputSize: 10,
      hiddenDim: 12,
      numHidden: 2,
    });
    assert.deepEqual(neuronGroups(network), [
      {
        name: 'layers.1',
        size: 12,
        places: [
          { name: 'layers.1.weight', axis: 0, block: 1 },
          { name: 'layers.1.bias', axis: 0, block: 1 },
          { name: 'layers.3.weight', axis: 1, block: 1 },
        ],
      },
      {
        name: 'layers.3',
        size: 12,
        places: [
          { name: 'layers.3.weight', axis: 0, block: 1 },
          { name: 'layers.3.bias', axis: 0, block: 1 },
          { name: 'layers.5.weight', axis: 1, block: 1 },
        ],
      },
    ]);
    assert.deepEqual(sizes(sequential([4], [{ kind: 'dense', inputs: 4, outputs: 3 }])), []);
  });

  it('has BatchNorm with the convolution before it, the counter left out', () => {
    const [first] = neuronGroups(VGG({ depth: 11, width: 1 / 16 }));
    const places = first!.places.map(({ name, axis }) => `${name.replace('layers.', '')} ${axis}`);
    assert.deepEqual(places, [
      '2.weight 0',
      '2.bias 0',
      '3.weight 0',
      '3.bias 0',
      '3.running_mean 0',
      '3.running_var 0',
      '6.weight 1',
    ]);
  });

  it('has blocks behind flatten, of H·W numbers', () => {
    const network = nets['LayerNorm, pooling, a residual block']!;
    const places = neuronGroups(network).flatMap((group) => group.places);
    const dense = places.find(({ name, axis }) => name === 'layers.8.weight' && axis === 1);
    assert.equal(dense!.block, 9);
  });

  it('has one for all that residual blocks add up', () => {
    // Of 8 + 3 convolutions: the stages' 4, 8 and 16 channels, and those inside of six blocks.
    const network = PreResNet({ depth: 14, width: 1 / 4 });
    const inside = ['4', '4', '8', '8', '16', '16'];
    const groups = sizes(network);
    assert.equal(groups.filter((group) => /body/.test(group)).length, inside.length);
    assert.deepEqual(
      groups.filter((group) => !/body/.test(group)).map((group) => group.split(': ')[1]),
      ['4', '8', '16'],
    );
  });

  it('refuses what it cannot follow, and says where', () => {
    const dense = { kind: 'dense', inputs: 4, outputs: 4 } as const;
    const own = defineLayer('mine', { outputShape: (_, shape) => shape, apply: (_, __, x) => x });
    const refusals: [Parameters<typeof sequential>[1], RegExp][] = [
      [[dense, { kind: 'reshape', shape: [4] }, dense], /through layers\.1, .* kind reshape/],
      [[dense, own(), dense], /through layers\.1, .* kind own behind layers\.0/],
      [[dense, { kind: 'residual', body: [dense] }, dense], /layers\.1\.body\.0\.weight maps/],
    ];
    for (const [layers, message] of refusals) {
      assert.throws(() => neuronGroups(sequential([4], layers)), { name: 'InputError', message });
    }
    // Inputs keep their order, whatever is done with them.
    assert.deepEqual(neuronGroups(sequential([4], [own(), dense])), []);
    assert.deepEqual(
      neuronGroups(sequential([4], [{ kind: 'residual', body: [dense] }, dense])),
      [],
    );
  });

  it('refuses to add channels behind flatten to neurons', () => {
    const network = sequential(
      [1, 2, 2],
      [
        { kind: 'channelsLast' },
        { kind: 'conv2d', inputs: 1, outputs: 3, kernelSize: 1, padding: 'valid' },
        { kind: 'flatten' },
        { kind: 'residual', body: [{ kind: 'dense', inputs: 12, outputs: 12 }] },
        { kind: 'dense', inputs: 12, outputs: 2 },
      ],
    );
    assert.throws(() => neuronGroups(network), /layers\.3 adds neurons of 4 numbers to such of 1/);
  });
});

describe('permute', () => {
  before(() => useBackend());

  for (const [name, network] of Object.entries(nets)) {
    it(`leaves the function as it is: ${name}`, () => {
      const weights = drawn(network, 1);
      const permuted = permute(network, weights, randomOrders(network, 2));
      assert.ok(!equal(weights, permuted));
      tf.tidy(() => {
        const x = inputs(network, 20, 3);
        const labels = tf.tensor1d(
          Array.from({ length: 20 }, (_, i) => i % 3),
          'int32',
        );
        const [logits, same] = [weights, permuted].map((w) => apply(network, w, x));
        // Of the largest logit: a sum in another order is off by what float32 rounds its terms by.
        const largest = logits!.abs().max().dataSync()[0]!;
        assertClose(same!.dataSync(), logits!.dataSync(), { absolute: 1e-6 * largest });
        const [loss, sameLoss] = [logits!, same!].map((l) => crossEntropy(l, labels).dataSync());
        assertClose(sameLoss!, loss!, { relative: 1e-6 });
      });
      disposeStateDict(weights, permuted);
    });

    it(`is undone by the orders that undo, bit for bit: ${name}`, () => {
      const weights = drawn(network, 1);
      const orders = randomOrders(network, 2);
      const back = Object.fromEntries(
        Object.entries(orders).map(([group, order]) => [group, inverse(order)]),
      );
      const permuted = permute(network, weights, orders);
      const again = permute(network, permuted, back);
      assert.ok(equal(again, weights));
      disposeStateDict(weights, permuted, again);
    });
  }

  const network = ClassifierFC({ inputShape: [1, 2, 2], outputSize: 2, hiddenDim: 3 });

  it('moves rows in, columns out, and leaves its argument and live tensors alone', () => {
    const weights = drawn(network, 1);
    const kept = clone(weights);
    const before = tf.memory().numTensors;
    const permuted = permute(network, weights, { 'layers.1': [2, 0, 1] });
    const [bias, wasBias] = [permuted, weights].map((w) => [...w['layers.1.bias']!.dataSync()]);
    assert.deepEqual(bias, [wasBias![2], wasBias![0], wasBias![1]]);
    const [out, wasOut] = [permuted, weights].map((w) => [...w['layers.3.weight']!.dataSync()]);
    const columns = [2, 0, 1, 5, 3, 4];
    assert.deepEqual(
      out,
      columns.map((k) => wasOut![k]),
    );
    disposeStateDict(permuted);
    assert.equal(tf.memory().numTensors, before);
    assert.ok(equal(weights, kept));
  });

  it('refuses what is no order of a group', () => {
    const weights = drawn(network, 1);
    const refused = (orders: Record<string, number[]>, message: RegExp) =>
      assert.throws(() => permute(network, weights, orders), { name: 'InputError', message });
    refused({ 'layers.2': [0, 1, 2] }, /no group layers\.2; the groups are layers\.1/);
    refused({ 'layers.1': [0, 1] }, /must hold each of 0 … 2 once, got \[0, 1\]/);
    refused({ 'layers.1': [0, 1, 1] }, /got \[0, 1, 1\]/);
    refused({ 'layers.1': [0, 1, 3] }, /got \[0, 1, 3\]/);
    refused({ 'layers.1': [0, 1, 0.5] }, /got \[0, 1, 0\.5\]/);
    refused({ 'layers.1': [0, 1, -1] }, /got \[0, 1, -1\]/);
  });
});
