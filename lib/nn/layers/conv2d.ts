import * as tf from '@tensorflow/tfjs';
import { InputError, requireInteger } from '../../errors';
import { sizeOf } from '../../shape';
import { kaimingNormal, uniform } from '../initial';
import { layerKind, type Shape } from '../kind';
import { tellOfPlainJavaScript } from '../plainJavaScript';
import { imageShape, requireChannels, requireSize } from './images';

/**
 * Cross-correlation with kernels of k × k, as `nn.Conv2d`: `weight` of shape
 * [outputs, inputs, k, k] and `bias` [outputs]; images [H, W, inputs] → [H′, W′, outputs] with
 * H′ = ⌊(H + 2·padding − k)/stride⌋ + 1.
 */
export interface Convolution {
  readonly kind: 'conv2d';
  readonly inputs: number;
  readonly outputs: number;
  readonly kernelSize: number;
  /**
   * Zeros on every side of the image. `valid` are none; `same` are as many as keep H′ = H, with a
   * stride of 1 only.
   */
  readonly padding: 'same' | 'valid' | number;
  /** By default 1. */
  readonly stride?: number;
  /** Whether it has a bias; by default it has. */
  readonly bias?: boolean;
  /**
   * How its weights are drawn, if not as PyTorch does by default: as torchvision's VGG, weights
   * from N(0, 2/(outputs·k²)) and bias 0.
   */
  readonly initial?: 'kaiming';
}

function tensors({ inputs, outputs, kernelSize, bias = true }: Convolution) {
  const weight = { weight: [outputs, inputs, kernelSize, kernelSize] };
  return bias ? { ...weight, bias: [outputs] } : weight;
}

function outputShape(layer: Convolution, shape: Shape): Shape {
  const { kind, inputs, outputs, padding, kernelSize, stride = 1 } = layer;
  requireInteger(kind, 'outputs', outputs, 1);
  requireInteger(kind, 'kernelSize', kernelSize, 1);
  requireInteger(kind, 'stride', stride, 1);
  requireChannels(kind, shape, inputs);
  if (padding === 'same' && stride !== 1) {
    throw new InputError(
      `${kind}: padding 'same' needs stride 1, as PyTorch's, got ${stride}; give the number of zeros`,
    );
  }
  if (padding !== 'same' && padding !== 'valid') requireInteger(kind, 'padding', padding, 0);
  const added = padding === 'same' ? kernelSize - 1 : padding === 'valid' ? 0 : 2 * padding;
  requireSize(kind, shape, Math.max(1, kernelSize - added));
  const [height, width] = imageShape(kind, shape);
  const reached = (size: number) => Math.floor((size + added - kernelSize) / stride) + 1;
  return [reached(height), reached(width), outputs];
}

export const conv2d = layerKind<Convolution>({
  outputShape,
  tensors,
  initial(layer, random) {
    const { inputs, outputs, kernelSize, initial } = layer;
    return initial === 'kaiming'
      ? kaimingNormal(tensors(layer), outputs * kernelSize ** 2, random)
      : uniform(tensors(layer), inputs * kernelSize ** 2, random);
  },
  apply({ padding, stride = 1 }, { weight, bias }, x) {
    tellOfPlainJavaScript();
    const filter = weight!.transpose<tf.Tensor4D>([2, 3, 1, 0]);
    const y =
      typeof padding === 'number'
        ? tf.conv2d(padded(x as tf.Tensor4D, padding), filter, stride, 'valid')
        : tf.conv2d(x as tf.Tensor4D, filter, stride, padding);
    return bias ? y.add(bias) : y;
  },
  multiplications: (layer, shape) =>
    sizeOf(outputShape(layer, shape)) * layer.inputs * layer.kernelSize ** 2,
});

/** Native TensorFlow has no gradient of a convolution that pads by a number. */
function padded(x: tf.Tensor4D, padding: number): tf.Tensor4D {
  if (padding === 0) return x;
  const around: [number, number] = [padding, padding];
  return tf.pad4d(x, [[0, 0], around, around, [0, 0]]);
}
