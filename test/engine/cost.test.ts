import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { dataLoader } from '../../lib/data';
import {
  describeCost,
  type Engine,
  estimateEvaluation,
  estimateTraining,
  nativeEngine,
  requireMemory,
  tfjsEngine,
  useBackend,
} from '../../lib/engine';
import { ClassifierFC, initialize } from '../../lib/nn';
import { assertClose } from '../close';
import { toyDataset } from '../toy';

describe('cost estimates', () => {
  before(() => useBackend());
  const dataset = toyDataset(40_000, 1);
  const network = ClassifierFC({
    inputShape: [1, 4, 4],
    outputSize: 10,
    hiddenDim: 128,
    numHidden: 2,
  });
  /** Takes 30 ms a batch, and 200 ms and 7 ms a point an evaluation, on a clock of its own. */
  function slowEngine(): Engine {
    return {
      name: 'slow',
      curvature: () => assert.fail('nobody asks for curvature'),
      async descend({ loader }) {
        for (const _ of loader) clock += 30;
        return { loss: 0, accuracy: 0 };
      },
      evaluator: () => ({
        async evaluate(points) {
          clock += 200 + 7 * points.length;
          return points.map(() => ({ loss: 0, accuracy: 0 }));
        },
        labels: () => assert.fail('nobody asks for labels'),
        dispose() {},
      }),
      async statistics() {
        throw new Error('nobody asks for statistics');
      },
    };
  }
  const { now } = performance;
  let clock = 0;
  beforeEach(() => {
    clock = 0;
    performance.now = () => clock;
  });
  afterEach(() => {
    performance.now = now;
  });

  it('foretell the time of a training from its first batches', async () => {
    const loader = dataLoader(dataset, { batchSize: 100 });
    // 40 000 / 100 batches an epoch, 30 ms each.
    const { seconds } = await estimateTraining(network, loader, 7, slowEngine());
    assertClose(seconds, 7 * 400 * 0.03, { relative: 1e-9 });
    assertClose(clock, 2 * 24 * 30, { relative: 1e-9 });
  });

  it('foretell the time of an evaluation from a few points on a part of the samples', async () => {
    const anchors = [initialize(network, 1), initialize(network, 2)];
    const datasets = [dataset, toyDataset(4096, 2)];
    const { seconds } = await estimateEvaluation(network, anchors, 100, datasets, slowEngine());
    // On 4096 samples 0.2 s once and 7 ms a point; there are (40 000 + 4096)/4096 times as many.
    assertClose(seconds, (0.2 + 100 * 0.007) * (44_096 / 4096), { relative: 1e-9 });
  });

  it('leave no tensor behind, on an engine that computes as well', async () => {
    performance.now = now;
    const few = dataLoader(toyDataset(500, 2), { batchSize: 50 });
    await estimateTraining(network, few, 1, tfjsEngine);
    const before = tf.memory().numTensors;
    const [one, hundred] = [
      await estimateTraining(network, few, 1, tfjsEngine),
      await estimateTraining(network, few, 100, nativeEngine),
    ];
    assert.equal(tf.memory().numTensors, before);
    assert.ok(one.seconds > 0 && hundred.seconds > 0);
    assert.equal(hundred.bytes, one.bytes);
  });

  it('are told in words', () => {
    assert.equal(describeCost({ seconds: 0.2, bytes: 3e6 }), 'less than a second and 3 MB');
    assert.equal(describeCost({ seconds: 41.3, bytes: 12e6 }), 'about 41 s and 12 MB');
    assert.equal(describeCost({ seconds: 600, bytes: 1 }), 'about 10 min and 1 MB');
    assert.equal(describeCost({ seconds: 9000, bytes: 2e9 }), 'about 2.5 h and 2000 MB');
  });

  it('refuse what there is no memory for, and say why', () => {
    requireMemory('it', 7e9, 10e9);
    assert.throws(
      () => requireMemory('this training', 9e9, 10e9),
      /^InputError: this training would take 9\.0 GB, and 10\.0 GB are free; take fewer samples/,
    );
  });
});
