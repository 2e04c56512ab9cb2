import type * as tf from '@tensorflow/tfjs';
import { sumOverLogits, winnerOf } from '../../../nn/losses';
import type { Recorder } from './run';
import { supplyKernel } from './shader';

/**
 * What `lib/nn/losses` asks a backend for: a batch's mean cross-entropy, and its gradient with respect
 * to the logits. In memory: they are read for the accuracy anyway, and are few beside what one wait for
 * the GPU, or 25 shaders, would take.
 */
export function supplyCrossEntropy(): void {
  supplyKernel('CrossEntropy', ({ inputs, backend }) => {
    const { makeTensorInfo, readSync } = backend as Recorder;
    const [logits, labels] = [inputs.logits as tf.TensorInfo, inputs.labels as tf.TensorInfo];
    const values = readSync.call(backend, logits.dataId) as Float32Array;
    const answers = readSync.call(backend, labels.dataId) as Int32Array;
    const mean = sumOverLogits(values, answers).loss / answers.length;
    const make = (shape: readonly number[], of: Float32Array) =>
      makeTensorInfo.call(backend, shape, 'float32', of);
    return [make([], Float32Array.of(mean)), make(logits.shape, gradient(values, answers))];
  });
}

/** (softmax(z) − onehot(y))/n. */
function gradient(logits: Float32Array, labels: Int32Array): Float32Array {
  const classes = logits.length / labels.length;
  const result = new Float32Array(logits.length);
  for (const [row, label] of labels.entries()) {
    const start = row * classes;
    const top = logits[start + winnerOf(logits, start, classes)]!;
    const powers = Float64Array.from({ length: classes }, (_, k) =>
      Math.exp(logits[start + k]! - top),
    );
    const sum = powers.reduce((a, b) => a + b);
    powers.forEach((power, k) => {
      result[start + k] = (power / sum - Number(k === label)) / labels.length;
    });
  }
  return result;
}
