import * as tf from '@tensorflow/tfjs';
import { generator } from '../random';
import { norm, type StateDict, subtract } from '../weights';

/** Random points of the weight space of some network that no notebook has. */
export function randomPoints(count: number, seed: number): StateDict[] {
  const random = generator(seed);
  const tensor = (...shape: number[]) =>
    tf.tensor(
      Float32Array.from(
        { length: shape.reduce((a, b) => a * b, 1) },
        () => 2 * random.uniform() - 1,
      ),
      shape,
    );
  return Array.from({ length: count }, () => ({
    'layers.1.weight': tensor(5, 7),
    'layers.1.bias': tensor(5),
    'layers.3.weight': tensor(3, 5),
    'layers.3.bias': tensor(3),
  }));
}

/** |a − b|; a hint instead where `a` is no state dict of b's structure. Call it in a tidy. */
export function away(a: unknown, b: StateDict): number | string {
  if (a instanceof Promise) return 'it returns a promise: this function must not be async';
  if (typeof a !== 'object' || a === null) return `it returns ${a}, not a state dict`;
  const got = a as StateDict;
  for (const [name, tensor] of Object.entries(b)) {
    const shape = got[name]?.shape;
    if (shape === undefined) return `it returns no tensor '${name}'`;
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
