import * as tf from '@tensorflow/tfjs';
import { generator } from '../../lib/random';
import type { StateDict } from '../../lib/weights';

export function randomStateDict(seed: number): StateDict {
  const random = generator(seed);
  const draw = (n: number) => Float32Array.from({ length: n }, () => random.uniform() - 0.5);
  return { weight: tf.tensor2d(draw(12), [3, 4]), bias: tf.tensor1d(draw(3)) };
}
