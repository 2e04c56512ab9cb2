import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { startupSnapshot } from 'node:v8';
import type * as Libs from './libs';
import type * as Serve from './serve';

/**
 * What `node --build-snapshot` runs, with the paths of `serve` and of TypeScript, LIBS, and the
 * contents: a process that starts from the snapshot has TypeScript in its heap, and declarations read and
 * bound. Prints which files these are in. Node lets only its own modules be required here, so files
 * are loaded by hand.
 */
const [, , main, typescript, libs, ...contents] = process.argv;
const modules = new Map<string, { exports: unknown }>();
// What the language has cannot be found out here: V8 adds its latest parts once a process starts.
const language: typeof Libs = { LIBS: libs!.split(',') };
modules.set(join(dirname(main!), 'libs.js'), { exports: language });

function load(path: string): unknown {
  const known = modules.get(path);
  if (known) return known.exports;
  const module = { exports: {} };
  modules.set(path, module);
  const folder = dirname(path);
  const requireFrom = (id: string): unknown => {
    if (id === 'typescript') return load(typescript!);
    return id.startsWith('.') ? load(join(folder, `${id}.js`)) : require(id);
  };
  const text = `${readFileSync(path, 'utf8')}\n//# sourceURL=${path}`;
  const run = new Function('module', 'exports', 'require', '__filename', '__dirname', text);
  run(module, module.exports, requireFrom, path, folder);
  return module.exports;
}

// A collator cannot be in a snapshot. TypeScript sorts completions by one, which are sorted anew.
const { Collator } = Intl;
Intl.Collator = class {
  compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
} as unknown as typeof Collator;
const { serve, warmUp } = load(main!) as typeof Serve;
console.log(JSON.stringify(warmUp(contents)));
Intl.Collator = Collator;
startupSnapshot.setDeserializeMainFunction(serve);
