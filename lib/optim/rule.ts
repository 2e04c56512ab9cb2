import type * as tf from '@tensorflow/tfjs';

/** What the native engine has kernels for, in the words of `SGDOptions` and `AdamOptions`. */
export type NativeRule =
  | {
      readonly kind: 'sgd';
      readonly momentum: number;
      readonly nesterov: boolean;
      readonly weightDecay: number;
    }
  | {
      readonly kind: 'adam';
      readonly beta1: number;
      readonly beta2: number;
      readonly epsilon: number;
      readonly weightDecay: number;
      /** AdamW's decay, which is no part of the gradient. */
      readonly decoupled: boolean;
    };

/** How one rule moves one weight tensor. */
export interface Rule {
  readonly name: string;
  /** Names of the tensors it remembers for each weight, in order. */
  readonly slots: readonly string[];
  /** What does the same in the native engine; tfjs does where there is nothing. */
  readonly native?: NativeRule;
  /** The rule at a learning rate; called once a step, its scalars are freed after the step. */
  at(learningRate: number): Update;
}

/**
 * The new weight, followed by the new slots, from the weight w, its gradient g, the number of this
 * step counted from 1, and the slots as the last step left them (none in the first).
 */
export type Update = (
  w: tf.Tensor,
  g: tf.Tensor,
  step: number,
  slots: readonly tf.Tensor[],
) => readonly [w: tf.Tensor, ...slots: tf.Tensor[]];
