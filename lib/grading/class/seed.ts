import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../../errors';
import { writeAtomically } from '../../files';
import { shortPath } from '../../root';

const seedFile = (out: string) => join(out, 'seed.txt');

/**
 * What the inputs of a folder's grades were drawn with, if any were.
 *
 * @throws InputError when its file holds something else
 */
export function keptSeed(out: string): number | undefined {
  const file = seedFile(out);
  return existsSync(file)
    ? readSeed(readFileSync(file, 'utf8').trim(), shortPath(file))
    : undefined;
}

/**
 * Keeps the seed in `seed.txt` of a folder, atomically.
 *
 * @throws InputError when it cannot be written
 */
export function keepSeed(out: string, seed: number): void {
  writeAtomically(seedFile(out), `${seed}\n`);
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
    `grade: ${where} must be a whole number from 0, got ${JSON.stringify(text.slice(0, 40))}; for grades that are kept write the ` +
      'one that they were made with, or take another --out',
  );
}
