import * as tf from '@tensorflow/tfjs';

interface ConvolutionAttributes {
  readonly strides: number | readonly [number, number];
  readonly pad: 'same' | 'valid' | number;
  readonly filterShape: readonly [number, number, number, number];
}

/**
 * The one kernel that tfjs' wasm backend lacks for training convolutions, the gradient with
 * respect to the filter: ∂L/∂W[i, j, c, o] = Σ over samples and places of x[y + i, x + j, c]·d[y, x, o].
 * That is a product of matrices for each of the k² places (i, j) of the filter: the part of the
 * padded images that meets it, [n·H·W, c], transposed, times d, [n·H·W, o]. With a stride s it is
 * x[s·y + i, s·x + j, c].
 */
export function supplyWasmFilterGradient(): void {
  const known = tf.getKernelsForBackend('wasm').some(({ kernelName }) => kernelName === KERNEL);
  if (known) return;
  tf.registerKernel({
    kernelName: KERNEL,
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs }) => {
      const { strides, pad, filterShape } = attrs as unknown as ConvolutionAttributes;
      const [down, across] = typeof strides === 'number' ? [strides, strides] : strides;
      const [x, dy] = [inputs.x as tf.Tensor4D, inputs.dy as tf.Tensor4D];
      return tf.tidy(() => filterGradient(x, dy, pad, filterShape, [down, across]));
    },
  });
}

const KERNEL = 'Conv2DBackpropFilter';

function filterGradient(
  x: tf.Tensor4D,
  dy: tf.Tensor4D,
  pad: ConvolutionAttributes['pad'],
  [kh, kw, channels, outputs]: ConvolutionAttributes['filterShape'],
  [down, across]: readonly [number, number],
): tf.Tensor4D {
  const [n, height, width] = dy.shape;
  const [tall, wide] = [(height - 1) * down + 1, (width - 1) * across + 1];
  const around = (met: number, kernel: number, size: number): [number, number] => {
    if (typeof pad === 'number') return [pad, pad];
    const all = pad === 'same' ? Math.max(0, met + kernel - 1 - size) : 0;
    return [Math.floor(all / 2), Math.ceil(all / 2)];
  };
  const [rows, columns] = [around(tall, kh, x.shape[1]), around(wide, kw, x.shape[2])];
  const padded = tf.pad4d(x, [[0, 0], rows, columns, [0, 0]]);
  // Row by row, since tfjs copies the last axis piece by piece, and a pixel is a small one.
  const lines = padded.reshape<tf.Tensor3D>([n, padded.shape[1], -1]);
  const d = dy.reshape<tf.Tensor2D>([-1, outputs]);
  const parts: tf.Tensor[] = [];
  for (let i = 0; i < kh; i++) {
    for (let j = 0; j < kw; j++) {
      const near = lines.slice([0, i, j * channels], [n, tall, wide * channels]);
      const met =
        down * across === 1
          ? near
          : everyOther(near.reshape([n, tall, wide, channels]), [down, across]);
      parts.push(tf.matMul(met.reshape<tf.Tensor2D>([-1, channels]), d, true));
    }
  }
  return tf.stack(parts).reshape<tf.Tensor4D>([kh, kw, channels, outputs]);
}

/** The places that a stride meets. */
function everyOther(x: tf.Tensor4D, [down, across]: readonly [number, number]): tf.Tensor {
  return x.stridedSlice([0, 0, 0, 0], x.shape, [1, down, across, 1]);
}
