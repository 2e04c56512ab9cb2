import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { dataLoader } from '../../lib/data';
import { useBackend } from '../../lib/engine';
import { crossEntropy, initialize, sequential } from '../../lib/nn';
import { SGD } from '../../lib/optim';
import { evaluatePath, fitBend, line, type Statistics } from '../../lib/paths';
import { evaluateGrid, orthogonalBasis } from '../../lib/plane';
import { performEpoch, recomputeStatistics } from '../../lib/training';
import { disposeStateDict, dot, parameterCount, type StateDict } from '../../lib/weights';
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
});
