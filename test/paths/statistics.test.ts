import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { dataLoader, take } from '../../lib/data';
import { useBackend } from '../../lib/engine';
import { crossEntropy, initialize, sequential } from '../../lib/nn';
import { SGD } from '../../lib/optim';
import { evaluatePath, fitBend, line, type Statistics } from '../../lib/paths';
import { evaluateGrid, orthogonalBasis } from '../../lib/plane';
import { performEpoch, recomputeStatistics } from '../../lib/training';
import { disposeStateDict, dot, isBuffer, parameterCount, type StateDict } from '../../lib/weights';
import { assertClose } from '../close';
import { toyDataset } from '../toy';

describe('BatchNorm on a path', () => {
  const network = sequential(
    [1, 4, 4],
    [
      { kind: 'channelsLast' },
      { kind: 'conv2d', inputs: 1, outputs: 3, kernelSize: 3, padding: 'same' },
      { kind: 'batchNorm2d', features: 3 },
      { kind: 'relu' },
      { kind: 'flatten' },
      { kind: 'dense', inputs: 48, outputs: 10 },
    ],
  );
  const datasets = { train: toyDataset(600, 1), test: toyDataset(200, 2) };
  const loader = (seed: number) => dataLoader(datasets.train, { batchSize: 50, shuffle: seed });
  let ends: [StateDict, StateDict];

  before(async () => {
    await useBackend();
    const trained = async (seed: number) => {
      const model = { network, weights: initialize(network, seed) };
      const optimizer = SGD({ learningRate: 0.05, momentum: 0.9 });
      for (let epoch = 0; epoch < 5; epoch++) {
        await performEpoch(model, loader(seed), crossEntropy, optimizer);
      }
      optimizer.dispose();
      return model.weights;
    };
    ends = [await trained(1), await trained(2)];
  });
  after(() => disposeStateDict(...ends));

  it('has at its ends the figures of the ends, with statistics of the same pass', async () => {
    const [w1, w2] = ends;
    const path = await evaluatePath(network, line(w2, w1), [0, 1], datasets);
    for (const [i, end] of ends.entries()) {
      const weights = await recomputeStatistics(network, end, datasets.train);
      const test = await performEpoch(
        { network, weights },
        dataLoader(datasets.test, { batchSize: 64 }),
        crossEntropy,
      );
      assert.ok(
        Math.abs(path.testLoss[i]! - test.loss) < 1e-6,
        `${path.testLoss[i]}, ${test.loss}`,
      );
      assert.equal(path.testAcc[i], test.accuracy);
      disposeStateDict(weights);
    }
  });

  it('can have interpolated statistics or those of an end, and frees what it made', async () => {
    const [w1, w2] = ends;
    const before = tf.memory().numTensors;
    const at = async (statistics: Statistics, t: number) => {
      const { testLoss } = await evaluatePath(network, line(w2, w1), [t], datasets, { statistics });
      return testLoss[0]!;
    };
    const kinds = ['recomputed', 'interpolated', 'endpoint'] as const;
    const middle = await Promise.all(kinds.map((kind) => at(kind, 0.5)));
    assert.equal(new Set(middle).size, 3, `three kinds give ${middle}`);
    // At t = 0 of line(w2, w1), which is w1, weights and statistics are w1's own.
    assert.equal(await at('interpolated', 0), (await figuresOf(w1)).loss);
    // The endpoint is the path's first anchor, w2.
    assert.equal(await at('endpoint', 1), (await figuresOf(w2)).loss);
    // At the other end they are w₂'s too, and the weights w₁'s.
    const buffers = Object.entries(w2).filter(([name]) => isBuffer(name));
    const mixed = { ...w1, ...Object.fromEntries(buffers) };
    assert.equal(await at('endpoint', 0), (await figuresOf(mixed)).loss);
    await assert.rejects(
      at('recompute' as Statistics, 0),
      /^InputError: statistics must be one of recomputed, interpolated, endpoint, got recompute$/,
    );
    assert.equal(tf.memory().numTensors, before);

    async function figuresOf(weights: StateDict) {
      const { testLoss } = await evaluatePath(network, line(weights, weights), [0], datasets, {
        statistics: 'interpolated',
      });
      return { loss: testLoss[0]! };
    }
  });

  it('leaves buffers out of the geometry, carries counters, and gives the plane statistics', async () => {
    const [w1, w2] = ends;
    assert.equal(parameterCount(w1), 27 + 3 + 6 + 480 + 10);
    const zeroed = { ...w1, 'layers.2.running_mean': tf.fill([3], 1e6) };
    assert.equal(dot(zeroed, w1), dot(w1, w1));
    zeroed['layers.2.running_mean'].dispose();
    const { theta } = await fitBend(network, w1, w2, {
      loader: loader(3),
      optimizer: SGD({ learningRate: 0.02, momentum: 0.9 }),
      epochs: 2,
      seed: 3,
    });
    const counter = 'layers.2.num_batches_tracked';
    assert.equal(theta[counter]!.dtype, 'int32');
    assert.equal(theta[counter]!.dataSync()[0], w1[counter]!.dataSync()[0]);
    const before = tf.memory().numTensors;
    const basis = orthogonalBasis(w1, w2, theta);
    const rectangle = { aRange: [0, 1], bRange: [0, 1], nx: 2, ny: 2 } as const;
    const grid = await evaluateGrid(network, basis, rectangle, datasets);
    const path = await evaluatePath(network, line(w2, w1), [0, 1], datasets);
    for (const i of [0, 1]) {
      assert.ok(Math.abs(grid.testLoss[0]![i]! - path.testLoss[i]!) < 1e-5);
    }
    disposeStateDict(basis.u, basis.v);
    assert.equal(tf.memory().numTensors, before);
    disposeStateDict(theta);
  });

  describe('over maps of 1 × 1', () => {
    const pooled = sequential(
      [1, 4, 4],
      [
        { kind: 'channelsLast' },
        { kind: 'averagePool2d', size: 4 },
        { kind: 'batchNorm2d', features: 1 },
        { kind: 'flatten' },
        { kind: 'dense', inputs: 1, outputs: 10 },
      ],
    );
    const weights = initialize(pooled, 1);
    const names = ['layers.2.running_mean', 'layers.2.running_var'] as const;

    /** Each image's mean, of which the net keeps the statistics, over batches of these sizes. */
    function expected(sizes: number[]): number[] {
      const { images } = datasets.train;
      const mean = (values: number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;
      const means = Array.from({ length: 600 }, (_, i) =>
        mean(Array.from(images.subarray(16 * i, 16 * i + 16), (byte) => byte / 255)),
      );
      const batches = sizes.map((size) => means.splice(0, size));
      const unbiased = (batch: number[]) =>
        mean(batch.map((x) => (x - mean(batch)) ** 2)) * (batch.length / (batch.length - 1));
      return [mean(batches.map(mean)), mean(batches.map(unbiased))];
    }

    it('a last image alone goes with the batch before it', async () => {
      for (const [length, batchSize, sizes] of [
        [501, undefined, [501]],
        [500, undefined, [500]],
        [31, 10, [10, 10, 11]],
        [32, 10, [10, 10, 10, 2]],
        [3, 2, [3]],
      ] as const) {
        const recomputed = await recomputeStatistics(
          pooled,
          weights,
          take(datasets.train, length),
          {
            ...(batchSize && { batchSize }),
          },
        );
        const got = names.map((name) => recomputed[name]!.dataSync()[0]!);
        assertClose(got, expected([...sizes]), { relative: 1e-5 });
        disposeStateDict(recomputed);
      }
      const some = { train: take(datasets.train, 501), test: datasets.test };
      const figures = await evaluatePath(pooled, line(weights, weights), [0.5], some);
      assert.ok(Number.isFinite(figures.trainLoss[0]));
    });

    it('refuses one image, and batches of one', async () => {
      for (const [length, batchSize] of [
        [1, 500],
        [3, 1],
      ] as const) {
        const run = recomputeStatistics(pooled, weights, take(datasets.train, length), {
          batchSize,
        });
        await assert.rejects(run, /InputError: batchNorm2d: expected more than one number/);
      }
    });
  });
});
