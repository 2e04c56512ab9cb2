import * as tf from '@tensorflow/tfjs';
import { InputError } from '../errors';
import type { Generator } from '../random';
import type { StateDict } from '../weights';
import { applyBatchNorm, type BatchNorm, batchNormTensors } from './batchNorm';
import { applyConvolution, type Convolution, convolutionShapes, imageShape } from './images';

/**
 * A layer as a plain description: what it computes, never what it has learnt. Shapes leave the
 * batch out. Layers for images take them as tfjs does, [H, W, C]; `channelsLast` makes that of
 * PyTorch's [C, H, W] and `flatten` gives the numbers back in PyTorch's order.
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
  /** [C, H, W] → [H, W, C]. */
  | { readonly kind: 'channelsLast' }
  /** [H, W, C] → [C·H·W], the channel slowest. */
  | { readonly kind: 'flatten' }
  /** `padding` zeros on every side of an image. */
  | { readonly kind: 'zeroPad2d'; readonly padding: number }
  | Convolution
  /** Largest or mean value of each size × size window; windows do not overlap, a rest is dropped. */
  | { readonly kind: 'maxPool2d' | 'averagePool2d'; readonly size: number }
  | BatchNorm
  /** In training each number is 0 with probability `rate`, else divided by 1 − rate. */
  | { readonly kind: 'dropout'; readonly rate: number }
  | { readonly kind: Nonlinearity };

/** ReLU max(x, 0); sigmoid 1/(1 + e⁻ˣ); tanh. */
export type Nonlinearity = 'relu' | 'sigmoid' | 'tanh';

export const nonlinearities: readonly Nonlinearity[] = ['relu', 'sigmoid', 'tanh'];

/** How a forward pass differs that learns: batch statistics are used and kept, numbers dropped. */
export interface TrainingPass {
  /** Draws the numbers that are dropped; without it none are. */
  readonly random?: Generator;
  /** Of the batch's statistics in the running ones, if not what the layer says. */
  readonly momentum?: number;
  /** Is given the layer's new buffers by their short names, tensors that it then owns. */
  readonly keep: (buffers: StateDict) => void;
}

/** The shapes of a layer's tensors by PyTorch's short names, in PyTorch's order. */
export function tensorShapes(layer: Layer): Readonly<Record<string, readonly number[]>> {
  switch (layer.kind) {
    case 'dense':
      return { weight: [layer.outputs, layer.inputs], bias: [layer.outputs] };
    case 'conv2d':
      return convolutionShapes(layer);
    case 'batchNorm2d':
      return batchNormTensors.shapes(layer);
    default:
      return {};
  }
}

/**
 * A layer's tensors as PyTorch draws them by default: for `nn.Linear` and `nn.Conv2d`, weight and
 * bias from U(−1/√fan_in, 1/√fan_in) (`kaiming_uniform_` with a = √5), fan_in being the numbers
 * that one output is made of; a convolution with `initial: 'kaiming'` has weights from
 * N(0, 2/(outputs·k²)) and bias 0, as torchvision's VGG; BatchNorm starts with scale 1 and
 * statistics 0 and 1. The caller disposes them.
 */
export function initializeLayer(layer: Layer, random: Generator): StateDict {
  if (layer.kind === 'batchNorm2d') return batchNormTensors.initial(layer);
  if (layer.kind !== 'dense' && layer.kind !== 'conv2d') return {};
  const { inputs, outputs } = layer;
  const kernel = layer.kind === 'conv2d' ? layer.kernelSize ** 2 : 1;
  const kaiming = layer.kind === 'conv2d' && layer.initial === 'kaiming';
  const bound = 1 / Math.sqrt(inputs * kernel);
  const deviation = Math.sqrt(2 / (outputs * kernel));
  const draw = (name: string) => {
    if (!kaiming) return (2 * random.uniform() - 1) * bound;
    return name === 'bias' ? 0 : normal(random) * deviation;
  };
  return Object.fromEntries(
    Object.entries(tensorShapes(layer)).map(([name, shape]) => {
      const size = shape.reduce((product, n) => product * n, 1);
      const values = Float32Array.from({ length: size }, () => draw(name));
      return [name, tf.tensor(values, [...shape])];
    }),
  );
}

/** One draw from N(0, 1), by the polar form of Box and Muller. */
function normal(random: Generator): number {
  for (;;) {
    const [x, y] = [2 * random.uniform() - 1, 2 * random.uniform() - 1];
    const square = x * x + y * y;
    if (square > 0 && square < 1) return x * Math.sqrt((-2 * Math.log(square)) / square);
  }
}

/**
 * The layer's output for a batch x; `tensors` by the layer's short names. In evaluation, which is
 * without `training`, nothing is random and nothing is kept.
 */
export function applyLayer(
  layer: Layer,
  tensors: StateDict,
  x: tf.Tensor,
  training?: TrainingPass,
): tf.Tensor {
  switch (layer.kind) {
    case 'reshape':
      return x.reshape([x.shape[0]!, ...layer.shape]);
    case 'dense':
      return tf
        .matMul(x as tf.Tensor2D, tensors.weight as tf.Tensor2D, false, true)
        .add(tensors.bias!);
    case 'channelsLast':
      // One channel has the same order either way.
      return x.shape[1] === 1
        ? x.reshape([x.shape[0]!, x.shape[2]!, x.shape[3]!, 1])
        : x.transpose([0, 2, 3, 1]);
    case 'flatten':
      return x.transpose([0, 3, 1, 2]).reshape([x.shape[0]!, -1]);
    case 'zeroPad2d': {
      const around: [number, number] = [layer.padding, layer.padding];
      return tf.pad4d(x as tf.Tensor4D, [[0, 0], around, around, [0, 0]]);
    }
    case 'conv2d':
      return applyConvolution(layer, tensors, x as tf.Tensor4D);
    case 'maxPool2d':
      return tf.maxPool(x as tf.Tensor4D, layer.size, layer.size, 'valid');
    case 'averagePool2d':
      return tf.avgPool(x as tf.Tensor4D, layer.size, layer.size, 'valid');
    case 'batchNorm2d':
      return applyBatchNorm(layer, tensors, x as tf.Tensor4D, training);
    case 'dropout':
      return training?.random ? drop(x, layer.rate, training.random) : x.clone();
    case 'relu':
      return x.relu();
    case 'sigmoid':
      return x.sigmoid();
    case 'tanh':
      return x.tanh();
  }
}

/** Drawn by the lab's own generator, so that every backend drops the same numbers. */
function drop(x: tf.Tensor, rate: number, random: Generator): tf.Tensor {
  const kept = 1 / (1 - rate);
  const mask = Float32Array.from({ length: x.size }, () => (random.uniform() < rate ? 0 : kept));
  return x.mul(tf.tensor(mask, x.shape));
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
    case 'channelsLast':
    case 'flatten':
    case 'zeroPad2d':
    case 'conv2d':
    case 'maxPool2d':
    case 'averagePool2d':
    case 'batchNorm2d':
      return imageShape(layer, shape);
    default:
      return shape;
  }
}
