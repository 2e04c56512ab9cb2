import * as tf from '@tensorflow/tfjs';
import { InputError } from '../errors';
import type { StateDict } from '../weights';
import type { Layer } from './layers';
import { tellOfPlainJavaScript } from './plainJavaScript';

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
  /** How its weights are drawn, if not as PyTorch does by default. */
  readonly initial?: 'kaiming';
}

export function convolutionShapes({ inputs, outputs, kernelSize }: Convolution) {
  return { weight: [outputs, inputs, kernelSize, kernelSize], bias: [outputs] };
}

export function applyConvolution(
  { padding }: Convolution,
  { weight, bias }: StateDict,
  x: tf.Tensor4D,
): tf.Tensor {
  tellOfPlainJavaScript();
  const filter = weight!.transpose<tf.Tensor4D>([2, 3, 1, 0]);
  return tf.conv2d(x, filter, 1, padding).add(bias!);
}

type ImageLayer = Extract<
  Layer,
  {
    kind:
      | 'channelsLast'
      | 'flatten'
      | 'zeroPad2d'
      | 'conv2d'
      | 'maxPool2d'
      | 'averagePool2d'
      | 'batchNorm2d';
  }
>;

/** @throws InputError when the layer cannot take images of that shape */
export function imageShape(layer: ImageLayer, shape: readonly number[]): readonly number[] {
  const [h, w, c] = shape;
  const refuse = (expected: string, remedy: string) =>
    new InputError(`${layer.kind}: expected ${expected}, got [${shape.join(', ')}]; ${remedy}`);
  if (shape.length !== 3 || h === undefined || w === undefined || c === undefined) {
    throw refuse('images of three dimensions', 'put it before flatten or reshape');
  }
  const least = (size: number) => {
    if (h < size || w < size) {
      throw refuse(`images of at least ${size} × ${size}`, 'take larger ones or pad them');
    }
  };
  const channels = (n: number) => {
    if (c !== n) throw refuse(`images [H, W, ${n}]`, 'put channelsLast first and match channels');
  };
  switch (layer.kind) {
    case 'channelsLast':
      return [w, c, h];
    case 'flatten':
      return [h * w * c];
    case 'zeroPad2d':
      return [h + 2 * layer.padding, w + 2 * layer.padding, c];
    case 'conv2d': {
      channels(layer.inputs);
      const lost = layer.padding === 'same' ? 0 : layer.kernelSize - 1;
      least(lost + 1);
      return [h - lost, w - lost, layer.outputs];
    }
    case 'maxPool2d':
    case 'averagePool2d':
      least(layer.size);
      return [Math.floor(h / layer.size), Math.floor(w / layer.size), c];
    case 'batchNorm2d':
      channels(layer.features);
      return shape;
  }
}
