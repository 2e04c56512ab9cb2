import * as tf from '@tensorflow/tfjs';
import type { StateDict } from '../../lib/weights';

/** A net so sure of class 0 that its loss on images of that class is 0 exactly. */
export function sureOf(init: StateDict): StateDict {
  const [name, bias] = Object.entries(init).at(-1)!;
  const values = Float32Array.from({ length: bias.size }, (_, i) => (i === 0 ? 1000 : 0));
  return { ...init, [name]: tf.tensor(values, bias.shape) };
}
