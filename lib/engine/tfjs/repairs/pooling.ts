import * as tf from '@tensorflow/tfjs';
import { allFinite, replaceKernel } from './kernels';

interface PoolingAttributes {
  readonly filterSize: number | [number, number];
  readonly strides: number | [number, number];
  readonly pad: 'same' | 'valid' | number;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
}

type Place = ReturnType<typeof tf.backend_util.computePool2DInfo>;

/**
 * Pooling as PyTorch has it, where tfjs' backends differ: a window with a NaN gives NaN (they skip
 * it or make −∞ of it), one of −∞ alone −∞ (native TensorFlow makes −3.4e38 of it), and each window
 * of max-pooling hands its derivative to one number, the last NaN in it or else the first of the
 * largest (wasm and cpu lose it where the largest is negative). What is finite is left to the
 * backend where that is right. Doing it twice changes nothing.
 */
export function repairPooling(backendName: 'wasm' | 'cpu' | 'tensorflow'): void {
  if (repaired.has(backendName)) return;
  repairForward('MaxPool', backendName, largest);
  repairForward('AvgPool', backendName, mean);
  const gradient = tf.getKernel('MaxPoolGrad', backendName);
  replaceKernel({
    ...gradient,
    kernelFunc: (params) => {
      const input = params.inputs.input as tf.Tensor4D;
      return backendName === 'tensorflow' && allFinite(input)
        ? gradient.kernelFunc(params)
        : maxPoolGradient(
            input,
            params.inputs.dy as tf.Tensor4D,
            params.attrs as unknown as PoolingAttributes,
          );
    },
  });
  repaired.add(backendName);
}

const repaired = new Set<string>();

/** What one window gives in one channel; `window` says where the numbers of its channel 0 are. */
type Pool = (x: ArrayLike<number>, window: readonly number[], channel: number) => number;

function repairForward(kernelName: string, backendName: string, pool: Pool): void {
  const kernel = tf.getKernel(kernelName, backendName);
  replaceKernel({
    ...kernel,
    kernelFunc: (params) => {
      const x = params.inputs.x as tf.Tensor4D;
      if (allFinite(x)) return kernel.kernelFunc(params);
      const info = placeOf(x, params.attrs as unknown as PoolingAttributes);
      const values = x.dataSync();
      const y = new Float32Array(tf.util.sizeFromShape(info.outShape));
      forEachWindow(info, (window, channel, at) => {
        y[at] = pool(values, window, channel);
      });
      return tf.tensor(y, info.outShape);
    },
  });
}

const largest: Pool = (x, window, channel) => x[winner(x, window, channel)]!;

const mean: Pool = (x, window, channel) =>
  window.reduce((sum, at) => sum + x[at + channel]!, 0) / window.length;

/** Where the last NaN of a window is, or else the first of its largest numbers. */
function winner(x: ArrayLike<number>, window: readonly number[], channel: number): number {
  let [best, most] = [-1, Number.NEGATIVE_INFINITY];
  for (let k = 0; k < window.length; k++) {
    const at = window[k]! + channel;
    const value = x[at]!;
    if (value > most || best < 0 || Number.isNaN(value)) [best, most] = [at, value];
  }
  return best;
}

function maxPoolGradient(
  input: tf.Tensor4D,
  dy: tf.Tensor4D,
  attributes: PoolingAttributes,
): tf.Tensor4D {
  const [x, d] = [input.dataSync(), dy.dataSync()];
  const dx = new Float32Array(x.length);
  forEachWindow(placeOf(input, attributes), (window, channel, at) => {
    dx[winner(x, window, channel)]! += d[at]!;
  });
  return tf.tensor4d(dx, input.shape);
}

function placeOf({ shape }: tf.Tensor4D, attributes: PoolingAttributes): Place {
  const { filterSize, strides, pad, dimRoundingMode } = attributes;
  return tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
}

/** Calls `act` for each window and channel of [n, H, W, C], in the order of what they give. */
function forEachWindow(
  info: Place,
  act: (window: readonly number[], channel: number, at: number) => void,
): void {
  const { batchSize, inHeight, inWidth, outHeight, outWidth, outChannels: channels } = info;
  let out = 0;
  for (let n = 0; n < batchSize; n++) {
    for (let i = 0; i < outHeight; i++) {
      const top = i * info.strideHeight - info.padInfo.top;
      for (let j = 0; j < outWidth; j++) {
        const left = j * info.strideWidth - info.padInfo.left;
        const window: number[] = [];
        for (let row = Math.max(top, 0); row < top + info.filterHeight && row < inHeight; row++) {
          const line = (n * inHeight + row) * inWidth;
          for (let k = Math.max(left, 0); k < left + info.filterWidth && k < inWidth; k++) {
            window.push((line + k) * channels);
          }
        }
        for (let channel = 0; channel < channels; channel++) act(window, channel, out++);
      }
    }
  }
}
