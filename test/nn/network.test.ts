import assert from 'node:assert/strict';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { lossAndGradient, useBackend } from '../../lib/engine';
import { InputError } from '../../lib/errors';
import {
  apply,
  ClassifierFC,
  countCorrect,
  countParameters,
  crossEntropy,
  initialize,
  type Nonlinearity,
  sequential,
  stateDictShapes,
  sumOverLogits,
} from '../../lib/nn';
import { equal, loadStateDict, parameterCount, type StateDict } from '../../lib/weights';
import { assertClose } from '../close';

const fixtures = join(__dirname, 'fixtures');

function fixture(name: string) {
  const { stateDict } = loadStateDict(join(fixtures, `${name}.safetensors`));
  const part = (prefix: string): StateDict =>
    Object.fromEntries(
      Object.entries(stateDict)
        .filter(([key]) => key.startsWith(prefix))
        .map(([key, tensor]) => [key.slice(prefix.length), tensor]),
    );
  return { ...stateDict, weights: part('weights/'), gradient: part('gradient/') } as unknown as {
    x: tf.Tensor4D;
    y: tf.Tensor1D;
    logits: tf.Tensor2D;
    loss: tf.Tensor1D;
    weights: StateDict;
    gradient: StateDict;
  };
}

describe('nn', () => {
  before(() => useBackend());

  const nonlinearities: Nonlinearity[] = ['relu', 'sigmoid', 'tanh'];
  for (const nonlinearity of nonlinearities) {
    for (const numHidden of [1, 3]) {
      const name = `${nonlinearity}-${numHidden}`;
      const network = ClassifierFC({
        inputShape: [1, 4, 4],
        outputSize: 10,
        hiddenDim: 5,
        numHidden,
        nonlinearity,
      });

      it(`${name}: logits, loss and gradient are PyTorch's (fixtures.py)`, () => {
        const { x, y, logits, loss, weights, gradient } = fixture(name);
        assertClose(apply(network, weights, x).dataSync(), logits.dataSync(), { absolute: 1e-6 });
        const batch = { x, y, size: 7, indices: new Uint32Array(7) };
        const ours = lossAndGradient(network, weights, batch, crossEntropy);
        assertClose(ours.loss, loss.dataSync()[0]!, { relative: 1e-6 });
        assert.deepEqual(Object.keys(ours.gradient).sort(), Object.keys(gradient).sort());
        for (const key of Object.keys(gradient)) {
          assertClose(ours.gradient[key]!.dataSync(), gradient[key]!.dataSync(), {
            absolute: 1e-6,
          });
        }
      });

      it(`${name}: the gradient agrees with central differences`, () => {
        const { x, y, weights } = fixture(name);
        const batch = { x, y, size: 7, indices: new Uint32Array(7) };
        const { gradient } = lossAndGradient(network, weights, batch, crossEntropy);
        // Step 2e-3 in float32: rounding is about 2e-7/(2·2e-3) = 5e-5, truncation far below it.
        const h = 2e-3;
        for (const key of Object.keys(weights)) {
          const values = weights[key]!.dataSync();
          const exact = gradient[key]!.dataSync();
          for (let i = 0; i < values.length; i += 7) {
            const lossAt = (step: number) =>
              tf.tidy(() => {
                const moved = Float32Array.from(values);
                moved[i]! += step;
                const point = { ...weights, [key]: tf.tensor(moved, weights[key]!.shape) };
                return crossEntropy(apply(network, point, x), y).dataSync()[0]!;
              });
            assertClose(exact[i]!, (lossAt(h) - lossAt(-h)) / (2 * h), { absolute: 2e-4 });
          }
        }
      });
    }
  }

  it("the lab's default network has 50 890 parameters, known without a tensor", () => {
    const before = tf.memory().numTensors;
    const network = ClassifierFC({ inputShape: [1, 28, 28], outputSize: 10, hiddenDim: 64 });
    assert.equal(countParameters(network), 784 * 64 + 64 + 64 * 10 + 10);
    assert.equal(tf.memory().numTensors, before);
    const weights = initialize(network, 1);
    assert.equal(parameterCount(weights), 50_890);
    assert.deepEqual(Object.keys(weights), Object.keys(stateDictShapes(network)));
    assert.deepEqual(Object.keys(weights), [
      'layers.1.weight',
      'layers.1.bias',
      'layers.3.weight',
      'layers.3.bias',
    ]);
  });

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

  it('cross-entropy stays finite for huge logits', () => {
    const logits = tf.tensor2d([[1000, -1000, 0]]);
    // log softmax = (0, −2000, −1000) to the last digit: the losses are its negatives.
    for (const [label, loss] of [0, 2000, 1000].entries()) {
      const ours = crossEntropy(logits, tf.tensor1d([label], 'int32')).dataSync()[0]!;
      assertClose(ours, loss, { absolute: 0 });
    }
  });

  it('cross-entropy is right for tiny losses, where 1 + ε is 1 in float32', () => {
    // log(1 + e⁻²⁰ + e⁻³⁰) = 2.0612e-9: a log of a rounded sum would give 0.
    const loss = crossEntropy(tf.tensor2d([[0, -20, -30]]), tf.tensor1d([0], 'int32'));
    assertClose(loss.dataSync()[0]!, Math.log1p(Math.exp(-20) + Math.exp(-30)), {
      relative: 1e-6,
    });
  });

  it("cross-entropy of logits that are not finite is PyTorch's, with its gradient", () => {
    // torch 2.15.0, nn.functional.cross_entropy and backward().
    const none = Number.NaN;
    const cases: [logits: number[], label: number, loss: number, gradient: number[]][] = [
      [[0, -Infinity], 0, 0, [0, 0]],
      [[0, -Infinity], 1, Infinity, [1, -1]],
      [[-Infinity, -Infinity, 5], 0, Infinity, [-1, 0, 1]],
      [[Infinity, 0], 0, none, [none, none]],
      [[Infinity, 0], 1, none, [none, none]],
      [[-Infinity, -Infinity], 0, none, [none, none]],
      [[0, none], 0, none, [none, none]],
    ];
    for (const [row, label, loss, gradient] of cases) {
      const [z, y] = [tf.tensor2d([row]), tf.tensor1d([label], 'int32')];
      const of = tf.valueAndGrad((z) => crossEntropy(z as tf.Tensor2D, y))(z);
      assert.deepEqual([...of.value.dataSync()], [loss], `${row}`);
      assert.deepEqual([...of.grad.dataSync()], gradient, `${row}`);
    }
    const batch = tf.tensor2d([
      [0, -Infinity, 2],
      [1, 2, 3],
    ]);
    const labels = tf.tensor1d([0, 1], 'int32');
    const of = tf.valueAndGrad((z) => crossEntropy(z as tf.Tensor2D, labels))(batch);
    assertClose(of.value.dataSync(), [1.7672669887542725], { relative: 1e-6 });
    assertClose(
      of.grad.dataSync(),
      [-0.44039854, 0, 0.44039851, 0.04501529, -0.37763575, 0.3326205],
      { absolute: 1e-7 },
    );
  });

  it('counts the first of equal logits as the prediction', () => {
    const logits = tf.tensor2d([
      [1, 1, 0],
      [0, 2, 2],
    ]);
    assert.equal(countCorrect(logits, tf.tensor1d([0, 1], 'int32')), 2);
    assert.equal(countCorrect(logits, tf.tensor1d([1, 2], 'int32')), 0);
  });

  it('sums losses and right answers in double precision, down to tiny losses', () => {
    // Row 1: log(1 + e⁻²⁰ + e⁻³⁰) = e⁻²⁰ + e⁻³⁰ − e⁻⁴⁰/2 to 1e-17. Row 2: loses by 2, so
    // 2 + log(1 + e⁻² + e⁻⁵). Row 3: equal logits, the first one wins: log 3, wrong.
    const logits = [0, -20, -30, 3, 5, 0, 1, 1, 1];
    const { loss, correct } = sumOverLogits(logits, [0, 0, 1]);
    const e = Math.exp;
    const tiny = e(-20) + e(-30) - e(-40) / 2;
    assertClose(loss, tiny + 2 + Math.log(1 + e(-2) + e(-5)) + Math.log(3), { relative: 1e-15 });
    assert.equal(correct, 1);
    assertClose(sumOverLogits([0, -20, -30], [0]).loss, tiny, { relative: 1e-9 });
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
