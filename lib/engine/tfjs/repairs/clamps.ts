import * as tf from '@tensorflow/tfjs';
import { allFinite, replaceKernel } from './kernels';

/**
 * What is cut off below or above keeps NaN. The wasm backend's ReLU compares bits as whole numbers, and
 * makes 0 of a NaN whose sign is set. x86 gives such ones, of ∞ − ∞ or √−1, so that a network which
 * has diverged would have a finite loss. Its ReLU6 and `clipByValue` make a bound of every NaN. What
 * is not finite goes by `maximum` and `minimum`, which keep NaN. Doing it twice changes nothing.
 */
export function repairWasmClamps(): void {
  if (repaired) return;
  for (const [kernelName, clamp] of Object.entries(clamps)) {
    const kernel = tf.getKernel(kernelName, 'wasm');
    replaceKernel({
      ...kernel,
      kernelFunc: (params) => {
        const x = params.inputs.x as tf.Tensor;
        if (allFinite(x)) return kernel.kernelFunc(params);
        return tf.tidy(() => clamp(x, params.attrs as unknown as Bounds));
      },
    });
  }
  repaired = true;
}

interface Bounds {
  readonly clipValueMin: number;
  readonly clipValueMax: number;
}

const clamps: Record<string, (x: tf.Tensor, bounds: Bounds) => tf.Tensor> = {
  Relu: (x) => tf.maximum(x, 0),
  Relu6: (x) => tf.minimum(tf.maximum(x, 0), 6),
  ClipByValue: (x, { clipValueMin, clipValueMax }) =>
    tf.minimum(tf.maximum(x, clipValueMin), clipValueMax),
};

let repaired = false;
