import * as tf from '@tensorflow/tfjs';
import { InputError } from '../../errors';
import { layerKind } from '../kind';

/** In training each number is 0 with probability `rate`, else divided by 1 − rate. */
export interface Dropout {
  readonly kind: 'dropout';
  /** In [0, 1). */
  readonly rate: number;
}

export const dropout = layerKind<Dropout>({
  outputShape({ kind, rate }, shape) {
    if (rate >= 0 && rate < 1) return shape;
    throw new InputError(`${kind}: rate must be at least 0 and below 1, got ${rate}`);
  },
  apply: (_layer, _tensors, x) => x.clone(),
  /** Drawn by the lab's own generator, so that every backend drops the same numbers. */
  train({ rate }, _, x, { random }) {
    if (!random) return x.clone();
    const kept = 1 / (1 - rate);
    const mask = Float32Array.from({ length: x.size }, () => (random.uniform() < rate ? 0 : kept));
    return x.mul(tf.tensor(mask, x.shape));
  },
});
