import * as tf from '@tensorflow/tfjs';
import type { Optimizer } from '../../lib/optim';
import type { StateDict } from '../../lib/weights';

/** Numbers by tensor name, as they stand in the fixtures. */
export type Flat = Record<string, number[]>;

/** Numbers as tensors. */
export function stateDictOf(numbers: Flat, shapes: Record<string, number[]>): StateDict {
  return Object.fromEntries(
    Object.entries(numbers).map(([name, values]) => [name, tf.tensor(values, shapes[name])]),
  );
}

/** One step in place of `weights`, which it disposes together with the gradient. */
export function stepped(optimizer: Optimizer, weights: StateDict, gradient: StateDict): StateDict {
  const next = optimizer.step(weights, gradient);
  tf.dispose([weights, gradient]);
  return next;
}
