import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { dataLoader } from '../../lib/data';
import {
  describeCost,
  estimateEvaluation,
  estimateTraining,
  nativeEngine,
  requireMemory,
  tfjsEngine,
  useBackend,
} from '../../lib/engine';
import { ClassifierFC, crossEntropy, initialize } from '../../lib/nn';
import { SGD } from '../../lib/optim';
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
  const seconds = async (work: () => Promise<unknown>) => {
    const begun = performance.now();
    await work();
    return (performance.now() - begun) / 1000;
  };

  it('foretell the time of a training within a factor of three', async () => {
    const loader = dataLoader(dataset, { batchSize: 100 });
    const { seconds: foretold } = await estimateTraining(network, loader, 1, nativeEngine);
    const task = {
      network,
      loader,
      lossFunction: crossEntropy,
      optimizer: SGD({ learningRate: 0.1 }),
    };
    const point = { weights: initialize(network, 1) };
    const took = await seconds(() => nativeEngine.descend({ ...task, point }));
    assert.ok(
      foretold > took / 3 && foretold < took * 3,
      `${foretold} s foretold, ${took} s taken`,
    );
  });

  it('foretell the time of an evaluation within a factor of three', async () => {
    const anchors = [initialize(network, 1), initialize(network, 2)];
    const { seconds: foretold } = await estimateEvaluation(
      network,
      anchors,
      100,
      [dataset],
      nativeEngine,
    );
    const evaluator = nativeEngine.evaluator(network, anchors, dataset);
    const points = Array.from({ length: 100 }, (_, i) => [i / 100, 1 - i / 100]);
    const took = await seconds(() => evaluator.evaluate(points));
    evaluator.dispose();
    assert.ok(
      foretold > took / 3 && foretold < took * 3,
      `${foretold} s foretold, ${took} s taken`,
    );
  });

  it('grow with the work and leave no tensor behind', async () => {
    const few = dataLoader(toyDataset(500, 2), { batchSize: 50 });
    await estimateTraining(network, few, 1, tfjsEngine);
    const before = tf.memory().numTensors;
    const [one, hundred] = [
      await estimateTraining(network, few, 1, tfjsEngine),
      await estimateTraining(network, few, 100, tfjsEngine),
    ];
    assert.equal(tf.memory().numTensors, before);
    assert.ok(hundred.seconds > 10 * one.seconds);
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
