import { floats } from '../memory';
import type { Plan } from '../plan';

/** Writes a vector of parameters at `address` in the kernels' layout, times a factor. */
export function packVector(
  { layers, size }: Plan,
  vector: Float64Array,
  factor: number,
  address: number,
): void {
  const to = floats(address, size).fill(0);
  let at = 0;
  for (const { inputs, outputs, paddedOutputs, matrix, bias } of layers) {
    for (let o = 0; o < outputs; o++) {
      for (let k = 0; k < inputs; k++) to[matrix + k * paddedOutputs + o] = factor * vector[at++]!;
    }
    for (let o = 0; o < outputs; o++) to[bias + o] = factor * vector[at++]!;
  }
}

/** The vector of parameters that is the sum of some in the kernels' layout, times a factor. */
export function sumOfVectors(
  { layers, size }: Plan,
  address: number,
  count: number,
  factor: number,
): Float64Array {
  const from = floats(address, count * size);
  const sums = new Float64Array(size);
  for (let part = 0, at = 0; part < count; part++) {
    for (let i = 0; i < size; i++) sums[i] = sums[i]! + from[at++]!;
  }
  const parameters = layers.reduce((sum, { inputs, outputs }) => sum + (inputs + 1) * outputs, 0);
  const vector = new Float64Array(parameters);
  let to = 0;
  for (const { inputs, outputs, paddedOutputs, matrix, bias } of layers) {
    for (let o = 0; o < outputs; o++) {
      for (let k = 0; k < inputs; k++)
        vector[to++] = factor * sums[matrix + k * paddedOutputs + o]!;
    }
    for (let o = 0; o < outputs; o++) vector[to++] = factor * sums[bias + o]!;
  }
  return vector;
}
