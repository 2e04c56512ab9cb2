import { InputError } from '../errors';
import type { LayerKind, NativeOperation } from './kind';
import { type BatchNorm, batchNorm2d } from './layers/batchNorm2d';
import { type Convolution, conv2d } from './layers/conv2d';
import { type Dense, dense } from './layers/dense';
import { type Dropout, dropout } from './layers/dropout';
import { type GELU, gelu } from './layers/gelu';
import { type LayerNorm, layerNorm } from './layers/layerNorm';
import { type LeakyReLU, leakyReLU } from './layers/leakyReLU';
import { type Pointwise, relu, sigmoid, tanh } from './layers/nonlinearities';
import { type ChannelsLast, channelsLast, type Flatten, flatten } from './layers/order';
import { averagePool2d, maxPool2d, type Pooling } from './layers/pooling';
import { type Reshape, reshape } from './layers/reshape';
import { residualOf } from './layers/residual';
import { type ZeroPad, zeroPad2d } from './layers/zeroPad2d';
import { type OwnLayer, own } from './own';
import { stackOf } from './stack';

/**
 * A layer as a plain description: what it computes, never what it has learnt. Shapes leave the
 * batch out. Layers for images take them as tfjs does, [H, W, C]; `channelsLast` makes that of
 * PyTorch's [C, H, W] and `flatten` gives the numbers back in PyTorch's order.
 */
export type Layer =
  | Reshape
  | Dense
  | ChannelsLast
  | Flatten
  | ZeroPad
  | Convolution
  | Pooling
  | BatchNorm
  | Dropout
  | LayerNorm
  | LeakyReLU
  | Pointwise
  | GELU
  | Residual
  | OwnLayer;

/**
 * y = body(x) + shortcut(x) (He et al., 1512.03385), each of them layers in order; without a
 * shortcut y = body(x) + x. Both give one shape: where the body strides or changes the channels, the
 * shortcut is a `conv2d` of 1 × 1 with the same stride and outputs. Tensors are called
 * `body.<i>.weight` and `shortcut.<i>.weight`, as of a PyTorch module with two `nn.Sequential` of
 * these names.
 */
export interface Residual {
  readonly kind: 'residual';
  readonly body: readonly Layer[];
  readonly shortcut?: readonly Layer[];
}

/** Layers in order as one. */
export const stack = stackOf<Layer>(kindOf);

/** All kinds of layers that there are. */
export const kinds: { readonly [K in Layer['kind']]: LayerKind<Layer & { kind: K }> } = {
  reshape,
  dense,
  channelsLast,
  flatten,
  zeroPad2d,
  conv2d,
  maxPool2d,
  averagePool2d,
  batchNorm2d,
  dropout,
  layerNorm,
  leakyReLU,
  relu,
  sigmoid,
  tanh,
  gelu,
  residual: residualOf(stack),
  own,
};

/**
 * What is known of a layer's kind.
 *
 * @throws InputError when there is no such kind
 */
export function kindOf(layer: Layer): LayerKind<Layer> {
  const name: unknown = layer?.kind;
  if (isKind(name)) return kinds[name];
  const known = Object.keys(kinds)
    .filter((kind) => kind !== 'own')
    .join(', ');
  throw new InputError(
    `there is no layer of kind ${name}; the kinds are ${known}, and defineLayer makes others`,
  );
}

/** What does the same as a layer in the native engine, if something does. */
export function nativeOperationOf(layer: Layer): NativeOperation | undefined {
  return layer.kind === 'own' ? layer.definition.native : kindOf(layer).native;
}

export function isKind(name: unknown): name is Layer['kind'] {
  return typeof name === 'string' && Object.hasOwn(kinds, name);
}
