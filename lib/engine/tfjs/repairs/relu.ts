import * as tf from '@tensorflow/tfjs';
import { allFinite, replaceKernel } from './kernels';

/**
 * The wasm backend's ReLU compares bits as whole numbers, and makes 0 of a NaN whose sign is set. x86
 * gives such ones, of ∞ − ∞ or √−1, so that a network which has diverged would have a finite loss.
 * What is not finite goes by `maximum`, which keeps NaN. Doing it twice changes nothing.
 */
export function repairWasmRelu(): void {
  if (repaired) return;
  const relu = tf.getKernel('Relu', 'wasm');
  replaceKernel({
    ...relu,
    kernelFunc: (params) => {
      const x = params.inputs.x as tf.Tensor;
      return allFinite(x) ? relu.kernelFunc(params) : tf.tidy(() => tf.maximum(x, 0));
    },
  });
  repaired = true;
}

let repaired = false;
