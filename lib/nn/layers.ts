import * as tf from '@tensorflow/tfjs';
import { InputError } from '../errors';
import type { Generator } from '../random';
import type { StateDict } from '../weights';

/**
 * A layer as a plain description: what it computes, never what it has learnt. Shapes leave the
 * batch out.
 */
export type Layer =
  /** [n, …] → [n, …shape], the same numbers in the same order. */
  | { readonly kind: 'reshape'; readonly shape: readonly number[] }
  /** x ↦ x·Wᵀ + b, with `weight` W of shape [outputs, inputs] and `bias` b of shape [outputs]. */
  | {
      readonly kind: 'dense';
      readonly inputs: number;
      readonly outputs: number;
    }
  | { readonly kind: Nonlinearity };

/** ReLU max(x, 0); sigmoid 1/(1 + e⁻ˣ); tanh. */
export type Nonlinearity = 'relu' | 'sigmoid' | 'tanh';

export const nonlinearities: readonly Nonlinearity[] = ['relu', 'sigmoid', 'tanh'];

/** The shapes of a layer's tensors by PyTorch's short names, in PyTorch's order. */
export function parameterShapes(layer: Layer): Readonly<Record<string, readonly number[]>> {
  return layer.kind === 'dense'
    ? { weight: [layer.outputs, layer.inputs], bias: [layer.outputs] }
    : {};
}

/**
 * A layer's tensors as PyTorch draws them by default: for `nn.Linear`, weight and bias from
 * U(−1/√inputs, 1/√inputs) (`kaiming_uniform_` with a = √5). The caller disposes them.
 */
export function initializeLayer(layer: Layer, random: Generator): StateDict {
  if (layer.kind !== 'dense') return {};
  const bound = 1 / Math.sqrt(layer.inputs);
  return Object.fromEntries(
    Object.entries(parameterShapes(layer)).map(([name, shape]) => {
      const size = shape.reduce((product, n) => product * n, 1);
      const values = Float32Array.from({ length: size }, () => (2 * random.uniform() - 1) * bound);
      return [name, tf.tensor(values, [...shape])];
    }),
  );
}

/** The layer's output for a batch x; `parameters` by the layer's short names. */
export function applyLayer(layer: Layer, parameters: StateDict, x: tf.Tensor): tf.Tensor {
  switch (layer.kind) {
    case 'reshape':
      return x.reshape([x.shape[0]!, ...layer.shape]);
    case 'dense':
      return tf
        .matMul(x as tf.Tensor2D, parameters.weight as tf.Tensor2D, false, true)
        .add(parameters.bias!);
    case 'relu':
      return x.relu();
    case 'sigmoid':
      return x.sigmoid();
    case 'tanh':
      return x.tanh();
  }
}

/** The shape of the layer's output, without the batch, for inputs of `shape`. */
export function outputShape(layer: Layer, shape: readonly number[]): readonly number[] {
  const size = (s: readonly number[]) => s.reduce((product, n) => product * n, 1);
  switch (layer.kind) {
    case 'reshape':
      if (size(shape) !== size(layer.shape)) {
        throw new InputError(
          `reshape: cannot turn [${shape.join(', ')}] into [${layer.shape.join(', ')}]: ` +
            `${size(shape)} numbers against ${size(layer.shape)}`,
        );
      }
      return layer.shape;
    case 'dense':
      if (shape.length !== 1 || shape[0] !== layer.inputs) {
        throw new InputError(
          `dense: expected inputs of shape [${layer.inputs}], got [${shape.join(', ')}]; ` +
            'put a reshape before it',
        );
      }
      return [layer.outputs];
    default:
      return shape;
  }
}
