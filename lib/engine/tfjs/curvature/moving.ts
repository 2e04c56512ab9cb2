import type * as tf from '@tensorflow/tfjs';
import type { StateDict } from '../../../weights';

/** A value and its derivative R{value} along the direction v; what is undefined is 0. */
export interface Moving {
  readonly value?: tf.Tensor | undefined;
  readonly rate?: tf.Tensor | undefined;
}

/** A layer's tensors as they are, and along v: no buffers among these, none at all where v is 0. */
export interface MovingTensors {
  readonly values: StateDict;
  readonly rates?: StateDict | undefined;
}

/** What a layer has made of the input x, and the way back. */
export interface Passed {
  readonly output: Moving;
  /** From the derivative d of the loss by the output, which moves: those by x and by the tensors. */
  backward(d: Moving): Backward;
}

export interface Backward {
  readonly input: Moving;
  readonly gradient: Readonly<Record<string, Moving>>;
}

/** What a layer does to an input that moves, whose value is there. */
export type Rule<L> = (layer: L, tensors: MovingTensors, x: Moving) => Passed;

/** a + b, where either may be 0. */
export function plus(a: tf.Tensor | undefined, b: tf.Tensor | undefined): tf.Tensor | undefined {
  return a && b ? a.add(b) : (a ?? b);
}

export const sumOf = (a: Moving, b: Moving): Moving => ({
  value: plus(a.value, b.value),
  rate: plus(a.rate, b.rate),
});

/** f of a value and of its rate, for a linear f. */
export const each = (x: Moving, f: (t: tf.Tensor) => tf.Tensor): Moving => ({
  value: x.value && f(x.value),
  rate: x.rate && f(x.rate),
});
