import * as tf from '@tensorflow/tfjs';
import { defineLayer, type Layer } from '../../lib/nn';
import type { Shape } from '../../lib/nn/kind';
import { sizeOf } from '../../lib/shape';

/** A kind of one's own with weights: by·weight·x − 0.3. */
const scaling = defineLayer<{ by: number; size: number }>('scaling', {
  outputShape: (_, shape) => shape,
  tensors: ({ size }) => ({ weight: [size] }),
  initial: ({ size }) => ({ weight: tf.ones([size]) }),
  apply: ({ by }, { weight }, x) => x.mul(weight!).mul(by).sub(0.3),
});

/** One that learns otherwise than it evaluates, with a buffer: x less its mean over the batch. */
const centred = defineLayer<{ size: number }>('centred', {
  outputShape: (_, shape) => shape,
  tensors: ({ size }) => ({ running_mean: [size] }),
  initial: ({ size }) => ({ running_mean: tf.zeros([size]) }),
  apply: (_, { running_mean }, x) => x.sub(running_mean!),
  train(_, __, x, { keep }) {
    const mean = x.mean(x.shape.slice(0, -1).map((_, axis) => axis));
    keep({ running_mean: mean.clone() });
    return x.sub(mean);
  },
});

/** One that the native engine has a kernel for. */
const positive = defineLayer('positive', {
  outputShape: (_, shape) => shape,
  apply: (_settings, _tensors, x) => x.relu(),
  native: 'relu',
});

const convolution = (channels: number) =>
  ({
    kind: 'conv2d',
    inputs: channels,
    outputs: channels,
    kernelSize: 3,
    padding: 'same',
  }) as const;

/** Layers that take a shape and give it back. */
function bodyFor(shape: Shape): Layer[] {
  const last = shape.at(-1)!;
  if (shape.length === 1) return [{ kind: 'dense', inputs: last, outputs: last }, { kind: 'tanh' }];
  if (shape.length === 2) return [{ kind: 'layerNorm', features: last }];
  return [convolution(last), { kind: 'batchNorm2d', features: last }, { kind: 'tanh' }];
}

type Kind = Layer['kind'];

/** A layer of each kind there is, for samples of a shape; without one a new kind does not compile. */
export const examples: { readonly [K in Kind]: (shape: Shape) => Layer & { kind: K } } = {
  reshape: (shape) => ({ kind: 'reshape', shape: [2, sizeOf(shape) / 2] }),
  dense: ([inputs]) => ({ kind: 'dense', inputs: inputs!, outputs: 6 }),
  channelsLast: () => ({ kind: 'channelsLast' }),
  flatten: () => ({ kind: 'flatten' }),
  zeroPad2d: () => ({ kind: 'zeroPad2d', padding: 1 }),
  conv2d: (shape) => ({ ...convolution(shape[2]!), outputs: 3 }),
  maxPool2d: () => ({ kind: 'maxPool2d', size: 2 }),
  averagePool2d: () => ({ kind: 'averagePool2d', size: 2 }),
  batchNorm2d: (shape) => ({ kind: 'batchNorm2d', features: shape[2]! }),
  dropout: () => ({ kind: 'dropout', rate: 0.4 }),
  layerNorm: (shape) => ({ kind: 'layerNorm', features: shape.at(-1)! }),
  leakyReLU: () => ({ kind: 'leakyReLU', slope: 0.1 }),
  relu: () => ({ kind: 'relu' }),
  sigmoid: () => ({ kind: 'sigmoid' }),
  tanh: () => ({ kind: 'tanh' }),
  gelu: () => ({ kind: 'gelu' }),
  residual: (shape) => ({ kind: 'residual', body: bodyFor(shape) }),
  own: (shape) => scaling({ by: 1.5, size: shape.at(-1)! }),
};

/** The same kinds with other settings, and layers within layers. */
const variants: Readonly<Record<string, (shape: Shape) => Layer>> = {
  'gelu by tanh': () => ({ kind: 'gelu', approximate: 'tanh' }),
  'conv2d with stride and padding, without bias': (shape) => ({
    ...convolution(shape[2]!),
    padding: 1,
    stride: 2,
    bias: false,
  }),
  'residual with a projection': ([, , channels]) => {
    const strides = { ...convolution(channels!), outputs: 4, padding: 1, stride: 2 } as const;
    const projection = { ...strides, kernelSize: 1, padding: 'valid', bias: false } as const;
    return { kind: 'residual', body: [strides, { kind: 'tanh' }], shortcut: [projection] };
  },
  'residual that holds a residual and a kind of one’s own': (shape) => ({
    kind: 'residual',
    body: [
      scaling({ by: 0.7, size: shape.at(-1)! }),
      { kind: 'residual', body: bodyFor(shape), shortcut: [{ kind: 'gelu' }] },
    ],
  }),
  'own with a buffer': (shape) => centred({ size: shape.at(-1)! }),
  'own with a native kernel': () => positive(),
};

export const cases: Readonly<Record<string, (shape: Shape) => Layer>> = {
  ...examples,
  ...variants,
};
