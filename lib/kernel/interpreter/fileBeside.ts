import { existsSync, statSync } from 'node:fs';
import { extname, isAbsolute, join, resolve } from 'node:path';

const ENDINGS = ['.ts', '.mts', '.cts', '.tsx', '.js', '.mjs', '.cjs'];

/**
 * The file that a path in an import means, if it goes through the compiler. JavaScript by its whole
 * path does not: that may be a file of a package, which is not to be there twice.
 */
export function fileBeside(
  folder: string,
  id: string,
  exists: (path: string) => boolean,
): string | undefined {
  const isRelative = /^\.{1,2}(\/|$)/.test(id);
  if (!isRelative && !(isAbsolute(id) && /\.[cm]?tsx?$/.test(id))) return undefined;
  const path = resolve(folder, id);
  if (path.includes('/node_modules/')) return undefined;
  const ending = extname(path);
  const stem = path.slice(0, path.length - ending.length);
  // `./helper.js` may be written for a helper.ts, as TypeScript has it.
  const meant = /^\.[cm]?js$/.test(ending) ? [`${stem}${ending.replace('js', 'ts')}`] : [];
  const candidates = [
    ...meant,
    path,
    ...ENDINGS.map((one) => `${path}${one}`),
    ...ENDINGS.map((one) => join(path, `index${one}`)),
  ];
  return candidates.find((one) => [...ENDINGS, '.json'].includes(extname(one)) && exists(one));
}

/** Whether there is a file, and no folder. */
export function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}
