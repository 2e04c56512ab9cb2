import * as tf from '@tensorflow/tfjs';

/** A state dict of a 1×n weight and one bias. */
export const make = (w: number[], b: number) => ({ w: tf.tensor2d([w]), b: tf.tensor1d([b]) });
