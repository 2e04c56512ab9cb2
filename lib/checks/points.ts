import * as tf from '@tensorflow/tfjs';
import { InputError } from '../errors';
import { type Network, stateDictShapes } from '../nn';
import { generator } from '../random';
import { sizeOf } from '../shape';
import { norm, type StateDict, subtract } from '../weights';
import { told } from './figures';

/** The tensors of the notebooks' network, and of one that no notebook has. */
const NAMES = ['layers.1.weight', 'layers.1.bias', 'layers.3.weight', 'layers.3.bias'] as const;
export const OTHER_NAMES = [
  'layers.0.scale',
  'layers.5.weight',
  'layers.5.bias',
  'head.bias',
] as const;

/** Random points of the weight space of some network that no notebook has. */
export function randomPoints(
  count: number,
  seed: number,
  [one, two, three, four]: readonly [string, string, string, string] = NAMES,
): StateDict[] {
  const random = generator(seed);
  const tensor = (...shape: number[]) =>
    tf.tensor(
      Float32Array.from({ length: sizeOf(shape) }, () => 2 * random.uniform() - 1),
      shape,
    );
  return Array.from({ length: count }, () => ({
    [one]: tensor(5, 7),
    [two]: tensor(5),
    [three]: tensor(3, 5),
    [four]: tensor(3),
  }));
}

/** @throws InputError unless the value is a point of the network's weight space */
export function asPoint(network: Network, value: unknown): StateDict {
  if (value instanceof Promise) throw new InputError('it is a promise: is an await missing?');
  const claimed = (value ?? {}) as Record<string, unknown>;
  const point: StateDict = {};
  for (const [name, shape] of Object.entries(stateDictShapes(network))) {
    const tensor = claimed[name];
    if (!(tensor instanceof tf.Tensor) || tensor.shape.join() !== shape.join()) {
      const is =
        tensor instanceof tf.Tensor
          ? `[${tensor.shape.join(', ')}]`
          : tensor === undefined || tensor === null
            ? 'nothing'
            : `${told(tensor)}, which is no tensor`;
      throw new InputError(`'${name}' should have shape [${shape.join(', ')}], got ${is}`);
    }
    point[name] = tensor;
  }
  return point;
}

/** |a − b|; a hint instead where `a` is no state dict of b's structure. Call it in a tidy. */
export function away(a: unknown, b: StateDict): number | string {
  if (a instanceof Promise) return 'it returns a promise: this function must not be async';
  if (typeof a !== 'object' || a === null) {
    return `it returns ${a}, not a state dict: does it end with a return?`;
  }
  const got = a as StateDict;
  for (const [name, tensor] of Object.entries(b)) {
    const shape = got[name]?.shape;
    if (shape === undefined) {
      return got[name] === undefined
        ? `it returns no tensor '${name}': take the names from the state dicts it is given`
        : `its '${name}' is no tensor, but ${told(got[name])}`;
    }
    if (shape.join() !== tensor.shape.join()) {
      return (
        `its '${name}' has shape [${shape.join(', ')}], not [${tensor.shape.join(', ')}]: the check ` +
        'gives points of its own, does it use its arguments?'
      );
    }
  }
  const same = Object.fromEntries(Object.keys(b).map((name) => [name, got[name]!]));
  return norm(subtract(same, b));
}

/** Rounding of a few float32 operations on numbers of size 1. */
export const ROUNDING = 1e-5;
