import { createRequire } from 'node:module';

/**
 * For cells that mention danfo: loads it quicker than it loads itself. Of mathjs it gets the one file that
 * mathjs has for browsers, whose 920 modules, the same code, take 0.4 s, and of xlsx nothing before a
 * spreadsheet is read or written, which saves 0.1 s. Whoever else loads these two gets them as they are.
 */
const ofDanfo = createRequire(require.resolve('danfojs-node'));

const xlsx = () => ofDanfo('xlsx') as Record<string | symbol, unknown>;
const whenNeeded = new Proxy({}, { get: (_, name) => xlsx()[name] });

const oneFile = 'mathjs/lib/browser/math.js';
const instead = new Map<string, unknown>([
  ['mathjs', ofDanfo(oneFile)],
  ['xlsx', whenNeeded],
]);
const replaced = [...instead]
  .map(([id, offer]) => [ofDanfo.resolve(id), offer] as const)
  .filter(([path]) => require.cache[path] === undefined);
for (const [path, offer] of replaced) {
  require.cache[path] = { exports: offer, loaded: true } as NodeModule;
}
try {
  require('danfojs-node');
} catch {
  // The cell's own import tells why.
} finally {
  // So that nobody else takes them for the packages, nor looks through all of mathjs for what it offers.
  for (const path of [...replaced.map(([path]) => path), ofDanfo.resolve(oneFile)]) {
    delete require.cache[path];
  }
}
