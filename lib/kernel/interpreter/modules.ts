import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import vm from 'node:vm';
import type * as Transpile from '../compiler/transpile';
import { DYNAMIC_IMPORT, META } from '../given';
import { stampOf } from '../stamp';
import { fileBeside, isFile } from './fileBeside';
import type { Script } from './lines';
import { linesBy } from './lines';
import { metaOf } from './meta';
import { namespaceOf } from './namespaces';

/** What cells import: packages, and the files beside the notebook, TypeScript among them. */
export interface Modules {
  readonly require: NodeJS.Require;
  /** Loads a module; what it gives is the module as it is when asked, loaded anew after a change. */
  load(id: string): Promise<() => unknown>;
  /** `import(id)`. */
  loadLater(id: string): Promise<unknown>;
  /** Puts a text in the place of a file of the notebook's folder. */
  put(file: string, source: string): void;
  /** Has files that were changed, and those that import them, loaded anew when next asked for. */
  refresh(): void;
}

interface Loaded {
  readonly module: { exports: unknown };
  readonly stamp: string;
  /** The files beside the notebook that it imports. */
  readonly imports: Set<string>;
  /** Its end, if it awaits at its top level. */
  done?: Promise<void>;
}

/** What a file's code finds, in this order. */
const GIVEN = ['exports', 'require', 'module', '__filename', '__dirname', META, DYNAMIC_IMPORT];

/**
 * The modules of a notebook in a folder. Files of its own go through the compiler, so that an
 * interrupt ends their loops as well.
 *
 * @param scripts where the lines of compiled files are kept, for tracebacks
 */
export function createModules(cwd: string, scripts: Map<string, Script>): Modules {
  const loaded = new Map<string, Loaded>();
  const texts = new Map<string, { readonly text: string; readonly stamp: string }>();
  let puts = 0;
  const exists = (path: string) => texts.has(path) || isFile(path);
  const stamp = (path: string) => texts.get(path)?.stamp ?? stampOf(path);
  // Windows' editors begin a file with a mark of the order of its bytes.
  const read = (path: string) =>
    texts.get(path)?.text ?? readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  const requireFrom = (folder: string, importer?: Loaded): NodeJS.Require => {
    const plain = createRequire(join(folder, '__cell__.js'));
    const own = (id: string): unknown => {
      const path = fileBeside(folder, id, exists);
      if (path === undefined) return plain(id);
      importer?.imports.add(path);
      return loadFile(path).module.exports;
    };
    return Object.assign(own, plain);
  };
  const loadFile = (path: string, mayAwait = false): Loaded => {
    const known = loaded.get(path);
    if (known) return known;
    const source = read(path);
    const one: Loaded = { module: { exports: {} }, stamp: stamp(path), imports: new Set() };
    if (extname(path) === '.json') {
      one.module.exports = JSON.parse(source);
      loaded.set(path, one);
      return one;
    }
    const { code, map, awaits, wrong } = compiler().transpile(path, source);
    // V8 would not tell the file.
    if (wrong !== undefined) throw new SyntaxError(`${relative(cwd, path)}:${wrong}`);
    if (awaits && !mayAwait) {
      throw new Error(
        `${relative(cwd, path)} awaits at its top level, which require cannot wait for: import it`,
      );
    }
    scripts.set(path, { label: relative(cwd, path), source, line: linesBy(map, source) });
    const text = `(${awaits ? 'async ' : ''}function (${GIVEN.join(', ')}) {\n${code}\n})`;
    const run = vm.runInThisContext(text, {
      filename: path,
      lineOffset: -1,
      importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    });
    loaded.set(path, one);
    const forget = (error: unknown) => {
      if (loaded.get(path) === one) loaded.delete(path);
      throw error;
    };
    try {
      const folder = dirname(path);
      const { module } = one;
      const later = (id: string) => loadLater(folder, id);
      const end = run.call(
        module.exports,
        module.exports,
        requireFrom(folder, one),
        module,
        path,
        folder,
        metaOf(path),
        later,
      );
      if (awaits) one.done = (end as Promise<void>).catch(forget);
    } catch (error) {
      forget(error);
    }
    return one;
  };
  /** Runs those of a file and of the files it imports that await, for which `require` cannot wait. */
  const settle = async (path: string, seen = new Set<string>()): Promise<void> => {
    const known = loaded.get(path);
    if (seen.has(path)) return;
    seen.add(path);
    if (known) return await known.done;
    if (extname(path) === '.json') return;
    const { imports, awaits } = compiler().outline(path, read(path));
    const folder = dirname(path);
    for (const id of imports) {
      const next = fileBeside(folder, id, exists);
      if (next !== undefined) await settle(next, seen);
    }
    if (awaits) await loadFile(path, true).done;
  };
  const require = requireFrom(cwd);
  const moduleFrom = async (folder: string, id: string): Promise<unknown> => {
    const path = fileBeside(folder, id, exists);
    if (path !== undefined) await settle(path);
    const from = requireFrom(folder);
    try {
      return from(id);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_REQUIRE_ASYNC_MODULE') throw error;
      return await import(pathToFileURL(from.resolve(id)).href);
    }
  };
  const loadLater = async (folder: string, id: string) => namespaceOf(await moduleFrom(folder, id));
  return {
    require,
    async load(id) {
      const module = await moduleFrom(cwd, id);
      const path = fileBeside(cwd, id, exists);
      // Packages do not change while a kernel runs.
      if (path === undefined) return () => module;
      let last = loaded.get(path);
      return () => {
        if (loaded.get(path) !== last && exists(path)) last = loadFile(path);
        return last?.module.exports ?? module;
      };
    },
    loadLater: (id) => loadLater(cwd, id),
    put(file, text) {
      texts.set(join(cwd, file), { text, stamp: `cell ${++puts}` });
    },
    refresh() {
      const stale = new Set(
        [...loaded.keys()].filter((path) => loaded.get(path)!.stamp !== stamp(path)),
      );
      for (let before = -1; before !== stale.size; ) {
        before = stale.size;
        for (const [path, { imports }] of loaded) {
          if ([...imports].some((one) => stale.has(one))) stale.add(path);
        }
      }
      for (const path of stale) loaded.delete(path);
    },
  };
}

/** Loaded when first needed, for it takes TypeScript. */
function compiler(): typeof Transpile {
  return require('../compiler/transpile');
}
