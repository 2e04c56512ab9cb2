import { InputError, requireInteger } from '../errors';
import { imagesOf32, scaledBy } from './imagesOf32';
import { type Network, sequential } from './network';

/** Channels of each convolution; `M` halves the image. */
const CONFIGURATIONS = {
  11: '64 M 128 M 256 256 M 512 512 M 512 512 M',
  13: '64 64 M 128 128 M 256 256 M 512 512 M 512 512 M',
  16: '64 64 M 128 128 M 256 256 256 M 512 512 512 M 512 512 512 M',
  19: '64 64 M 128 128 M 256 256 256 256 M 512 512 512 512 M 512 512 512 512 M',
} as const;

/** Which VGG, how wide, and for which images. */
export interface VGGOptions {
  /** The number of layers with weights. */
  readonly depth: keyof typeof CONFIGURATIONS;
  /** BatchNorm after each convolution; by default yes. */
  readonly batchNorm?: boolean;
  /** The dropout rate in the dense layers, in [0, 1); by default 0.5. */
  readonly dropout?: number;
  /** Factor of the numbers of channels; at least 1/64, which leaves one channel; by default 1. */
  readonly width?: number;
  /** [C, 28, 28], padded with zeros to 32 × 32, or [C, 32, 32]; by default [1, 28, 28]. */
  readonly inputShape?: readonly [channels: number, height: number, width: number];
  /** The number of classes, at least 2; by default 10. */
  readonly outputSize?: number;
}

/**
 * VGG (Simonyan and Zisserman, 1409.1556) for images of 32 × 32: the convolutions of torchvision's
 * `vgg11` to `vgg19`, drawn as there, and the dense layers that Garipov et al. (1802.10026) use on
 * CIFAR: dropout, 512, ReLU, dropout, 512, ReLU, classes. `width` scales all of the 64 … 512.
 *
 * @throws InputError on another depth, a rate or width out of range, or images of another size
 * @example
 * ```ts
 * const vgg = VGG({ depth: 11, width: 1 / 8 });
 * apply(vgg, initialize(vgg, 1), tf.zeros([1, 1, 28, 28])).shape; // → [ 1, 10 ]
 * ```
 */
export function VGG({
  depth,
  batchNorm = true,
  dropout = 0.5,
  width = 1,
  inputShape = [1, 28, 28],
  outputSize = 10,
}: VGGOptions): Network {
  const configuration = CONFIGURATIONS[depth];
  if (configuration === undefined) {
    throw new InputError(`VGG: depth must be 11, 13, 16 or 19, got ${depth}`);
  }
  if (!(dropout >= 0 && dropout < 1)) {
    throw new InputError(`VGG: dropout must be at least 0 and below 1, got ${dropout}`);
  }
  requireInteger('VGG', 'outputSize', outputSize, 2);
  const scaled = scaledBy('VGG', width);
  const layers = imagesOf32('VGG', inputShape);
  let inputs: number = inputShape[0];
  for (const word of configuration.split(' ')) {
    if (word === 'M') {
      layers.push({ kind: 'maxPool2d', size: 2 });
      continue;
    }
    const outputs = scaled(Number(word));
    const sizes = { inputs, outputs, kernelSize: 3, padding: 'same', initial: 'kaiming' } as const;
    layers.push({ kind: 'conv2d', ...sizes });
    if (batchNorm) layers.push({ kind: 'batchNorm2d', features: outputs });
    layers.push({ kind: 'relu' });
    inputs = outputs;
  }
  layers.push({ kind: 'flatten' });
  for (let i = 0; i < 2; i++) {
    if (dropout > 0) layers.push({ kind: 'dropout', rate: dropout });
    layers.push({ kind: 'dense', inputs, outputs: inputs }, { kind: 'relu' });
  }
  layers.push({ kind: 'dense', inputs, outputs: outputSize });
  return sequential(inputShape, layers);
}
