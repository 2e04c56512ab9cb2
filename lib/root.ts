import { existsSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative } from 'node:path';

/** Where this file lies: lib or lib/dist in the checkout, `node_modules/pathlab/dist` once installed. */
const place = basename(__dirname) === 'dist' ? dirname(__dirname) : __dirname;

/**
 * The folder of the project: the checkout, which holds `lib`; where pathlab is installed as a package,
 * the folder in which the program runs.
 */
export const projectRoot = basename(place) === 'lib' ? dirname(place) : process.cwd();

/**
 * A file that the build makes, by its path from lib: beside the compiled files, also when asked from
 * the sources, or from a bundle that lies outside of the package.
 */
export function builtFile(path: string): string {
  const places = [join(place, 'dist'), join(projectRoot, 'node_modules', 'pathlab', 'dist')];
  const found = places.map((folder) => join(folder, path)).find((file) => existsSync(file));
  return found ?? join(places[0]!, path);
}

/**
 * A path as a person wants to read it: from the project's folder, or whole if it lies elsewhere.
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
