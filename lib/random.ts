import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import { InputError, requireInteger } from './errors';

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
 *
 * @throws InputError on a seed or stream that is no integer from 0 to 2⁵³ − 1
 * @example
 * ```ts
 * generator(7).uniform() === generator(7).uniform(); // → true
 * generator(7, 0).uniform() === generator(7, 1).uniform(); // → false
 * ```
 */
export function generator(seed: number, ...stream: number[]): Generator {
  for (const [i, word] of [seed, ...stream].entries()) {
    requireSeed('generator', i === 0 ? 'seed' : 'stream', word);
  }
  const source = xoroshiro128plusFromState(stateOf([seed, ...stream]));
  return {
    uniform: () => uniformFloat64(source),
    integer: (n) => uniformInt(source, 0, n - 1),
  };
}

/** One draw from N(0, 1), by the polar form of Box and Muller. */
export function normal(random: Generator): number {
  for (;;) {
    const [x, y] = [2 * random.uniform() - 1, 2 * random.uniform() - 1];
    const square = x * x + y * y;
    if (square > 0 && square < 1) return x * Math.sqrt((-2 * Math.log(square)) / square);
  }
}

/** A uniformly random order of 0 … n − 1 (Fisher–Yates). */
export function permutation(n: number, random: Generator): Uint32Array {
  const order = new Uint32Array(n);
  for (let i = 1; i < n; i++) order[i] = i;
  for (let i = n - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    const kept = order[i]!;
    order[i] = order[j]!;
    order[j] = kept;
  }
  return order;
}

/**
 * Throws `InputError` unless `value` is an integer from 0 to 2⁵³ − 1: above that, neighbours are one
 * and the same number.
 */
export function requireSeed(where: string, name: string, value: number): void {
  requireInteger(where, name, value, 0);
  if (Number.isSafeInteger(value)) return;
  throw new InputError(
    `${where}: ${name} must be at most 2^53 - 1 = ${Number.MAX_SAFE_INTEGER}, got ${value}`,
  );
}

/**
 * The words' low halves start the generator as its one 32-bit seed would; what a word has above
 * 2³² moves that seed and fills the part of the state that it leaves alone, so two seeds never
 * start alike.
 */
function stateOf(words: readonly number[]): [number, number, number, number] {
  let seed = 0x9e3779b9;
  let above = 0;
  for (const word of words) {
    seed = mix(seed, word);
    above = Math.imul(above, 31);
    const high = Math.floor(word / 2 ** 32);
    if (high === 0) continue;
    seed = mix(~seed, high);
    above ^= high;
  }
  return [-1, ~seed, seed | 0, above];
}

/** Stirs a word into 32 bits (murmur3's mixing), so that nearby seeds start far apart. */
function mix(hash: number, word: number): number {
  let mixed = Math.imul(hash ^ word, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
