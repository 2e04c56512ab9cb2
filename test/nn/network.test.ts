import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { useBackend } from '../../lib/engine';
import { InputError } from '../../lib/errors';
import {
  apply,
  ClassifierFC,
  initialize,
  type Layer,
  type Nonlinearity,
  sequential,
} from '../../lib/nn';
import { equal } from '../../lib/weights';
import { assertClose } from '../close';

describe('a network', () => {
  before(() => useBackend());

  it("initialises as PyTorch's nn.Linear does: uniform within ±1/√inputs", () => {
    const network = ClassifierFC({ inputShape: [1, 28, 28], outputSize: 10, hiddenDim: 64 });
    const weights = initialize(network, 3);
    for (const [name, inputs] of [
      ['layers.1.weight', 784],
      ['layers.1.bias', 784],
      ['layers.3.weight', 64],
    ] as const) {
      const values = weights[name]!.dataSync();
      const bound = 1 / Math.sqrt(inputs);
      assert.ok(values.every((v) => Math.abs(v) <= bound));
      assert.ok(Math.max(...values) > 0.9 * bound && Math.min(...values) < -0.9 * bound);
    }
    // Variance of U(−b, b) is b²/3; of 50 176 draws it strays by 0.4 % (1 σ), 2 % is 5 σ.
    const values = weights['layers.1.weight']!.dataSync();
    const variance = Array.from(values).reduce((sum, v) => sum + v * v, 0) / values.length;
    assertClose(variance, 1 / 784 / 3, { relative: 0.02 });
  });

  it('the same seed gives the same weights, another seed others', () => {
    const network = ClassifierFC({ inputShape: [1, 2, 2], outputSize: 3, hiddenDim: 4 });
    assert.ok(equal(initialize(network, 5), initialize(network, 5)));
    assert.ok(!equal(initialize(network, 5), initialize(network, 6)));
  });

  it('refuses layers of sizes and rates that there are not', () => {
    const wrong: [layer: Layer, message: RegExp][] = [
      [{ kind: 'dense', inputs: 16, outputs: 2.5 }, /dense: outputs must be an integer/],
      [{ kind: 'dropout', rate: 1 }, /dropout: rate must be at least 0 and below 1, got 1/],
      [{ kind: 'dropout', rate: Number.NaN }, /dropout: rate .* got NaN/],
      [{ kind: 'leakyReLU' } as Layer, /leakyReLU: .* a finite slope, got undefined/],
      [{ kind: 'leakyReLU', slope: Number.NaN }, /leakyReLU: .* a finite slope, got NaN/],
      [{ kind: 'maxPool2d', size: 0 }, /maxPool2d: size must be an integer of at least 1, got 0/],
      [{ kind: 'averagePool2d', size: 1.5 }, /averagePool2d: size .* got 1\.5/],
      [{ kind: 'zeroPad2d', padding: -1 }, /zeroPad2d: padding .* of at least 0, got -1/],
    ];
    for (const [layer, message] of wrong) {
      const shape = layer.kind === 'dense' ? [16] : [4, 4, 1];
      assert.throws(() => sequential(shape, [layer]), { name: 'InputError', message });
    }
    const conv = { kind: 'conv2d', inputs: 1, outputs: 3, kernelSize: 3, padding: 'same' } as const;
    for (const size of ['outputs', 'kernelSize']) {
      const message = new RegExp(`conv2d: ${size} must be an integer of at least 1, got 0`);
      assert.throws(() => sequential([4, 4, 1], [{ ...conv, [size]: 0 }]), { message });
    }
  });

  it('names what does not fit', () => {
    const network = ClassifierFC({ inputShape: [1, 2, 2], outputSize: 3, hiddenDim: 4 });
    const weights = initialize(network, 1);
    assert.throws(() => apply(network, weights, tf.zeros([2, 1, 3, 2])), /\[n, 1, 2, 2\].*3, 2\]/);
    const { 'layers.3.bias': _, ...incomplete } = weights;
    assert.throws(
      () => apply(network, incomplete, tf.zeros([1, 1, 2, 2])),
      /'layers.3.bias': expected shape \[3\], got nothing/,
    );
    const bad = { inputShape: [1, 2, 2], outputSize: 3 };
    assert.throws(() => ClassifierFC({ ...bad, hiddenDim: 0 }), InputError);
    assert.throws(() => ClassifierFC({ ...bad, outputSize: 1 }), /outputSize .* at least 2, got 1/);
    assert.throws(
      () => sequential([4], [{ kind: 'dense', inputs: 4, outputs: 1 }]),
      /at least two logits, got 1; of one class alone/,
    );
    assert.throws(() => ClassifierFC({ ...bad, numHidden: 1.5 }), /numHidden.*1\.5/);
    assert.throws(
      () => ClassifierFC({ ...bad, nonlinearity: 'gelu' as Nonlinearity }),
      /relu, sigmoid, tanh, got gelu/,
    );
    assert.throws(
      () => sequential([2, 2], [{ kind: 'dense', inputs: 4, outputs: 2 }]),
      /put a reshape before/,
    );
  });
});
