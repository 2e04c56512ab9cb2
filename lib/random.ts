import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { requireInteger } from './errors';

/** A seeded source of randomness. Drawing advances it; the same seed gives the same draws. */
export interface Generator {
  /** One draw from U[0, 1). */
  uniform(): number;
  /** One integer from {0, …, n − 1}, each equally likely. */
  integer(n: number): number;
}

/**
 * A generator from a seed and, optionally, a stream: `generator(7, 0)` and `generator(7, 1)` are
 * unrelated, so one seed can drive an initialisation, a shuffle of each epoch and the draws of t
 * without any of them moving when another draws more. The generator is xoroshiro128+ (pure-rand).
 */
export function generator(seed: number, ...stream: number[]): Generator {
  requireInteger('generator', 'seed', seed, 0);
  const source = xoroshiro128plus(mix([seed, ...stream]));
  return {
    uniform: () => uniformFloat64(source),
    integer: (n) => uniformInt(source, 0, n - 1),
  };
}

/** A uniformly random order of 0 … n − 1 (Fisher–Yates). */
export function permutation(n: number, random: Generator): Uint32Array {
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    const kept = order[i]!;
    order[i] = order[j]!;
    order[j] = kept;
  }
  return order;
}

/** Hashes a list of integers to 32 bits (murmur3's mixing), so that nearby seeds start far apart. */
function mix(words: number[]): number {
  let hash = 0x9e3779b9;
  for (const word of words) {
    hash = Math.imul(hash ^ word, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    hash ^= hash >>> 16;
  }
  return hash | 0;
}
