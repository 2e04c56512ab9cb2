import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { useBackend } from '../../lib/engine';
import { initialize, sequential } from '../../lib/nn';
import { disposeBasis, planeStateDict, randomDirections } from '../../lib/plane';
import {
  disposeStateDict,
  dot,
  equal,
  isBuffer,
  norm,
  type StateDict,
  scale,
} from '../../lib/weights';
import { assertClose } from '../close';

const network = sequential(
  [6, 6, 2],
  [
    { kind: 'conv2d', inputs: 2, outputs: 5, kernelSize: 3, padding: 'valid' },
    { kind: 'batchNorm2d', features: 5 },
    { kind: 'relu' },
    { kind: 'conv2d', inputs: 5, outputs: 1, kernelSize: 1, padding: 'valid' },
    { kind: 'flatten' },
    { kind: 'dense', inputs: 16, outputs: 4 },
  ],
);

/** The filters of a tensor, in doubles: what its first index counts. */
const filtersOf = (tensor: tf.Tensor) => {
  const [values, count] = [[...tensor.dataSync()], tensor.shape[0]!];
  const size = values.length / count;
  return Array.from({ length: count }, (_, i) => values.slice(i * size, (i + 1) * size));
};
const product = (a: number[], b: number[]) => a.reduce((sum, x, k) => sum + x * b[k]!, 0);

describe('randomDirections', () => {
  let weights: StateDict;
  before(async () => {
    await useBackend();
    weights = initialize(network, 3);
  });

  it('has filters as long as the weights’, orthogonal to each other, and biases at rest', () => {
    const { origin, u, v, lengths } = randomDirections(weights, 1);
    assert.deepEqual(lengths, { u: norm(u), v: norm(v) });
    assert.equal(origin, weights);
    for (const [name, tensor] of Object.entries(weights)) {
      assert.deepEqual([u[name]!.shape, u[name]!.dtype], [tensor.shape, tensor.dtype]);
      assert.deepEqual([v[name]!.shape, v[name]!.dtype], [tensor.shape, tensor.dtype]);
      if (tensor.rank < 2) {
        assert.ok([...u[name]!.dataSync(), ...v[name]!.dataSync()].every((x) => x === 0));
        continue;
      }
      const [own, first, second] = [tensor, u[name]!, v[name]!].map(filtersOf);
      own!.forEach((filter, i) => {
        // Li et al. 2018, eq. 1: d ← d/‖d‖·‖w‖, filter by filter.
        const length = Math.sqrt(product(filter, filter));
        const lengths = [first![i]!, second![i]!].map((d) => Math.sqrt(product(d, d)));
        assertClose(lengths, [length, length], { relative: 1e-6 });
        assert.ok(Math.abs(product(first![i]!, second![i]!)) < 1e-6 * length ** 2);
      });
    }
    assert.ok(Math.abs(dot(u, v)) < 1e-6 * dot(u, u));
    disposeBasis({ origin, u, v });
  });

  it('scales with the weights: the picture of a ReLU network does not change with its units', () => {
    const [plane, tenfold] = [
      randomDirections(weights, 2),
      randomDirections(scale(10, weights), 2),
    ];
    for (const name of Object.keys(weights).filter((one) => !isBuffer(one))) {
      const expected = Array.from(plane.u[name]!.dataSync(), (x) => 10 * x);
      assertClose([...tenfold.u[name]!.dataSync()], expected, { relative: 1e-5, absolute: 1e-7 });
    }
  });

  it('is a function of the seed, and leaves the centre where it is', () => {
    const [one, same, other] = [1, 1, 2].map((seed) => randomDirections(weights, seed));
    assert.ok(equal(one!.u, same!.u) && equal(one!.v, same!.v));
    assert.ok(!equal(one!.u, other!.u) && !equal(one!.v, other!.v));
    assert.ok(equal(planeStateDict(one!, { a: 0, b: 0 }), weights));
    const moved = planeStateDict(one!, { a: 0.5, b: -2 });
    for (const name of Object.keys(weights).filter(isBuffer)) {
      assert.deepEqual(moved[name]!.dataSync(), weights[name]!.dataSync(), name);
    }
  });

  it('points anywhere alike: normal draws without normalisation', () => {
    const large = { w: tf.zeros([100, 400]), b: tf.zeros([400]) };
    const { u, v } = randomDirections(large, 5, { normalise: 'none' });
    for (const tensor of [u.w!, v.w!]) {
      const values = [...tensor.dataSync()];
      // Moments of N(0, 1): 0, 1, 0, 3; standard errors of 40 000 draws: 0.005, 0.007, 0.02, 0.05.
      const moment = (k: number) => values.reduce((sum, x) => sum + x ** k, 0) / values.length;
      assert.ok(Math.abs(moment(1)) < 0.025 && Math.abs(moment(2) - 1) < 0.035);
      assert.ok(Math.abs(moment(3)) < 0.1 && Math.abs(moment(4) - 3) < 0.25);
    }
    for (const { b } of [u, v]) {
      assert.ok(
        b!.dataSync().some((x) => x !== 0),
        'biases are drawn as well',
      );
    }
  });

  it('gives a filter of one number one direction, and one of zeros none', () => {
    const { u, v } = randomDirections({ w: tf.tensor2d([[3], [-0.5], [0]]) }, 1);
    assertClose(Array.from(u.w!.dataSync(), Math.abs), [3, 0.5, 0], { relative: 1e-6 });
    assert.ok([...v.w!.dataSync()].every((x) => x === 0));
  });

  it('makes no tensors but its own, and refuses what it cannot be', () => {
    const before = tf.memory().numTensors;
    disposeBasis(randomDirections(weights, 1));
    assert.equal(tf.memory().numTensors, before);
    assert.throws(
      () => randomDirections(weights, -1),
      /^InputError: randomDirections: seed must be an integer of at least 0/,
    );
    const diverged = scale(Number.NaN, weights);
    assert.throws(
      () => randomDirections(diverged, 1),
      /^InputError: randomDirections: some weights of the centre are not finite/,
    );
    disposeStateDict(diverged);
    const layer = { normalise: 'layer' as 'filter' };
    assert.throws(
      () => randomDirections(weights, 1, layer),
      /must be 'filter' or 'none', got layer/,
    );
  });
});
