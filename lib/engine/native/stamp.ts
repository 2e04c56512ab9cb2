import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { InputError } from '../../errors';

/** Says beside the kernels of which sources they were compiled. */
export const STAMP = 'sources.txt';

/**
 * What the engine's sources say, kernels and all, as a hash; undefined where there are none, as in an
 * installed package.
 */
export function sourcesStamp(): string | undefined {
  if (!existsSync(join(__dirname, 'assembly'))) return undefined;
  const hash = createHash('sha256');
  const names = readdirSync(__dirname, { recursive: true, encoding: 'utf8' }).sort();
  for (const name of names.filter((one) => /\.(ts|json)$/.test(one))) {
    hash.update(`${name}\n`).update(readFileSync(join(__dirname, name)));
  }
  return hash.digest('hex');
}

/**
 * A program that runs from the sources computes by what was compiled of them last.
 *
 * @throws InputError when that was of others
 */
export function requireFresh(kernels: string): void {
  const wanted = sourcesStamp();
  const path = join(dirname(kernels), STAMP);
  if (wanted === undefined || (existsSync(path) && readFileSync(path, 'utf8') === wanted)) return;
  throw new InputError(
    `${kernels} was compiled of other sources than lib/engine/native has now; run npm run build`,
  );
}
