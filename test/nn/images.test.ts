import assert from 'node:assert/strict';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { useBackend } from '../../lib/engine';
import { installedTensorflow } from '../../lib/engine/tfjs/tensorflow';
import { InputError } from '../../lib/errors';
import { apply, applyInTraining, initialize, type Layer, sequential } from '../../lib/nn';
import { applyLayer } from '../../lib/nn/apply';
import { kindOf, kinds } from '../../lib/nn/kinds';
import { generator } from '../../lib/random';
import { isBuffer, loadStateDict, type StateDict } from '../../lib/weights';
import { assertClose } from '../close';
import { assertNear, fixtures, numbers, part, toFirst, toLast } from './beside';

describe('layers for images, beside PyTorch’s', () => {
  before(() => useBackend());
  const { stateDict } = loadStateDict(join(fixtures, 'layers.safetensors'));
  const three = { kind: 'conv2d', inputs: 3 } as const;
  const four = { kind: 'batchNorm2d', features: 4 } as const;
  const layers: Record<string, Layer> = {
    'conv2d-same': { kind: 'conv2d', inputs: 3, outputs: 5, kernelSize: 3, padding: 'same' },
    'conv2d-valid': { kind: 'conv2d', inputs: 2, outputs: 3, kernelSize: 3, padding: 'valid' },
    maxPool2d: { kind: 'maxPool2d', size: 2 },
    averagePool2d: { kind: 'averagePool2d', size: 2 },
    batchNorm2d: { kind: 'batchNorm2d', features: 3 },
    flatten: { kind: 'flatten' },
    layerNorm: { kind: 'layerNorm', features: 5 },
    leakyReLU: { kind: 'leakyReLU', slope: 0.1 },
    gelu: { kind: 'gelu' },
    'gelu-tanh': { kind: 'gelu', approximate: 'tanh' },
    'conv2d-stride': { ...three, outputs: 4, kernelSize: 3, padding: 1, stride: 2, bias: false },
    'conv2d-wide': { ...three, inputs: 2, outputs: 3, kernelSize: 2, padding: 2, stride: 3 },
    residual: {
      kind: 'residual',
      body: [
        { kind: 'batchNorm2d', features: 3 },
        { kind: 'gelu' },
        { ...three, outputs: 3, kernelSize: 3, padding: 1 },
      ],
    },
    'residual-projection': {
      kind: 'residual',
      body: [
        { ...three, outputs: 4, kernelSize: 3, padding: 1, stride: 2 },
        { kind: 'residual', body: [four], shortcut: [{ kind: 'gelu' }] },
      ],
      shortcut: [
        { ...three, outputs: 4, kernelSize: 1, padding: 'valid', stride: 2, bias: false },
        four,
      ],
    },
  };
  for (const [name, layer] of Object.entries(layers)) {
    it(`${name}: output, gradients and what it keeps`, () => {
      const kept: StateDict = {};
      const own = part(stateDict, `${name}/`);
      const weights = part(own, 'before/');
      const [flatInput, flat] = [own.x!, own.y!].map(({ rank }) => rank !== 4);
      const parameters = Object.keys(part(own, 'gradient/')).filter((key) => key !== 'x');
      tf.tidy(() => {
        const pass = {
          keep: (buffers: StateDict) => {
            for (const [key, tensor] of Object.entries(buffers)) kept[key] = tf.keep(tensor);
          },
        };
        const run = (x: tf.Tensor, tensors: StateDict, training?: typeof pass) => {
          const y = applyLayer(layer, tensors, flatInput ? x : toLast(x), training);
          return flat ? y : toFirst(y);
        };
        assertNear(run(own.x!, weights, pass), own.y!, 1e-5, 'output');
        assertNear(run(own.x!, part(own, 'after/')), own.evaluated!, 1e-5, 'in evaluation');
        const gradients = tf.grads((x: tf.Tensor, ...tensors: tf.Tensor[]) => {
          const named = parameters.map((key, i) => [key, tensors[i]!] as const);
          return run(x, { ...weights, ...Object.fromEntries(named) }, pass)
            .mul(own.d!)
            .sum();
        })([own.x!, ...parameters.map((key) => weights[key]!)]);
        for (const [i, key] of ['x', ...parameters].entries()) {
          assertNear(gradients[i]!, own[`gradient/${key}`]!, 1e-4, `gradient of ${key}`);
        }
        for (const [key, tensor] of Object.entries(kept)) {
          assertNear(tensor, own[`after/${key}`]!, 1e-5, key);
        }
      });
      assert.deepEqual(Object.keys(kept).sort(), Object.keys(weights).filter(isBuffer).sort());
      assert.deepEqual(
        Object.entries(weights)
          .map(([name, { shape }]) => [name, shape])
          .sort(),
        Object.entries(kindOf(layer).tensors(layer)).sort(),
      );
    });
  }

  const native = installedTensorflow() ? (['tensorflow'] as const) : [];
  const gpu = process.env.LAB_BACKEND === 'webgpu' ? (['webgpu'] as const) : [];
  for (const backend of ['wasm', 'cpu', ...native, ...gpu] as const) {
    it(`pooling on ${backend}: NaN and infinities as PyTorch's (poolingFixtures.py)`, async () => {
      const { stateDict } = loadStateDict(join(fixtures, 'pooling.safetensors'));
      await useBackend(backend);
      for (const name of ['maxPool2d', 'averagePool2d']) {
        const own = part(stateDict, `${name}/`);
        assert.ok(numbers(own.y!).some(Number.isNaN));
        tf.tidy(() => {
          const pool = (x: tf.Tensor) => toFirst(applyLayer(layers[name]!, {}, toLast(x)));
          assert.deepEqual(numbers(pool(own.x!)), numbers(own.y!), name);
          const gradient = tf.grad((x) => pool(x).mul(own.d!).sum())(own.x!);
          assertClose(numbers(gradient), numbers(own['gradient/x']!), { relative: 1e-6 });
        });
      }
      await useBackend();
    });

    it(`a convolution of one channel by 1 × 1 on ${backend} keeps NaN`, async () => {
      await useBackend(backend);
      const layer = { inputs: 1, outputs: 1, kernelSize: 1, padding: 'valid' } as const;
      const weights = { weight: tf.fill([1, 1, 1, 1], -2), bias: tf.tensor1d([1]) };
      const x = tf.tensor4d([Number.NaN, 3, Infinity, 0], [1, 2, 2, 1]);
      // 1 − 2·x.
      const y = applyLayer({ kind: 'conv2d', ...layer }, weights, x);
      assert.deepEqual(numbers(y), [Number.NaN, -5, -Infinity, 1]);
      await useBackend();
    });
  }

  it('batchNorm2d refuses to train on one number a channel, as PyTorch, and leaves no tensor', () => {
    // torch 2.15.0: "Expected more than 1 value per channel when training".
    const network = sequential(
      [2, 2, 2],
      [
        { kind: 'channelsLast' },
        { kind: 'batchNorm2d', features: 2 },
        { kind: 'averagePool2d', size: 2 },
        { kind: 'batchNorm2d', features: 2 },
        { kind: 'flatten' },
      ],
    );
    const weights = initialize(network, 1);
    const [one, two] = [tf.ones([1, 2, 2, 2]), tf.ones([2, 2, 2, 2])];
    const before = tf.memory().numTensors;
    assert.throws(
      () => applyInTraining(network, weights, one),
      /batchNorm2d: expected more than one/,
    );
    assert.equal(tf.memory().numTensors, before);
    assert.equal(apply(network, weights, one).size, 2);
    assert.equal(applyInTraining(network, weights, two).logits.size, 4);
  });

  it('dropout keeps the mean, drops the same for the same seed, and nothing in evaluation', () => {
    const layer: Layer = { kind: 'dropout', rate: 0.3 };
    const x = tf.ones([200, 50]);
    const training = (seed: number) => ({ random: generator(seed), keep: () => {} });
    const dropped = applyLayer(layer, {}, x, training(1)).dataSync();
    assert.deepEqual(applyLayer(layer, {}, x, training(1)).dataSync(), dropped);
    assert.notDeepEqual(applyLayer(layer, {}, x, training(2)).dataSync(), dropped);
    const zeros = dropped.filter((value) => value === 0).length / dropped.length;
    assert.ok(Math.abs(zeros - 0.3) < 0.02, `${zeros} are dropped`);
    assert.ok(dropped.every((value) => value === 0 || Math.abs(value - 1 / 0.7) < 1e-6));
    assert.deepEqual(applyLayer(layer, {}, x).dataSync(), x.dataSync());
  });

  it('refuse what they cannot take, and say what they expect', () => {
    const conv = layers['conv2d-valid']!;
    assert.throws(
      () => kindOf(conv).outputShape(conv, [2, 6, 5]),
      /conv2d: expected images \[H, W, 2\]/,
    );
    assert.throws(
      () => kindOf(conv).outputShape(conv, [2, 2, 2]),
      /images of at least 3 × 3, got \[2, 2, 2\]/,
    );
    assert.throws(
      () => kinds.flatten.outputShape({ kind: 'flatten' }, [9]),
      /flatten: expected images of three/,
    );
    assert.throws(() => sequential([1, 28, 28], [conv]), InputError);
  });
});
