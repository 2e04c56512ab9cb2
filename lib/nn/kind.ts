import type * as tf from '@tensorflow/tfjs';
import type { Generator } from '../random';
import { sizeOf } from '../shape';
import type { StateDict } from '../weights';

/** The shape of one sample; the batch is left out. */
export type Shape = readonly number[];

/** How a forward pass differs that learns: batch statistics are used and kept, numbers dropped. */
export interface TrainingPass {
  /** Draws the numbers that are dropped; without it none are. */
  readonly random?: Generator;
  /** Of the batch's statistics in the running ones, if not what the layer says. */
  readonly momentum?: number;
  /** Is given the layer's new buffers by their short names, tensors that it then owns. */
  readonly keep: (buffers: StateDict) => void;
}

/**
 * What the native engine has kernels for; `keep` leaves the same numbers in the same order. Their
 * shapes follow from those of the layers.
 */
export type NativeOperation = 'keep' | 'dense' | 'relu' | 'sigmoid' | 'tanh';

export const NATIVE_OPERATIONS: readonly NativeOperation[] = [
  'keep',
  'dense',
  'relu',
  'sigmoid',
  'tanh',
];

/** All that is known of a kind of layer; L is the description of one such layer, or its settings. */
export interface LayerKind<L> {
  /**
   * The shape of what a layer makes of one sample of that shape.
   *
   * @throws InputError when it cannot take such samples
   */
  outputShape(layer: L, shape: Shape): Shape;
  /** The shapes of its tensors by PyTorch's short names, in PyTorch's order. */
  tensors(layer: L): Readonly<Record<string, Shape>>;
  /** Its tensors before any training, which the caller disposes. */
  initial(layer: L, random: Generator): StateDict;
  /**
   * What it makes of a batch x in evaluation: nothing is random, nothing is kept. tfjs
   * differentiates through it.
   */
  apply(layer: L, tensors: StateDict, x: tf.Tensor): tf.Tensor;
  /** The same while the network learns. */
  train(layer: L, tensors: StateDict, x: tf.Tensor, pass: TrainingPass): tf.Tensor;
  /** Multiplications for one sample of that shape: what it costs. */
  multiplications(layer: L, shape: Shape): number;
  /** The fewest samples of that shape that it can learn from at a time. */
  smallestBatch(layer: L, shape: Shape): number;
  /** How many numbers each of its own steps makes of one sample of that shape, its result last. */
  sizes(layer: L, shape: Shape): readonly number[];
  /** What does the same in the native engine; tfjs does where there is nothing. */
  readonly native?: NativeOperation;
}

/** What sets a kind of layer apart; see `defineLayer`. */
export type LayerDefinition<L> = Pick<LayerKind<L>, 'outputShape' | 'apply'> &
  Partial<LayerKind<L>>;

/** A kind by what sets it apart; else it has no tensors, learns as it evaluates, costs nothing. */
export function layerKind<L>({ apply, ...own }: LayerDefinition<L>): LayerKind<L> {
  return {
    tensors: () => ({}),
    initial: () => ({}),
    apply,
    train: apply,
    multiplications: () => 0,
    smallestBatch: () => 1,
    sizes: (layer, shape) => [sizeOf(own.outputShape(layer, shape))],
    ...own,
  };
}
