import * as tf from '@tensorflow/tfjs';
import { InputError } from '../../errors';
import { layerKind } from '../kind';

/**
 * The numbers along the last dimension shifted and scaled to mean 0 and variance 1, each sample
 * for itself, then by what is learnt, as `nn.LayerNorm(features)` (Ba et al., 1607.06450):
 * y = weight·(x − µ)/√(σ² + ε) + bias, with ε = 10⁻⁵, and `weight` and `bias` of shape [features].
 * Images in tfjs's order [H, W, C] are so normalised over their channels.
 */
export interface LayerNorm {
  readonly kind: 'layerNorm';
  readonly features: number;
}

const EPSILON = 1e-5;

export const layerNorm = layerKind<LayerNorm>({
  outputShape({ features }, shape) {
    if (shape.at(-1) === features) return shape;
    throw new InputError(
      `layerNorm: expected inputs whose last dimension is ${features}, got ` +
        `[${shape.join(', ')}]; make \`features\` that dimension, or put a reshape before it`,
    );
  },
  tensors: ({ features }) => ({ weight: [features], bias: [features] }),
  initial: ({ features }) => ({ weight: tf.ones([features]), bias: tf.zeros([features]) }),
  apply(_, { weight, bias }, x) {
    const { mean, variance } = tf.moments(x, -1, true);
    return x.sub(mean).mul(variance.add(EPSILON).rsqrt()).mul(weight!).add(bias!);
  },
});
