import * as tf from '@tensorflow/tfjs';

interface PoolingAttributes {
  readonly filterSize: number | [number, number];
  readonly strides: number | [number, number];
  readonly pad: 'same' | 'valid' | number;
}

/**
 * tfjs' wasm backend loses the gradient of a max-pooling window whose largest value is negative.
 * This puts a kernel in its place that gives each window's derivative to the first of its largest
 * values, as PyTorch does. Doing it twice changes nothing.
 */
export function repairWasmMaxPoolGradient(): void {
  if (repaired) return;
  tf.unregisterKernel('MaxPoolGrad', 'wasm');
  tf.registerKernel({
    kernelName: 'MaxPoolGrad',
    backendName: 'wasm',
    kernelFunc: ({ inputs, attrs }) =>
      maxPoolGradient(
        inputs.input as tf.Tensor4D,
        inputs.dy as tf.Tensor4D,
        attrs as unknown as PoolingAttributes,
      ),
  });
  repaired = true;
}

let repaired = false;

function maxPoolGradient(
  input: tf.Tensor4D,
  dy: tf.Tensor4D,
  { filterSize, strides, pad }: PoolingAttributes,
): tf.Tensor4D {
  const info = tf.backend_util.computePool2DInfo(input.shape, filterSize, strides, 1, pad);
  const { batchSize, inHeight, inWidth, outHeight, outWidth, outChannels: channels } = info;
  const [x, d] = [input.dataSync(), dy.dataSync()];
  const dx = new Float32Array(x.length);
  let window = 0;
  for (let n = 0; n < batchSize; n++) {
    for (let i = 0; i < outHeight; i++) {
      const top = i * info.strideHeight - info.padInfo.top;
      for (let j = 0; j < outWidth; j++) {
        const left = j * info.strideWidth - info.padInfo.left;
        for (let c = 0; c < channels; c++) {
          let [winner, most] = [-1, Number.NEGATIVE_INFINITY];
          for (let row = Math.max(top, 0); row < top + info.filterHeight && row < inHeight; row++) {
            const line = (n * inHeight + row) * inWidth;
            for (let k = Math.max(left, 0); k < left + info.filterWidth && k < inWidth; k++) {
              const at = (line + k) * channels + c;
              if (x[at]! > most || winner < 0) [winner, most] = [at, x[at]!];
            }
          }
          dx[winner]! += d[window++]!;
        }
      }
    }
  }
  return tf.tensor4d(dx, input.shape);
}
