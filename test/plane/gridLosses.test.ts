import assert from 'node:assert/strict';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { nativeEngine, tfjsEngine, useBackend } from '../../lib/engine';
import {
  crossEntropy,
  initialize,
  type LossFunction,
  labelSmoothing,
  type Network,
  sequential,
} from '../../lib/nn';
import { evaluateGrid, orthogonalBasis } from '../../lib/plane';
import type { StateDict } from '../../lib/weights';
import { assertClose } from '../close';
import { temporaryFolder } from '../temporaryFolder';
import { toyDataset, toyNetwork } from '../toy';

describe('a grid of a plane', () => {
  before(() => useBackend());
  const datasets = { train: toyDataset(60, 1), test: toyDataset(40, 2) };
  const rectangle = { aRange: [-1, 2], bRange: [0, 1], nx: 2, ny: 3 } as const;
  const basisOf = (network: Network) => {
    const points = [1, 2, 3].map((seed) => initialize(network, seed));
    return orthogonalBasis(...(points as [StateDict, StateDict, StateDict]));
  };

  it('is kept apart from those of other losses and metrics, and knows the usual loss by its name', async () => {
    const file = join(temporaryFolder(), 'losses.json');
    const plane = basisOf(toyNetwork);
    const grid = (options: object) =>
      evaluateGrid(toyNetwork, plane, rectangle, datasets, { file, ...options });
    const usual = await grid({});
    const engine = { ...tfjsEngine, evaluator: () => assert.fail('an evaluation was readied') };
    assert.deepEqual(await grid({ lossFunction: crossEntropy, engine }), usual);
    const other = await grid({ lossFunction: labelSmoothing(0.1) });
    assert.notDeepEqual(other.trainLoss, usual.trainLoss);
    await grid({});
    for (const own of [
      (...of: Parameters<LossFunction>) => crossEntropy(...of).mul<tf.Scalar>(2),
      (...of: Parameters<LossFunction>) => crossEntropy(...of).mul<tf.Scalar>(3),
    ]) {
      const { trainLoss } = await grid({ lossFunction: own });
      const afresh = evaluateGrid(toyNetwork, plane, rectangle, datasets, { lossFunction: own });
      assert.deepEqual(trainLoss, (await afresh).trainLoss);
    }
    const measured = await grid({ metrics: { nats: crossEntropy } });
    assertClose(measured.trainMetrics!.nats!.flat(), usual.trainLoss.flat(), { relative: 1e-5 });
  });

  it('costs no tensors where each point has statistics of its own', async () => {
    const network = sequential(
      [1, 4, 4],
      [
        { kind: 'channelsLast' },
        { kind: 'conv2d', inputs: 1, outputs: 2, kernelSize: 3, padding: 'valid' },
        { kind: 'batchNorm2d', features: 2 },
        { kind: 'flatten' },
        { kind: 'dense', inputs: 8, outputs: 10 },
      ],
    );
    const plane = basisOf(network);
    const live = tf.memory().numTensors;
    for (const engine of [nativeEngine, tfjsEngine])
      await evaluateGrid(network, plane, rectangle, datasets, { engine });
    assert.equal(tf.memory().numTensors, live);
  });
});
