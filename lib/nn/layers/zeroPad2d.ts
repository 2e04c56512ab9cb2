import * as tf from '@tensorflow/tfjs';
import { requireInteger } from '../../errors';
import { layerKind } from '../kind';
import { imageShape } from './images';

/** `padding` zeros on every side of an image, as `nn.ZeroPad2d`. */
export interface ZeroPad {
  readonly kind: 'zeroPad2d';
  readonly padding: number;
}

export const zeroPad2d = layerKind<ZeroPad>({
  outputShape({ kind, padding }, shape) {
    requireInteger(kind, 'padding', padding, 0);
    const [height, width, channels] = imageShape(kind, shape);
    return [height + 2 * padding, width + 2 * padding, channels];
  },
  apply({ padding }, _, x) {
    const around: [number, number] = [padding, padding];
    return tf.pad4d(x as tf.Tensor4D, [[0, 0], around, around, [0, 0]]);
  },
});
