import * as tf from '@tensorflow/tfjs';
import { InputError } from '../errors';
import type { Generator } from '../random';
import { disposeStateDict, type StateDict } from '../weights';
import type { TrainingPass } from './kind';
import { kindOf, type Layer } from './kinds';
import { type Network, requireWeightsOf } from './network';

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
  return tf.tidy(() =>
    network.layers.reduce((h, layer, i) => applyLayer(layer, tensorsOf(layer, weights, i), h), x),
  ) as tf.Tensor2D;
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
  const through = () => {
    let output = x;
    network.layers.forEach((layer, i) => {
      const keep = (own: StateDict) => {
        for (const [name, tensor] of Object.entries(own)) {
          buffers[`layers.${i}.${name}`] = tf.keep(tensor);
        }
      };
      const pass = { keep, ...(random && { random }), ...(momentum !== undefined && { momentum }) };
      output = applyLayer(layer, tensorsOf(layer, weights, i), output, pass);
    });
    return output;
  };
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

function tensorsOf(layer: Layer, weights: StateDict, i: number): StateDict {
  const names = Object.keys(kindOf(layer).tensors(layer));
  return Object.fromEntries(names.map((name) => [name, weights[`layers.${i}.${name}`]!]));
}
