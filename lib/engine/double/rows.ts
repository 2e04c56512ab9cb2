import type { DenseStep } from './steps';

/** Products of rows of samples, row-major, with a dense layer's weights in double precision. */

/** to[s] += x[s]·Wᵀ + b for each row s; without the bias, if asked. */
export function addForward(
  { inputs, outputs, matrix, bias }: DenseStep,
  weights: Float64Array,
  x: Float64Array,
  to: Float64Array,
  withBias: boolean,
): void {
  for (let s = 0, row = 0; row < to.length; s += inputs, row += outputs) {
    for (let o = 0, w = matrix; o < outputs; o++) {
      let sum = withBias ? weights[bias + o]! : 0;
      for (let k = 0; k < inputs; k++) sum += x[s + k]! * weights[w++]!;
      to[row + o] = to[row + o]! + sum;
    }
  }
}

/** to[s] += d[s]·W for each row s. */
export function addBackward(
  { inputs, outputs, matrix }: DenseStep,
  weights: Float64Array,
  d: Float64Array,
  to: Float64Array,
): void {
  for (let row = 0, s = 0; row < d.length; row += outputs, s += inputs) {
    for (let o = 0, w = matrix; o < outputs; o++) {
      const factor = d[row + o]!;
      for (let k = 0; k < inputs; k++) to[s + k] = to[s + k]! + factor * weights[w++]!;
    }
  }
}

/** gradient += Σₛ d[s]ᵀ·x[s] at the matrix, and Σₛ d[s] at the bias, if asked. */
export function addGradient(
  { inputs, outputs, matrix, bias }: DenseStep,
  d: Float64Array,
  x: Float64Array,
  gradient: Float64Array,
  withBias: boolean,
): void {
  for (let row = 0, s = 0; row < d.length; row += outputs, s += inputs) {
    for (let o = 0, w = matrix; o < outputs; o++) {
      const factor = d[row + o]!;
      if (withBias) gradient[bias + o] = gradient[bias + o]! + factor;
      for (let k = 0; k < inputs; k++, w++) gradient[w] = gradient[w]! + factor * x[s + k]!;
    }
  }
}
