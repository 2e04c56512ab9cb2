import * as tf from '@tensorflow/tfjs';
import { InputError } from '../errors';
import { generator } from '../random';
import { sizeOf } from '../shape';
import { isBuffer, type StateDict, tensorOf } from '../weights';
import { kindOf, type Layer, stack } from './kinds';
import { prefixed } from './stack';

/**
 * A network as a description: its layers in order. It owns no weights, so any point of weight
 * space can be evaluated without "loading" it first.
 */
export interface Network {
  readonly layers: readonly Layer[];
  /** The shape of one input, e.g. [1, 28, 28] for MNIST. */
  readonly inputShape: readonly number[];
  /** The number of classes. */
  readonly outputSize: number;
}

/** What the names of a network's tensors begin with. */
export const LAYERS = 'layers.';

/**
 * Puts layers in order and checks that each takes what the one before it gives.
 *
 * @param inputShape the shape of one sample, the batch left out
 * @throws InputError when one cannot or is of no known kind, or they end in anything but two logits
 *   or more
 * @example
 * ```ts
 * const linear = sequential([4], [{ kind: 'dense', inputs: 4, outputs: 3 }]);
 * countParameters(linear); // → 15
 * ```
 */
export function sequential(inputShape: readonly number[], layers: readonly Layer[]): Network {
  const shape = stack.outputShape(layers, inputShape);
  if (shape.length !== 1) {
    throw new InputError(
      `sequential: the last layer must give one vector of logits, got shape [${shape.join(', ')}]`,
    );
  }
  const [outputSize] = shape as [number];
  if (outputSize < 2) {
    throw new InputError(
      `sequential: the last layer must give at least two logits, got ${outputSize}; of one class ` +
        'alone the cross-entropy is always 0, so give each class one, two of them for yes and no',
    );
  }
  return { layers, inputShape, outputSize };
}

/**
 * The shape of every tensor in the network's state dict, by name: `layers.<i>.weight`, as PyTorch
 * names the entries of a `ModuleList` called `layers`.
 *
 * @example
 * ```ts
 * stateDictShapes(network)['layers.1.weight']; // → [ 3, 4 ]
 * ```
 */
export function stateDictShapes(network: Network): Record<string, readonly number[]> {
  return prefixed(LAYERS, stack.tensors(network.layers));
}

/**
 * The number of trainable scalars, from the description alone: no tensor is built.
 *
 * @param network the description; its sizes are the layers'
 * @example
 * ```ts
 * countParameters(network); // → 27
 * ```
 */
export function countParameters(network: Network): number {
  return Object.entries(stateDictShapes(network))
    .filter(([name]) => !isBuffer(name))
    .map(([, shape]) => sizeOf(shape))
    .reduce((sum, size) => sum + size, 0);
}

/** How many numbers each layer makes of one sample, the input's first. */
export function layerSizes({ inputShape, layers }: Network): number[] {
  const shapes = [inputShape];
  for (const layer of layers) shapes.push(kindOf(layer).outputShape(layer, shapes.at(-1)!));
  return shapes.map(sizeOf);
}

/** The same, and of those inside of its layers: all numbers that a pass makes. */
export function valueSizes({ inputShape, layers }: Network): number[] {
  return [sizeOf(inputShape), ...stack.sizes(layers, inputShape)];
}

/** Multiplications that one sample takes in all layers together. */
export function multiplications({ inputShape, layers }: Network): number {
  return stack.multiplications(layers, inputShape);
}

/** The fewest samples that the network can learn from at a time. */
export function smallestBatch({ inputShape, layers }: Network): number {
  return stack.smallestBatch(layers, inputShape);
}

/** Whether some of its tensors are buffers: BatchNorm's statistics. */
export function hasBuffers(network: Network): boolean {
  return Object.keys(stateDictShapes(network)).some(isBuffer);
}

/**
 * A freshly initialised state dict, drawn as PyTorch draws its defaults: dense layers and
 * convolutions from U(−1/√fan_in, 1/√fan_in), BatchNorm with scale 1 and statistics 0 and 1.
 * The same seed gives the same numbers; the caller disposes the tensors.
 *
 * @param network whose state dict it is
 * @throws InputError on a seed that is no integer from 0 to 2⁵³ − 1
 * @example
 * ```ts
 * Object.keys(initialize(network, 1)); // → [ 'layers.1.weight', 'layers.1.bias', 'layers.3.weight', 'layers.3.bias' ]
 * ```
 */
export function initialize(network: Network, seed: number): StateDict {
  const random = generator(seed);
  return tf.tidy(() => prefixed(LAYERS, stack.initial(network.layers, random)));
}

/** Throws an `InputError` that names the first tensor which is missing, extra or misshapen. */
export function requireWeightsOf(network: Network, weights: StateDict): void {
  requireShapes(stateDictShapes(network), weights);
}

/** The same for tensors of these names and shapes. */
export function requireShapes(
  expected: Record<string, readonly number[]>,
  weights: StateDict,
): void {
  for (const name of new Set([...Object.keys(expected), ...Object.keys(weights)])) {
    const wanted = Object.hasOwn(expected, name) ? expected[name] : undefined;
    const got = tensorOf(weights, name);
    if (got && got.dtype !== 'float32' && !isBuffer(name)) {
      throw new InputError(
        `the weights do not fit the network at '${name}': expected float32, got ${got.dtype}; cast it`,
      );
    }
    if (wanted?.join() !== got?.shape.join()) {
      const describe = (shape: readonly number[] | undefined) =>
        shape === undefined ? 'nothing' : `shape [${shape.join(', ')}]`;
      throw new InputError(
        `the weights do not fit the network at '${name}': expected ${describe(wanted)}, got ` +
          `${describe(got?.shape)}; ${remedyFor(expected, weights)}`,
      );
    }
  }
}

function remedyFor(shapes: Record<string, readonly number[]>, weights: StateDict): string {
  const own = Object.values(shapes).map((shape) => shape.join());
  const given = Object.values(weights).map(({ shape }) => shape.join());
  return own.sort().join('; ') === given.sort().join('; ')
    ? 'all shapes are there under other names: fromTorch maps them'
    : 'they are of another architecture';
}
