import * as tf from '@tensorflow/tfjs';
import { InputError } from '../../../errors';

interface ConvolutionAttributes {
  readonly strides: number | readonly [number, number];
  readonly pad: 'same' | 'valid' | number;
  readonly filterShape: readonly [number, number, number, number];
}

/**
 * The one kernel that tfjs' wasm backend lacks for training convolutions, the gradient with
 * respect to the filter: ∂L/∂W[i, j, c, o] = Σ over samples and places of x[y + i, x + j, c]·d[y, x, o].
 * That is a product of matrices for each of the k² places (i, j) of the filter: the part of the
 * padded images that meets it, [n·H·W, c], transposed, times d, [n·H·W, o]. Stride 1 only.
 */
export function supplyWasmFilterGradient(): void {
  const known = tf.getKernelsForBackend('wasm').some(({ kernelName }) => kernelName === KERNEL);
  if (known) return;
  tf.registerKernel({
    kernelName: KERNEL,
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs }) => {
      const { strides, pad, filterShape } = attrs as unknown as ConvolutionAttributes;
      if ([strides].flat().some((stride) => stride !== 1)) {
        throw new InputError(
          `the wasm backend has the gradient of convolutions of stride 1 only, got ${strides}; ` +
            'use pooling to make images smaller, or run npm run tensorflow',
        );
      }
      const [x, dy] = [inputs.x as tf.Tensor4D, inputs.dy as tf.Tensor4D];
      return tf.tidy(() => filterGradient(x, dy, pad, filterShape));
    },
  });
}

const KERNEL = 'Conv2DBackpropFilter';

function filterGradient(
  x: tf.Tensor4D,
  dy: tf.Tensor4D,
  pad: ConvolutionAttributes['pad'],
  [kh, kw, channels, outputs]: ConvolutionAttributes['filterShape'],
): tf.Tensor4D {
  const around = (kernel: number): [number, number] => {
    if (typeof pad === 'number') return [pad, pad];
    const all = pad === 'same' ? kernel - 1 : 0;
    return [Math.floor(all / 2), Math.ceil(all / 2)];
  };
  const padded = tf.pad4d(x, [[0, 0], around(kh), around(kw), [0, 0]]);
  const [n, height, width] = dy.shape;
  const d = dy.reshape<tf.Tensor2D>([-1, outputs]);
  const parts: tf.Tensor[] = [];
  for (let i = 0; i < kh; i++) {
    for (let j = 0; j < kw; j++) {
      const met = padded.slice([0, i, j, 0], [n, height, width, channels]);
      parts.push(tf.matMul(met.reshape<tf.Tensor2D>([-1, channels]), d, true));
    }
  }
  return tf.stack(parts).reshape<tf.Tensor4D>([kh, kw, channels, outputs]);
}
