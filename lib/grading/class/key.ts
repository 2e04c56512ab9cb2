import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { projectRoot } from '../../root';
import type { GradingOptions } from '../judge/gradeNotebook';
import type { Submission } from '../submitted/submission';

/**
 * What every grade depends on, as a SHA-256 in hexadecimal: the compiled lib with its checks, the
 * points, the options.
 *
 * @throws Error of the file system when lib is not compiled
 */
export function keyOfGrader(written: readonly object[], options: GradingOptions): string {
  const { seed, size, isolation, points, checks, limits } = options;
  const all = [seed, size, isolation, points, checks, limits, written];
  // A word in a question may be changed, and what was carried out is still good.
  const text = JSON.stringify(all, (name, value) => (name === 'place' ? undefined : value));
  const hash = createHash('sha256').update(text);
  const lib = join(projectRoot, 'lib', 'dist');
  const files = readdirSync(lib, { recursive: true, encoding: 'utf8' });
  for (const file of files.filter((name) => /\.(js|wasm)$/.test(name)).sort()) {
    hash.update(`\n${file}\n`).update(readFileSync(join(lib, file)));
  }
  return hash.digest('hex');
}

/** What a student handed in, as a SHA-256 in hexadecimal; a file that cannot be read counts as such. */
export function keyOfFiles({ notebooks, saved, beside, notes }: Submission): string {
  const hash = createHash('sha256').update(JSON.stringify(notes));
  for (const path of [...notebooks, ...saved, ...beside]) {
    hash.update(`\n${relative(dirname(notebooks[0] ?? path), path)}\n`);
    try {
      hash.update(readFileSync(path));
    } catch (error) {
      hash.update(String(error));
    }
  }
  return hash.digest('hex');
}

/** Whatever a grade depends on, as a SHA-256 in hexadecimal. */
export function keyOf(keyOfFiles: string, keyOfGrader: string): string {
  return createHash('sha256').update(`${keyOfGrader}\n${keyOfFiles}`).digest('hex');
}
