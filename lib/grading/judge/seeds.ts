import { createHash } from 'node:crypto';
import { InputError } from '../../errors';

/** What the inputs of one criterion are drawn with; it tells nothing of those of another. */
export function seedOf(seed: number, criterion: string): number {
  return createHash('sha256').update(`${seed} ${criterion}`).digest().readUInt32BE();
}

/**
 * A seed as it was typed or kept.
 *
 * @param where what holds it, for the error
 * @throws InputError unless it is a whole number from 0
 */
export function readSeed(text: string, where: string): number {
  const seed = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(seed)) return seed;
  throw new InputError(
    `grade: ${where} must be a whole number from 0, got "${text}"; for grades that are kept write the ` +
      'one that they were made with, or take another --out',
  );
}
