import { join, resolve } from 'node:path';

/** The folder of the checkout, which holds `lib`: from lib and from lib/dist alike. */
export const projectRoot = resolve(
  __dirname,
  __dirname.endsWith(join('lib', 'dist')) ? '../..' : '..',
);
