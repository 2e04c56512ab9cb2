import assert from 'node:assert/strict';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { type Batch, makeDataset } from '../../lib/data';
import { useBackend } from '../../lib/engine';
import {
  ClassifierFC,
  crossEntropy,
  initialize,
  type LossFunction,
  labelSmoothing,
} from '../../lib/nn';
import { bendGradient, type EvaluationOptions, evaluatePath, line } from '../../lib/paths';
import { evaluateGrid } from '../../lib/plane';
import { disposeStateDict, type StateDict } from '../../lib/weights';
import { tellingEngine } from '../engine/telling';
import { temporaryFolder } from '../temporaryFolder';

/** A loss that is no cross-entropy: the mean of the logits' squares. */
const squares: LossFunction = (logits) => logits.square().mean() as tf.Scalar;

describe('the names of losses and metrics', () => {
  const network = ClassifierFC({ inputShape: [1, 2, 2], outputSize: 3, hiddenDim: 6 });
  const all = makeDataset({
    name: 'bytes',
    images: Uint8Array.from({ length: 24 }, (_, k) => 11 * k),
    labels: Uint8Array.from([0, 1, 2, 0, 1, 2]),
    imageShape: [1, 2, 2],
    classes: 3,
  });
  const weights = [1, 2, 3].map((seed) => initialize(network, seed));
  const [origin, u, v] = weights as [StateDict, StateDict, StateDict];
  const path = line(origin, u);
  before(() => useBackend());
  after(() => disposeStateDict(...weights));

  it('a loss is taken under its name of before, and not under both', async () => {
    const rectangle = { aRange: [0, 1], bRange: [0, 1], nx: 2, ny: 1 } as const;
    const on = (asked: EvaluationOptions) =>
      Promise.all([
        evaluatePath(network, path, [0, 1], { train: all }, asked),
        evaluateGrid(network, { origin, u, v }, rectangle, { train: all }, asked),
      ]);
    assert.deepEqual(await on({ loss: squares }), await on({ lossFunction: squares }));
    await assert.rejects(
      on({ loss: squares, lossFunction: squares }),
      /^InputError: evaluate\w+: loss is lossFunction's name of before; give one of the two$/,
    );
  });

  it('trainings and bends refuse another name for it, and what is no function', () => {
    const [w1, w2, theta] = [origin, u, v];
    const batch = { x: tf.zeros([1, 1, 2, 2]), y: tf.zeros([1], 'int32') } as Batch;
    const at = (given: object) => () => bendGradient(network, 0.5, { w1, w2, theta }, batch, given);
    assert.throws(at({ loss: squares }), {
      name: 'InputError',
      message: "bendGradient: there is no option 'loss'; give the loss as lossFunction",
    });
    assert.throws(at({ lossFunction: 'mse' }), /bendGradient: lossFunction must be a function/);
    tf.dispose([batch.x, batch.y]);
  });

  it('the figures say which loss they are of, unless it is cross-entropy', async () => {
    const nameOf = async (asked: EvaluationOptions) =>
      (await evaluatePath(network, path, [0], { train: all }, asked)).lossName;
    const titled = Object.assign((...batch: Parameters<LossFunction>) => squares(...batch), {
      title: 'mean square',
    });
    for (const [lossFunction, name] of [
      [undefined, undefined],
      [crossEntropy, undefined],
      [squares, 'squares'],
      [titled, 'mean square'],
      [labelSmoothing(0.1), 'cross-entropy loss, labels smoothed by 0.1 (nats)'],
    ] as const) {
      assert.equal(await nameOf({ lossFunction }), name);
    }
    assert.equal(await nameOf({ lossFunction: (...batch) => squares(...batch) }), 'own loss');
  });

  it('no metrics are none', async () => {
    const rectangle = { aRange: [0, 1], bRange: [0, 1], nx: 1, ny: 1 } as const;
    const none = { metrics: {} };
    const sets = { train: all, test: all };
    const onPath = await evaluatePath(network, path, [0], sets, none);
    assert.deepEqual(onPath, await evaluatePath(network, path, [0], sets));
    const grid = await evaluateGrid(network, { origin, u, v }, rectangle, sets, none);
    assert.deepEqual(grid, await evaluateGrid(network, { origin, u, v }, rectangle, sets));
    assert.deepEqual(
      Object.keys({ ...onPath, ...grid }).filter((name) => /metrics/i.test(name)),
      [],
    );
    // And a grid that was kept without any is of none.
    const file = join(temporaryFolder(), 'grid.json');
    await evaluateGrid(network, { origin, u, v }, rectangle, sets, { file });
    const { engine, asked } = tellingEngine();
    const kept = { ...none, file, engine };
    assert.deepEqual(await evaluateGrid(network, { origin, u, v }, rectangle, sets, kept), grid);
    assert.deepEqual(asked, []);
  });
});
