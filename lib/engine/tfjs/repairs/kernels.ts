import * as tf from '@tensorflow/tfjs';

/** Puts a kernel in the place of the one of its name and backend. */
export function replaceKernel(kernel: tf.KernelConfig): void {
  tf.unregisterKernel(kernel.kernelName, kernel.backendName);
  tf.registerKernel(kernel);
}

/** A sum is finite only if all terms are; that of large ones may not be, which does no harm. */
export function allFinite(x: tf.Tensor): boolean {
  return tf.tidy(() => Number.isFinite(x.sum().dataSync()[0]));
}
