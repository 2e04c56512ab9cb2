import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { dataLoader } from '../../../lib/data';
import { nativeEngine, useBackend } from '../../../lib/engine';
import { reservations } from '../../../lib/engine/native/memory';
import { crossEntropy, initialize } from '../../../lib/nn';
import { SGD } from '../../../lib/optim';
import { recomputeStatistics } from '../../../lib/training';
import { disposeStateDict, equal } from '../../../lib/weights';
import { toyDataset } from '../../toy';
import { bitsWith } from './bitsWith';
import { smallConvolutional } from './imageNetworks';

describe('all threads at one network of images', () => {
  before(() => useBackend());
  const dataset = toyDataset(300, 3);

  it('give the same bits with 1, 2 and 3 threads', () => {
    const printed = [1, 2, 3].map((threads) => bitsWith(threads, 'imageBits.ts'));
    assert.deepEqual(new Set(printed).size, 1, printed.join(''));
  });

  it('stop within a pass with whole weights, and go on from there', async () => {
    const network = smallConvolutional;
    const large = toyDataset(60_000, 7);
    const stop = new AbortController();
    const point = { weights: initialize(network, 1) };
    const optimizer = SGD({ learningRate: 0.01, momentum: 0.9 });
    const task = { network, point, lossFunction: crossEntropy, optimizer };
    const running = nativeEngine.descend({
      ...task,
      loader: dataLoader(large, { batchSize: 4 }),
      signal: stop.signal,
      onBatch: (done) => {
        if (done > 0) stop.abort();
      },
    });
    await assert.rejects(running, { name: 'AbortError' });
    const state = optimizer.state();
    const steps = state['layers.1.weight.step']!.dataSync()[0]!;
    assert.ok(steps > 0 && steps < 15_000, `${steps} steps`);
    assert.equal(point.weights['layers.2.num_batches_tracked']!.dataSync()[0], steps);
    const straight = { weights: initialize(network, 1) };
    const fresh = SGD({ learningRate: 0.01, momentum: 0.9 });
    const images = large.images.subarray(0, 4 * steps * 16);
    const begun = {
      ...large,
      images,
      labels: large.labels.subarray(0, 4 * steps),
      length: 4 * steps,
    };
    const loader = dataLoader(begun, { batchSize: 4 });
    await nativeEngine.descend({ ...task, point: straight, optimizer: fresh, loader });
    assert.ok(equal(point.weights, straight.weights));
    disposeStateDict(point.weights, straight.weights, state);
    optimizer.dispose();
    fresh.dispose();
  });

  it('free their tensors and memory', async () => {
    const network = smallConvolutional;
    const point = { weights: initialize(network, 1) };
    const optimizer = SGD({ learningRate: 0.1, momentum: 0.9 });
    const loader = dataLoader(dataset, { batchSize: 50 });
    const task = { network, point, loader, lossFunction: crossEntropy, optimizer };
    const round = async () => {
      await nativeEngine.descend(task);
      disposeStateDict(await recomputeStatistics(network, point.weights, dataset));
      const evaluator = nativeEngine.evaluator(network, [point.weights], dataset);
      await evaluator.evaluate([[1], [0.5]]);
      evaluator.dispose();
    };
    await round();
    const before = [tf.memory().numTensors, reservations()];
    for (let i = 0; i < 5; i++) await round();
    assert.deepEqual([tf.memory().numTensors, reservations()], before);
    disposeStateDict(point.weights);
    optimizer.dispose();
  });
});
