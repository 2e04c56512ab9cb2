import { createRequire } from 'node:module';

/**
 * For cells that mention danfo: what it takes of mathjs comes from the one file that mathjs has for
 * browsers. Its 920 modules, the same code, take 0.4 s to load.
 */
const ofDanfo = createRequire(require.resolve('danfojs-node'));
const [modules, oneFile] = ['mathjs', 'mathjs/lib/browser/math.js'].map((id) =>
  ofDanfo.resolve(id),
) as [string, string];
ofDanfo(oneFile);
require.cache[modules] ??= require.cache[oneFile]!;
