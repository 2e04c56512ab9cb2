import type * as tf from '@tensorflow/tfjs';
import { layerKind } from '../kind';

/** ReLU max(x, 0); sigmoid 1/(1 + e⁻ˣ); tanh. */
export type Nonlinearity = 'relu' | 'sigmoid' | 'tanh';

/** f(x) of each number for itself. */
export interface Pointwise {
  readonly kind: Nonlinearity;
}

const pointwise = (native: Nonlinearity, f: (x: tf.Tensor) => tf.Tensor) =>
  layerKind<Pointwise>({
    outputShape: (_, shape) => shape,
    apply: (_layer, _tensors, x) => f(x),
    native,
  });

export const relu = pointwise('relu', (x) => x.relu());
export const sigmoid = pointwise('sigmoid', (x) => x.sigmoid());
export const tanh = pointwise('tanh', (x) => x.tanh());

export const nonlinearities: readonly Nonlinearity[] = ['relu', 'sigmoid', 'tanh'];
