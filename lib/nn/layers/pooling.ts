import * as tf from '@tensorflow/tfjs';
import { requireInteger } from '../../errors';
import { layerKind, type Shape } from '../kind';
import { imageShape, requireSize } from './images';

/** Largest or mean value of each size × size window; windows do not overlap, a rest is dropped. */
export interface Pooling {
  readonly kind: 'maxPool2d' | 'averagePool2d';
  readonly size: number;
}

function outputShape({ kind, size }: Pooling, shape: Shape): Shape {
  requireInteger(kind, 'size', size, 1);
  requireSize(kind, shape, size);
  const [height, width, channels] = imageShape(kind, shape);
  return [Math.floor(height / size), Math.floor(width / size), channels];
}

export const maxPool2d = layerKind<Pooling>({
  outputShape,
  apply: ({ size }, _, x) => tf.maxPool(x as tf.Tensor4D, size, size, 'valid'),
});

export const averagePool2d = layerKind<Pooling>({
  outputShape,
  apply: ({ size }, _, x) => tf.avgPool(x as tf.Tensor4D, size, size, 'valid'),
});
