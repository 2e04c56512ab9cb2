import * as tf from '@tensorflow/tfjs';
import { InputError } from '../errors';
import { sizeOf } from '../shape';
import { isBuffer, type StateDict } from '../weights';
import { countParameters, type Network, requireShapes, stateDictShapes } from './network';

/**
 * A point or a direction of weight space as one vector: the tensors but for buffers, in the order of
 * `stateDictShapes`, each row-major, as `torch.nn.utils.parameters_to_vector` has them.
 *
 * @param network says which tensors there are, and their order
 * @param weights a point, or a direction, which needs no buffers; the tensors stay the caller's
 * @throws InputError when the tensors are not the network's
 * @example
 * ```ts
 * parametersToVector(network, w1).length === countParameters(network); // → true
 * ```
 */
export function parametersToVector(network: Network, weights: StateDict): Float64Array {
  const isDirection = !Object.keys(weights).some(isBuffer);
  const coordinates = coordinatesOf(network);
  requireShapes(isDirection ? Object.fromEntries(coordinates) : stateDictShapes(network), weights);
  const vector = new Float64Array(countParameters(network));
  let at = 0;
  for (const [name] of coordinates) {
    vector.set(weights[name]!.dataSync(), at);
    at += weights[name]!.size;
  }
  return vector;
}

/**
 * The reverse of `parametersToVector`, rounded to float32; buffers are none of it. The caller
 * disposes the tensors.
 *
 * @param network whose tensors they are
 * @param vector a number for each of its parameters
 * @throws InputError on another number of them
 * @example
 * ```ts
 * const doubled = parametersToVector(network, w1).map((x) => 2 * x);
 * equal(vectorToParameters(network, doubled), scale(2, w1)); // → true
 * ```
 */
export function vectorToParameters(network: Network, vector: Float64Array): StateDict {
  requireVector('vectorToParameters', network, vector);
  const stateDict: StateDict = {};
  let at = 0;
  for (const [name, shape] of coordinatesOf(network)) {
    const values = Float32Array.from(vector.subarray(at, at + sizeOf(shape)));
    stateDict[name] = tf.tensor(values, [...shape]);
    at += values.length;
  }
  return stateDict;
}

/** @throws InputError unless there is a number for each of the network's parameters */
export function requireVector(where: string, network: Network, vector: Float64Array): void {
  const count = countParameters(network);
  if (vector.length === count) return;
  throw new InputError(
    `${where}: expected a number for each of ${count} parameters, got ${vector.length}; ` +
      'parametersToVector makes such a vector of a state dict',
  );
}

/** The tensors that are coordinates of weight space, with their shapes. */
export function coordinatesOf(network: Network): (readonly [string, readonly number[]])[] {
  return Object.entries(stateDictShapes(network)).filter(([name]) => !isBuffer(name));
}
