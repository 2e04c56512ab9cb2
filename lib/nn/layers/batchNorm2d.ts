import * as tf from '@tensorflow/tfjs';
import { InputError } from '../../errors';
import { runOwnKernel } from '../../ownKernels';
import { sizeOf } from '../../shape';
import { layerKind } from '../kind';
import { requireChannels } from './images';

/**
 * Each channel shifted and scaled to mean 0 and variance 1, then by what is learnt, as
 * `nn.BatchNorm2d` (Ioffe and Szegedy, 1502.03167): y = weight·(x − µ)/√(σ² + ε) + bias. In
 * training µ and σ² are those of the batch, and the running ones move towards them,
 * r ← (1 − momentum)·r + momentum·s, with n/(n − 1)·σ² for the variance; in evaluation they are the
 * running ones. With a momentum of 1 the running ones are replaced, whatever they were (NaN too).
 * `running_mean`, `running_var` and the counter `num_batches_tracked` are buffers.
 */
export interface BatchNorm {
  readonly kind: 'batchNorm2d';
  readonly features: number;
}

const MOMENTUM = 0.1;
const EPSILON = 1e-5;

export const batchNorm2d = layerKind<BatchNorm>({
  outputShape({ kind, features }, shape) {
    requireChannels(kind, shape, features);
    return shape;
  },
  tensors({ features }) {
    const channels = [features];
    return {
      weight: channels,
      bias: channels,
      running_mean: channels,
      running_var: channels,
      num_batches_tracked: [],
    };
  },
  initial({ features }) {
    return {
      weight: tf.ones([features]),
      bias: tf.zeros([features]),
      running_mean: tf.zeros([features]),
      running_var: tf.ones([features]),
      num_batches_tracked: tf.scalar(0, 'int32'),
    };
  },
  apply(_, { weight, bias, running_mean, running_var }, x) {
    const [mean, variance] = [running_mean as tf.Tensor1D, running_var as tf.Tensor1D];
    const [scale, offset] = [weight as tf.Tensor1D, bias as tf.Tensor1D];
    return tf.batchNorm(x as tf.Tensor4D, mean, variance, offset, scale, EPSILON);
  },
  /** @throws InputError on one number a channel, of which there is no variance */
  train(_, tensors, x, { momentum = MOMENTUM, keep }) {
    const n = x.size / x.shape[3]!;
    if (n === 1) {
      throw new InputError(
        'batchNorm2d: expected more than one number a channel in training, got a batch of one ' +
          'image of 1 × 1; take larger batches, or drop the short last one',
      );
    }
    const { mean, variance } = moments(x);
    keep({
      running_mean: blend(tensors.running_mean!, mean, momentum),
      running_var: blend(tensors.running_var!, variance, momentum, n / (n - 1)),
      num_batches_tracked: tensors.num_batches_tracked!.add(tf.scalar(1, 'int32')),
    });
    const [scale, offset] = [tensors.weight as tf.Tensor1D, tensors.bias as tf.Tensor1D];
    return normalize(x as tf.Tensor4D, scale, offset, mean as tf.Tensor1D, variance as tf.Tensor1D);
  },
  smallestBatch: ({ features }, shape) => (sizeOf(shape) === features ? 2 : 1),
});

function moments(x: tf.Tensor): { mean: tf.Tensor; variance: tf.Tensor } {
  const [mean, variance] = runOwnKernel('ChannelMoments', { x }) ?? [];
  return mean && variance ? { mean, variance } : tf.moments(x, [0, 1, 2]);
}

/** (1 − momentum)·running + momentum·factor·batch. */
function blend(running: tf.Tensor, batch: tf.Tensor, momentum: number, factor = 1): tf.Tensor {
  const scaled = () => (factor === 1 ? batch : batch.mul(factor));
  if (momentum === 1) return scaled().clone();
  const shares = tf.tensor1d([1 - momentum, momentum * factor]);
  const [own] = runOwnKernel('Blend', { running, batch, shares }) ?? [];
  return own ?? running.mul(1 - momentum).add(scaled().mul(momentum));
}

/**
 * y from a batch's own moments, with the derivative that counts what x does to them:
 * ∂L/∂x = weight/√(σ² + ε) · (d − mean(d) − x̂·mean(d·x̂)), d being ∂L/∂y and x̂ the normalised x.
 */
function normalize(
  x: tf.Tensor4D,
  scale: tf.Tensor1D,
  offset: tf.Tensor1D,
  mean: tf.Tensor1D,
  variance: tf.Tensor1D,
): tf.Tensor {
  const n = x.size / x.shape[3];
  const f = tf.customGrad((...inputs) => {
    const save = inputs.pop() as unknown as tf.GradSaveFunc;
    const [x, scale, offset] = inputs as [tf.Tensor4D, tf.Tensor1D, tf.Tensor1D];
    const value = tf.batchNorm(x, mean, variance, offset, scale, EPSILON);
    save([x, scale, mean, variance]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) => {
      const [x, scale, mean, variance] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
      const attributes = { varianceEpsilon: EPSILON };
      const own = runOwnKernel('BatchNormGradient', { dy, x, scale, mean, variance }, attributes);
      if (own) return own;
      const perDeviation = variance.add(EPSILON).rsqrt();
      const normal = x.sub(mean).mul(perDeviation);
      const ofOffset = dy.sum([0, 1, 2]);
      const ofScale = dy.mul(normal).sum([0, 1, 2]);
      const centred = dy.sub(ofOffset.div(n)).sub(normal.mul(ofScale.div(n)));
      return [centred.mul(scale.mul(perDeviation)), ofScale, ofOffset];
    };
    return { value, gradFunc };
  });
  return f(x, scale, offset);
}
