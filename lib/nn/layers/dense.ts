import * as tf from '@tensorflow/tfjs';
import { InputError, requireInteger } from '../../errors';
import { uniform } from '../initial';
import { layerKind } from '../kind';

/**
 * x ↦ x·Wᵀ + b as `nn.Linear`, [n, inputs] → [n, outputs], with `weight` W of shape
 * [outputs, inputs] and `bias` b of shape [outputs].
 */
export interface Dense {
  readonly kind: 'dense';
  readonly inputs: number;
  readonly outputs: number;
}

const tensors = ({ inputs, outputs }: Dense) => ({ weight: [outputs, inputs], bias: [outputs] });

export const dense = layerKind<Dense>({
  outputShape({ kind, inputs, outputs }, shape) {
    requireInteger(kind, 'outputs', outputs, 1);
    if (shape.length === 1 && shape[0] === inputs) return [outputs];
    throw new InputError(
      `dense: expected inputs of shape [${inputs}], got [${shape.join(', ')}]; ` +
        'put a reshape before it',
    );
  },
  tensors,
  initial: (layer, random) => uniform(tensors(layer), layer.inputs, random),
  apply: (_, { weight, bias }, x) =>
    tf.matMul(x as tf.Tensor2D, weight as tf.Tensor2D, false, true).add(bias!),
  multiplications: ({ inputs, outputs }) => inputs * outputs,
  native: 'dense',
});
