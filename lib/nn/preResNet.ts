import { InputError, requireInteger } from '../errors';
import { imagesOf32, scaledBy } from './imagesOf32';
import type { Layer, Residual } from './kinds';
import { type Network, sequential } from './network';

/** Which PreResNet, how wide, and for which images. */
export interface PreResNetOptions {
  /** The number of layers with weights on the longest way: 9n + 2 with bottlenecks, else 6n + 2. */
  readonly depth: number;
  /** Blocks of 1 × 1, 3 × 3 and 1 × 1 for two of 3 × 3; by default from depth 44 on, as there. */
  readonly bottleneck?: boolean;
  /** Factor of the numbers of channels; at least 1/64, by default 1. */
  readonly width?: number;
  /** [C, 28, 28], padded with zeros to 32 × 32, or [C, 32, 32]; by default [3, 32, 32]. */
  readonly inputShape?: readonly [channels: number, height: number, width: number];
  /** The number of classes, at least 2; by default 10. */
  readonly outputSize?: number;
}

const STAGES = [
  { channels: 16, stride: 1 },
  { channels: 32, stride: 2 },
  { channels: 64, stride: 2 },
] as const;
const FIRST_CHANNELS = 16;
/** A bottleneck gives so many times the channels that it has inside. */
const EXPANSION = 4;

/**
 * The residual network with pre-activation (He et al., 1603.05027) that Garipov et al.
 * (1802.10026) use on CIFAR: PreResNet-164 in their tables is `{ depth: 164 }`, as in their code. A
 * convolution of 16 channels, three stages of n residual blocks with 16, 32 and 64 channels (4 times
 * as many leave a bottleneck) that halve the image twice, BatchNorm, ReLU, the mean over the image,
 * and a dense layer. In a block BatchNorm and ReLU stand before each convolution, none of which has
 * a bias; a shortcut that changes channels or size is a convolution of 1 × 1. They are drawn from
 * N(0, 2/(outputs·k²)).
 *
 * @throws InputError on a depth or width that there is not, or images of another size
 * @example
 * ```ts
 * countParameters(PreResNet({ depth: 164, outputSize: 100 })); // → 1726388
 * ```
 */
export function PreResNet({
  depth,
  bottleneck = depth >= 44,
  width = 1,
  inputShape = [3, 32, 32],
  outputSize = 10,
}: PreResNetOptions): Network {
  const step = bottleneck ? 9 : 6;
  const blocks = (depth - 2) / step;
  if (!(Number.isInteger(blocks) && blocks >= 1)) {
    throw new InputError(
      `PreResNet: depth must be ${step}n + 2 ${bottleneck ? 'with' : 'without'} bottlenecks, got ` +
        `${depth}; the next is ${step * Math.max(1, Math.ceil(blocks) || 1) + 2}`,
    );
  }
  requireInteger('PreResNet', 'outputSize', outputSize, 2);
  const scaled = scaledBy('PreResNet', width);
  const layers = imagesOf32('PreResNet', inputShape);
  let inputs = scaled(FIRST_CHANNELS);
  layers.push(convolution(inputShape[0], inputs, 3));
  for (const { channels, stride } of STAGES) {
    for (let i = 0; i < blocks; i++) {
      const sizes = { inputs, channels: scaled(channels), stride: i === 0 ? stride : 1 };
      layers.push(blockOf(sizes, bottleneck));
      inputs = scaled(channels) * (bottleneck ? EXPANSION : 1);
    }
  }
  layers.push(
    ...activation(inputs),
    { kind: 'averagePool2d', size: 8 },
    { kind: 'flatten' },
    { kind: 'dense', inputs, outputs: outputSize },
  );
  return sequential(inputShape, layers);
}

interface BlockSizes {
  readonly inputs: number;
  readonly channels: number;
  readonly stride: number;
}

function blockOf({ inputs, channels, stride }: BlockSizes, bottleneck: boolean): Residual {
  const outputs = channels * (bottleneck ? EXPANSION : 1);
  const inside = activation(channels);
  const body = bottleneck
    ? [
        ...[...activation(inputs), convolution(inputs, channels, 1)],
        ...[...inside, convolution(channels, channels, 3, stride)],
        ...[...inside, convolution(channels, outputs, 1)],
      ]
    : [
        ...[...activation(inputs), convolution(inputs, channels, 3, stride)],
        ...[...inside, convolution(channels, channels, 3)],
      ];
  return stride === 1 && inputs === outputs
    ? { kind: 'residual', body }
    : { kind: 'residual', body, shortcut: [convolution(inputs, outputs, 1, stride)] };
}

function convolution(inputs: number, outputs: number, kernelSize: 1 | 3, stride = 1): Layer {
  const padding = kernelSize === 1 ? 'valid' : stride === 1 ? 'same' : 1;
  const sizes = { inputs, outputs, kernelSize, padding, stride } as const;
  return { kind: 'conv2d', ...sizes, bias: false, initial: 'kaiming' };
}

function activation(features: number): Layer[] {
  return [{ kind: 'batchNorm2d', features }, { kind: 'relu' }];
}
