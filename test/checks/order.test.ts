import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { checkMatchingCosts, checkPermutation, type MatchingCosts } from '../../lib/checks';
import { useBackend } from '../../lib/engine';
import type { StateDict } from '../../lib/weights';
import { failing, hints, onlyStubs, stub } from './checked';

const WEIGHT = 'layers.1.weight';
const BIAS = 'layers.1.bias';
const OUT = 'layers.3.weight';

/** Rows and columns taken by hand, without the library's `permute`. */
function permuted(weights: StateDict, order: number[]): StateDict {
  return {
    ...weights,
    [WEIGHT]: weights[WEIGHT]!.gather(order),
    [BIAS]: weights[BIAS]!.gather(order),
    [OUT]: weights[OUT]!.gather(order, 1),
  };
}

describe('checkPermutation', () => {
  before(() => useBackend());

  it('holds of rows, biases and columns in the new order', async () => {
    const before = tf.memory().numTensors;
    for (let seed = 1; seed <= 5; seed++) {
      assert.deepEqual(failing(await checkPermutation(permuted, seed)), []);
    }
    assert.equal(tf.memory().numTensors, before);
    onlyStubs(await checkPermutation(stub));
  });

  it('tells what stayed behind, and what went the other way', async () => {
    const columns = await checkPermutation((weights, order) => ({
      ...permuted(weights, order),
      [OUT]: weights[OUT]!,
    }));
    assert.deepEqual(failing(columns), [
      'the weights that go out go along',
      'the logits are what they were',
    ]);
    assert.match(hints(columns), /the columns of the second layer are as they were/);
    assert.match(hints(columns), /they differ by up to [\d.]+/);
    const biases = await checkPermutation((weights, order) => ({
      ...permuted(weights, order),
      [BIAS]: weights[BIAS]!,
    }));
    assert.match(hints(biases), /the biases of the hidden neurons are as they were/);
    const inverse = await checkPermutation((weights, order) =>
      permuted(
        weights,
        order.map((_, i) => order.indexOf(i)),
      ),
    );
    assert.ok(!failing(inverse).includes('the logits are what they were'));
    assert.match(hints(inverse), /went to place order\[i\]/);
    const turned = await checkPermutation((weights, order) =>
      permuted(weights, [...order.slice(1), order[0]!]),
    );
    assert.match(hints(turned), /^the rows of the first layer are not those of order\[0\], order/);
    // By 1, and down: neither the largest difference with its sign, nor the least one, tells.
    const lower = await checkPermutation((weights, order) => ({
      ...permuted(weights, order),
      'layers.3.bias': weights['layers.3.bias']!.sub([1, 0, 0]),
    }));
    assert.deepEqual(failing(lower), ['the logits are what they were']);
    assert.match(hints(lower), /they differ by up to 1\.0$/m);
    // The sums of its rows are as they were: only images that are not of one number tell.
    const mirrored = await checkPermutation((weights, order) => {
      const right = permuted(weights, order);
      return { ...right, [WEIGHT]: right[WEIGHT]!.reverse(1) };
    });
    assert.ok(failing(mirrored).includes('the logits are what they were'));
    const none = await checkPermutation(() => undefined as never);
    assert.match(hints(none), /^it returns undefined, not a state dict/);
    assert.doesNotMatch(hints(none), /threw/);
    const same = await checkPermutation((weights) => weights);
    assert.ok(failing(same).includes('the weights that come in go along'));
  });
});

describe('the order that checkPermutation gives', () => {
  before(() => useBackend());

  it('differs from its inverse at every place', async () => {
    for (let seed = 1; seed <= 30; seed++) {
      let asked: readonly number[] = [];
      await checkPermutation((weights, order) => {
        asked = [...order];
        return weights;
      }, seed);
      assert.deepEqual([...asked].sort(), [0, 1, 2, 3, 4]);
      for (const [i, from] of asked.entries()) assert.notEqual(asked[from], i);
    }
  });
});

describe('checkMatchingCosts', () => {
  before(() => useBackend());
  const rows = (weights: StateDict) =>
    tf.concat([weights[WEIGHT]!, weights[BIAS]!.reshape([-1, 1]), weights[OUT]!.transpose()], 1);
  const costsOf =
    (of: (weights: StateDict) => tf.Tensor, sign = -1) =>
    (w1: StateDict, w2: StateDict) =>
      tf.tidy(() => of(w1).matMul(of(w2).transpose()).mul(sign).arraySync()) as number[][];

  const changing =
    (change: (costs: number[][]) => number[][]): MatchingCosts =>
    (w1, w2) =>
      change(costsOf(rows)(w1, w2));

  it('holds of minus the inner products of all that neurons have', async () => {
    for (let seed = 1; seed <= 5; seed++) {
      assert.deepEqual(failing(await checkMatchingCosts(costsOf(rows), seed)), []);
    }
    onlyStubs(await checkMatchingCosts(stub));
  });

  it('tells what is missing or turned round', async () => {
    for (const [answer, hint] of [
      [costsOf(rows, 1), /the gains/],
      [costsOf((w) => w[WEIGHT]!), /of the weights that come in alone/],
      [costsOf((w) => tf.concat([w[WEIGHT]!, w[OUT]!.transpose()], 1)), /without the biases/],
      [(w1: StateDict, w2: StateDict) => costsOf(rows)(w2, w1), /w₁ and w₂ exchanged/],
      [() => [[0]], /as many rows and columns/],
      [changing((costs) => costs.slice(1)), /as many rows and columns/],
      [changing((costs) => costs.with(3, costs[3]!.slice(1))), /as many rows and columns/],
      [changing((costs) => costs.with(3, '12345' as never)), /as many rows and columns/],
      [
        changing((costs) => costs.with(3, costs[3]!.with(2, costs[3]![2]! + 0.01))),
        /^at \[3\]\[2\] you have -?[\d.]+, it should be/m,
      ],
    ] as const) {
      for (let seed = 1; seed <= 3; seed++) {
        assert.match(hints(await checkMatchingCosts(answer, seed)), hint);
      }
    }
    const product = (w1: StateDict, w2: StateDict) => rows(w1).matMul(rows(w2).transpose());
    for (const none of [product, () => undefined, async () => [[]]]) {
      const told = hints(await checkMatchingCosts(none as never));
      assert.match(told, /^it is no list of lists; .*\nthe same as for “it is a row/);
    }
  });
});
