import assert from 'node:assert/strict';
import { join } from 'node:path';
import type * as tf from '@tensorflow/tfjs';
import type { StateDict } from '../../lib/weights';
import { listeners } from '../close';

/** Files with what PyTorch gives. */
export const fixtures = join(__dirname, 'fixtures');

/** The tensors whose names begin so, without that. */
export function part(stateDict: StateDict, prefix: string): StateDict {
  return Object.fromEntries(
    Object.entries(stateDict)
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, tensor]) => [key.slice(prefix.length), tensor]),
  );
}

export const numbers = (x: tf.Tensor) => Array.from(x.dataSync());

/** |a − b| ≤ tolerance · the largest |b|, which counts as `least` at least. */
export function assertNear(
  a: tf.Tensor,
  b: tf.Tensor,
  tolerance: number,
  what: string,
  least = 1e-6,
): void {
  assert.deepEqual(a.shape, b.shape, what);
  const [x, y] = [numbers(a), numbers(b)];
  const scale = y.reduce((m, v) => Math.max(m, Math.abs(v)), least);
  const worst = x.reduce((m, v, i) => Math.max(m, Math.abs(v - y[i]!)), 0);
  assert.ok(worst <= tolerance * scale, `${what}: off by ${worst} of ${scale}`);
  for (const listener of listeners) {
    listener({ actual: x, expected: y, allowed: () => tolerance * scale });
  }
}

export const toLast = (x: tf.Tensor) => x.transpose([0, 2, 3, 1]);
export const toFirst = (x: tf.Tensor) => x.transpose([0, 3, 1, 2]);
