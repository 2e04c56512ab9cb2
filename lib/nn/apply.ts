import * as tf from '@tensorflow/tfjs';
import { InputError } from '../errors';
import type { Generator } from '../random';
import { disposeStateDict, type StateDict } from '../weights';
import type { TrainingPass } from './kind';
import { kindOf, type Layer, stack } from './kinds';
import { LAYERS, type Network, requireWeightsOf } from './network';
import { unprefixed } from './stack';

/**
 * The logits [n, outputSize] of a batch x of shape [n, …inputShape] at the point `weights` of
 * weight space. A pure function: tfjs differentiates through it, with respect to weights or x.
 * The caller disposes the result (or calls within `tf.tidy`).
 *
 * @throws InputError when x or a tensor of `weights` has another shape than the network expects
 * @example
 * ```ts
 * const logits = apply(network, w1, tf.zeros([5, 1, 2, 2]));
 * logits.shape; // → [ 5, 3 ]
 * ```
 */
export function apply(network: Network, weights: StateDict, x: tf.Tensor): tf.Tensor2D {
  requireInputsOf(network, weights, x);
  return tf.tidy(() => stack.apply(network.layers, unprefixed(LAYERS, weights), x)) as tf.Tensor2D;
}

/**
 * As `apply`, but the way a network learns: BatchNorm uses the batch's statistics, dropout drops
 * what `random` draws. Also gives the buffers as they are after this batch (BatchNorm's running
 * statistics), which are kept beyond any `tf.tidy`; the caller disposes both. `momentum` replaces
 * the layers' share of the batch in the running statistics.
 *
 * @param weights the point of weight space
 * @param x a batch of shape [n, …inputShape]
 * @throws InputError when x or a tensor of `weights` has another shape than the network expects
 * @example
 * ```ts
 * const { logits, buffers } = applyInTraining(network, w1, tf.zeros([5, 1, 2, 2]));
 * logits.shape; // → [ 5, 3 ]
 * Object.keys(buffers); // → []
 * ```
 */
export function applyInTraining(
  network: Network,
  weights: StateDict,
  x: tf.Tensor,
  { random, momentum }: { random?: Generator; momentum?: number } = {},
): { logits: tf.Tensor2D; buffers: StateDict } {
  requireInputsOf(network, weights, x);
  const buffers: StateDict = {};
  const keep = (own: StateDict) => {
    for (const [name, tensor] of Object.entries(own)) buffers[LAYERS + name] = tf.keep(tensor);
  };
  const pass = { keep, ...(random && { random }), ...(momentum !== undefined && { momentum }) };
  const through = () => stack.train(network.layers, unprefixed(LAYERS, weights), x, pass);
  try {
    return { logits: tf.tidy(through) as tf.Tensor2D, buffers };
  } catch (error) {
    disposeStateDict(buffers);
    throw error;
  }
}

function requireInputsOf(network: Network, weights: StateDict, x: tf.Tensor): void {
  const [n, ...inputShape] = x.shape;
  if (n === undefined || inputShape.join() !== network.inputShape.join()) {
    throw new InputError(
      `apply: expected x of shape [n, ${network.inputShape.join(', ')}], got ` +
        `[${x.shape.join(', ')}]`,
    );
  }
  requireWeightsOf(network, weights);
}

/** The layer's output for a batch x; `tensors` by the layer's short names. */
export function applyLayer(
  layer: Layer,
  tensors: StateDict,
  x: tf.Tensor,
  training?: TrainingPass,
): tf.Tensor {
  const kind = kindOf(layer);
  return training ? kind.train(layer, tensors, x, training) : kind.apply(layer, tensors, x);
}
