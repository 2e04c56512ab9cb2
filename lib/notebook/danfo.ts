import { createRequire } from 'node:module';

/**
 * For cells that mention danfo: loads it quicker than it loads itself. Of mathjs it gets the one file that
 * mathjs has for browsers, whose 920 modules, the same code, take 0.4 s, and of xlsx nothing before a
 * spreadsheet is read or written, which saves 0.1 s. Whoever else loads these two gets them as they are.
 */
function loadDanfo(): void {
  const ofDanfo = createRequire(require.resolve('danfojs-node'));
  const xlsx = () => ofDanfo('xlsx') as Record<string | symbol, unknown>;
  const oneFile = ofDanfo.resolve('mathjs/lib/browser/math.js');
  const instead: readonly (readonly [id: string, offer: unknown])[] = [
    ['mathjs', ofDanfo(oneFile)],
    ['xlsx', new Proxy({}, { get: (_, name) => xlsx()[name] })],
  ];
  const replaced = instead
    .map(([id, offer]) => [ofDanfo.resolve(id), offer] as const)
    .filter(([path]) => require.cache[path] === undefined);
  for (const [path, offer] of replaced) {
    require.cache[path] = { exports: offer, loaded: true } as NodeModule;
  }
  try {
    require('danfojs-node');
  } finally {
    // So that nobody else takes them for the packages, nor looks through all of mathjs for what it offers.
    for (const path of [...replaced.map(([path]) => path), oneFile]) delete require.cache[path];
  }
}

try {
  loadDanfo();
} catch {
  // The cell's own import tells what is missing.
}
