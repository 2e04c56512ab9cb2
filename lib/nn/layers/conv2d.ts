import * as tf from '@tensorflow/tfjs';
import { requireInteger } from '../../errors';
import { sizeOf } from '../../shape';
import { kaimingNormal, uniform } from '../initial';
import { layerKind, type Shape } from '../kind';
import { tellOfPlainJavaScript } from '../plainJavaScript';
import { imageShape, requireChannels, requireSize } from './images';

/**
 * Cross-correlation with kernels of k × k, stride 1, as `nn.Conv2d`: `weight` of shape
 * [outputs, inputs, k, k] and `bias` [outputs]; images [H, W, inputs] → [H′, W′, outputs].
 */
export interface Convolution {
  readonly kind: 'conv2d';
  readonly inputs: number;
  readonly outputs: number;
  readonly kernelSize: number;
  /** `same` puts zeros around the image so that H′ = H; with `valid` H′ = H − k + 1. */
  readonly padding: 'same' | 'valid';
  /**
   * How its weights are drawn, if not as PyTorch does by default: as torchvision's VGG, weights
   * from N(0, 2/(outputs·k²)) and bias 0.
   */
  readonly initial?: 'kaiming';
}

const tensors = ({ inputs, outputs, kernelSize }: Convolution) => ({
  weight: [outputs, inputs, kernelSize, kernelSize],
  bias: [outputs],
});

function outputShape(layer: Convolution, shape: Shape): Shape {
  const { kind, inputs, outputs, padding, kernelSize } = layer;
  requireInteger(kind, 'outputs', outputs, 1);
  requireInteger(kind, 'kernelSize', kernelSize, 1);
  requireChannels(kind, shape, inputs);
  const lost = padding === 'same' ? 0 : kernelSize - 1;
  requireSize(kind, shape, lost + 1);
  const [height, width] = imageShape(kind, shape);
  return [height - lost, width - lost, outputs];
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
  apply({ padding }, { weight, bias }, x) {
    tellOfPlainJavaScript();
    const filter = weight!.transpose<tf.Tensor4D>([2, 3, 1, 0]);
    return tf.conv2d(x as tf.Tensor4D, filter, 1, padding).add(bias!);
  },
  multiplications: (layer, shape) =>
    sizeOf(outputShape(layer, shape)) * layer.inputs * layer.kernelSize ** 2,
});
