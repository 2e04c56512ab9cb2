import * as tf from '@tensorflow/tfjs';

/**
 * Whether the backend that computes has a kernel that is none of tfjs' operations, but takes the place
 * of many.
 */
export function hasOwnKernel(name: string): boolean {
  return tf.getKernel(name, tf.getBackend()) != null;
}

/** What such a kernel makes; undefined where there is none of that name. */
export function runOwnKernel(
  name: string,
  inputs: Readonly<Record<string, tf.Tensor>>,
  attributes: Readonly<Record<string, boolean | number>> = {},
): tf.Tensor[] | undefined {
  if (!hasOwnKernel(name)) return undefined;
  const made = tf.engine().runKernel(name, { ...inputs }, { ...attributes });
  return Array.isArray(made) ? made : [made];
}
