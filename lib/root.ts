import { isAbsolute, join, relative, resolve } from 'node:path';

/** The folder of the checkout, which holds `lib`: from lib and from lib/dist alike. */
export const projectRoot = resolve(
  __dirname,
  __dirname.endsWith(join('lib', 'dist')) ? '../..' : '..',
);

/**
 * A path as a person wants to read it: from the checkout's folder, or whole if it lies elsewhere.
 *
 * @example
 * ```ts
 * shortPath('/somewhere/else/theta.safetensors'); // → '/somewhere/else/theta.safetensors'
 * ```
 */
export function shortPath(path: string): string {
  const inside = relative(projectRoot, path);
  return inside.startsWith('..') || isAbsolute(inside) ? path : inside;
}
