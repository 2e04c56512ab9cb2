import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { useBackend } from '../../lib/engine';
import { countCorrect, crossEntropy, sumOverLogits } from '../../lib/nn';
import { assertClose } from '../close';

describe('losses', () => {
  before(() => useBackend());

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
});
