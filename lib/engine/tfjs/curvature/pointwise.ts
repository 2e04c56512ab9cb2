import type * as tf from '@tensorflow/tfjs';
import type { Layer } from '../../../nn/kinds';

/** The derivatives of a nonlinearity of each number for itself, y = f(x). */
export interface Nonlinear {
  slope(x: tf.Tensor, y: tf.Tensor): tf.Tensor;
  /** Of those that are curved. */
  bend?(y: tf.Tensor): tf.Tensor;
}

export function nonlinearOf(layer: Layer): Nonlinear | undefined {
  switch (layer.kind) {
    case 'relu':
      return { slope: isPositive };
    case 'leakyReLU':
      // At 0 the slope is the lower one, as torch has it.
      return {
        slope: (x) =>
          isPositive(x)
            .mul(1 - layer.slope)
            .add(layer.slope),
      };
    case 'sigmoid':
      return {
        slope: (_, y) => y.mul(y.neg().add(1)),
        bend: (y) => y.mul(y.neg().add(1)).mul(y.mul(-2).add(1)),
      };
    case 'tanh':
      return {
        slope: (_, y) => y.square().neg().add(1),
        bend: (y) => y.square().neg().add(1).mul(y.mul(-2)),
      };
    default:
      return undefined;
  }
}

const isPositive = (x: tf.Tensor) => x.greater(0).toFloat();
