import * as tf from '@tensorflow/tfjs';

/**
 * tfjs' wasm backend makes −∞ of NaN in a convolution of one channel with a filter of 1 × 1, the
 * only one of which it does. That is a product with a number, and this makes it one.
 */
export function repairWasmConvolution(): void {
  if (repaired) return;
  const kernel = tf.getKernel('Conv2D', 'wasm');
  tf.unregisterKernel('Conv2D', 'wasm');
  tf.registerKernel({
    ...kernel,
    kernelFunc: (params) => {
      const [x, filter] = [params.inputs.x as tf.Tensor, params.inputs.filter as tf.Tensor];
      const plain = [params.attrs?.strides, params.attrs?.pad].flat();
      const isScale =
        filter.size === 1 && plain.every((n) => n === 1 || n === 'same' || n === 'valid');
      return isScale ? tf.mul(x, filter) : kernel.kernelFunc(params);
    },
  });
  repaired = true;
}

let repaired = false;
