import assert from 'node:assert/strict';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import type { Dataset } from '../../lib/data';
import { dataLoader } from '../../lib/data';
import { lossAndGradient, tfjsEngine, useBackend } from '../../lib/engine';
import {
  apply,
  applyInTraining,
  countParameters,
  crossEntropy,
  initialize,
  sequential,
  stateDictShapes,
  VGG,
} from '../../lib/nn';
import { SGD } from '../../lib/optim';
import { performEpoch, recomputeStatistics } from '../../lib/training';
import { disposeStateDict, loadStateDict } from '../../lib/weights';
import { toyDataset } from '../toy';
import { assertNear, fixtures, numbers, part } from './beside';

describe('VGG', () => {
  before(() => useBackend());
  const { stateDict } = loadStateDict(join(fixtures, 'vgg11.safetensors'));
  const network = VGG({ depth: 11, width: 1 / 32, dropout: 0 });
  const weights = part(stateDict, 'weights/');
  const dataset: Dataset = {
    name: 'twelve',
    images: Uint8Array.from(stateDict.images!.dataSync()),
    labels: Uint8Array.from(stateDict.labels!.dataSync()),
    imageShape: [1, 28, 28],
    length: 12,
    classes: 10,
  };
  const [{ x, y, size }] = [...tensorsOf(dataset)] as [ReturnType<typeof copy>];

  function* tensorsOf(dataset: Dataset) {
    for (const batch of dataLoader(dataset, { batchSize: dataset.length })) yield copy(batch);
  }
  function copy(batch: { x: tf.Tensor4D; y: tf.Tensor1D; size: number; indices: Uint32Array }) {
    return { ...batch, x: batch.x.clone(), y: batch.y.clone() };
  }

  it('has PyTorch’s tensors', () => {
    const shapes = Object.entries(weights).map(([name, { shape }]) => [name, shape] as const);
    assert.deepEqual(stateDictShapes(network), Object.fromEntries(shapes));
  });

  it('has PyTorch’s logits, loss, gradients and statistics', () => {
    const batch = { x, y, size, indices: new Uint32Array(size) };
    const of = lossAndGradient(network, weights, batch, crossEntropy);
    assertNear(tf.tensor1d([of.loss]), stateDict.loss!, 1e-5, 'loss');
    for (const [name, gradient] of Object.entries(part(stateDict, 'gradient/'))) {
      // A convolution's bias before BatchNorm has no gradient but rounding, ours and PyTorch's.
      const idle = of.gradient[name.replace('bias', 'weight')]!.shape.length === 4;
      const ofWeight = numbers(stateDict[`gradient/${name.replace('bias', 'weight')}`]!);
      const scale = Math.max(...ofWeight.map(Math.abs));
      assertNear(of.gradient[name]!, gradient, 1e-3, name, idle ? scale : 0);
    }
    for (const [name, tensor] of Object.entries(part(stateDict, 'after/'))) {
      assertNear(of.buffers[name]!, tensor, 1e-5, name);
    }
    const { logits, buffers } = applyInTraining(network, weights, x);
    assertNear(logits, stateDict.logits!, 1e-4, 'logits');
    disposeStateDict(of.gradient, of.buffers, buffers);
    logits.dispose();
  });

  it('has PyTorch’s statistics after a pass over data, and its logits with them', async () => {
    const recomputed = await recomputeStatistics(network, weights, dataset, { batchSize: 8 });
    for (const [name, tensor] of Object.entries(part(stateDict, 'recomputed/'))) {
      assertNear(recomputed[name]!, tensor, 1e-5, name);
    }
    const counter = 'layers.3.num_batches_tracked';
    assert.deepEqual(recomputed[counter]!.dataSync(), weights[counter]!.dataSync());
    const logits = apply(network, recomputed, x);
    assertNear(logits, stateDict.evaluated!, 1e-4, 'logits');
    disposeStateDict(recomputed);
  });

  it('has PyTorch’s statistics after a pass over data whatever they were, NaN and ∞ too', async () => {
    for (const value of [Number.NaN, Infinity, -Infinity]) {
      const spoilt = Object.entries(weights).filter(([name]) => /running/.test(name));
      const filled = spoilt.map(([name, { shape }]) => [name, tf.fill(shape, value)] as const);
      const from = { ...weights, ...Object.fromEntries(filled) };
      const recomputed = await recomputeStatistics(network, from, dataset, { batchSize: 8 });
      for (const [name, tensor] of Object.entries(part(stateDict, 'recomputed/'))) {
        assertNear(recomputed[name]!, tensor, 1e-5, name);
        assert.ok(numbers(recomputed[name]!).every(Number.isFinite), name);
      }
      disposeStateDict(recomputed, Object.fromEntries(filled));
    }
  });

  it('has torchvision’s convolutions and the dense layers of Garipov et al.', () => {
    // torchvision: vgg11_bn's and vgg16's features have 9 225 984 and 14 714 688 parameters with
    // three channels in; with one channel 64·2·9 fewer.
    const dense = 2 * (512 * 512 + 512) + 512 * 10 + 10;
    const parameters = (options: Parameters<typeof VGG>[0]) =>
      countParameters(VGG(options)) - dense;
    assert.equal(parameters({ depth: 11 }), 9_225_984 - 1152);
    assert.equal(parameters({ depth: 16, batchNorm: false }), 14_714_688 - 1152);
    assert.deepEqual(
      [11, 13, 16, 19].map((depth) => {
        const { layers } = VGG({ depth: depth as 11, width: 1 / 16 });
        return layers.filter(({ kind }) => kind === 'conv2d' || kind === 'dense').length;
      }),
      [11, 13, 16, 19],
    );
  });

  it('refuses sizes that it has not', () => {
    assert.throws(() => VGG({ depth: 12 as 11 }), /depth must be 11, 13, 16 or 19, got 12/);
    assert.throws(() => VGG({ depth: 11, dropout: 1 }), /dropout must be at least 0 and below 1/);
    assert.throws(() => VGG({ depth: 11, width: 0 }), /width must be at least 1\/64/);
    assert.throws(() => VGG({ depth: 11, outputSize: 1 }), /outputSize .* at least 2, got 1/);
    assert.throws(() => VGG({ depth: 11, inputShape: [1, 30, 30] }), /\[C, 28, 28\] or \[C, 32/);
  });

  it('draws its weights as torchvision does', () => {
    const wide = VGG({ depth: 11, width: 1 / 4 });
    const drawn = initialize(wide, 3);
    const values = numbers(drawn['layers.6.weight']!);
    const deviation = Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);
    assert.ok(Math.abs(deviation / Math.sqrt(2 / (32 * 9)) - 1) < 0.05, `deviation ${deviation}`);
    assert.ok(drawn['layers.6.bias']!.dataSync().every((v) => v === 0));
    disposeStateDict(drawn);
  });

  it('stops within a batch when asked, with whole weights', async () => {
    const model = { network, weights: initialize(network, 1) };
    const controller = new AbortController();
    let batches = 0;
    const epoch = performEpoch(
      model,
      dataLoader(dataset, { batchSize: 2 }),
      crossEntropy,
      SGD({ learningRate: 0.01 }),
      {
        // The native engine tells now and then; test/engine/native/images.test.ts stops that one.
        engine: tfjsEngine,
        signal: controller.signal,
        onBatch: (done) => {
          batches = done;
          if (done === 2) controller.abort(new Error('stopped'));
        },
      },
    );
    await assert.rejects(epoch, /stopped/);
    assert.equal(batches, 2);
    assert.equal(model.weights['layers.3.num_batches_tracked']!.dataSync()[0], 2);
    assert.ok(numbers(apply(network, model.weights, x)).every(Number.isFinite));
    disposeStateDict(model.weights);
  });

  it('learns, the same from the same seeds, and its memory stays flat over 200 steps', async () => {
    const small = sequential(
      [1, 4, 4],
      [
        { kind: 'channelsLast' },
        { kind: 'conv2d', inputs: 1, outputs: 4, kernelSize: 3, padding: 'same' },
        { kind: 'batchNorm2d', features: 4 },
        { kind: 'relu' },
        { kind: 'averagePool2d', size: 2 },
        { kind: 'flatten' },
        { kind: 'dropout', rate: 0.1 },
        { kind: 'dense', inputs: 16, outputs: 10 },
      ],
    );
    const data = toyDataset(1000, 5);
    const trained = async () => {
      const model = { network: small, weights: initialize(small, 1) };
      const loader = dataLoader(data, { batchSize: 50, shuffle: 1 });
      const optimizer = SGD({ learningRate: 0.05, momentum: 0.9 });
      const epoch = () => performEpoch(model, loader, crossEntropy, optimizer);
      const first = await epoch();
      const before = tf.memory().numTensors;
      let last = first;
      for (let i = 0; i < 10; i++) last = await epoch();
      assert.equal(tf.memory().numTensors, before, 'tensors after 200 steps more');
      optimizer.dispose();
      const counter = model.weights['layers.2.num_batches_tracked']!.dataSync()[0];
      disposeStateDict(model.weights);
      return { first, last, counter };
    };
    const [one, two] = [await trained(), await trained()];
    assert.deepEqual(one, two);
    assert.ok(one.last.loss < one.first.loss / 3, `${one.first.loss} → ${one.last.loss}`);
    assert.equal(one.counter, 220);
  });
});
