import { createRequire } from 'node:module';
import { dirname, extname, join, relative } from 'node:path';
import vm from 'node:vm';
import type * as Transpile from '../compiler/transpile';
import { DYNAMIC_IMPORT, META } from '../given';
import { fileBeside } from './fileBeside';
import type { Files } from './files';
import type { Script } from './lines';
import { linesBy } from './lines';
import { metaOf } from './meta';

/** A file that was loaded, or is being loaded. */
export interface Loaded {
  readonly module: { exports: unknown };
  readonly stamp: string;
  /** The files beside the notebook that it imports. */
  readonly imports: Set<string>;
  /** Its end, if it awaits at its top level. */
  done?: Promise<void>;
}

/** Loads files beside the notebook, as `require` does: at once. */
export interface Loader {
  /** The `require` of the files of a folder. */
  requireFrom(folder: string): NodeJS.Require;
  known(path: string): Loaded | undefined;
  /** Loads a file, unless it is known; one that awaits only where that may be. */
  load(path: string, mayAwait?: boolean): Loaded;
  /** Forgets the files that were changed, and those that import them. */
  forgetChanged(): void;
}

type Run = (this: unknown, ...given: unknown[]) => Promise<void> | undefined;

/** What a file's code finds, in this order. */
const GIVEN = ['exports', 'require', 'module', '__filename', '__dirname', META, DYNAMIC_IMPORT];

/**
 * @param scripts where the lines of compiled files are kept, for tracebacks
 * @param importFrom `import(id)` in a file of that folder
 */
export function newLoader(
  cwd: string,
  files: Files,
  scripts: Map<string, Script>,
  importFrom: (folder: string, id: string) => Promise<unknown>,
): Loader {
  const loaded = new Map<string, Loaded>();

  function requireFrom(folder: string, importer?: Loaded): NodeJS.Require {
    const plain = createRequire(join(folder, '__cell__.js'));
    const own = (id: string): unknown => {
      const path = fileBeside(folder, id, files.exists);
      if (path === undefined) return plain(id);
      importer?.imports.add(path);
      return load(path).module.exports;
    };
    return Object.assign(own, plain);
  }

  function load(path: string, mayAwait = false): Loaded {
    const known = loaded.get(path);
    if (known) return known;
    const source = files.read(path);
    const one: Loaded = { module: { exports: {} }, stamp: files.stamp(path), imports: new Set() };
    if (extname(path) === '.json') {
      one.module.exports = JSON.parse(source);
      loaded.set(path, one);
      return one;
    }
    const label = relative(cwd, path);
    const { code, map, awaits } = compiled(path, source, label, mayAwait);
    scripts.set(path, { label, source, line: linesBy(map, source) });
    const run = functionOf(path, code, awaits);
    loaded.set(path, one);
    const done = begun(run, given(path, one), awaits, (error) => {
      if (loaded.get(path) === one) loaded.delete(path);
      throw error;
    });
    return Object.assign(one, done && { done });
  }

  function given(path: string, one: Loaded): unknown[] {
    const folder = dirname(path);
    const { module } = one;
    const later = (id: string) => importFrom(folder, id);
    const ofNode = [module.exports, requireFrom(folder, one), module, path, folder];
    return [...ofNode, metaOf(path), later];
  }

  return {
    requireFrom,
    known: (path) => loaded.get(path),
    load,
    forgetChanged() {
      for (const path of staleIn(loaded, files)) loaded.delete(path);
    },
  };
}

/** Runs a file's code; calls `fail` where it fails, at once or, if it awaits, later. */
function begun(
  run: Run,
  given: readonly unknown[],
  awaits: boolean,
  fail: (error: unknown) => never,
): Promise<void> | undefined {
  try {
    const end = run.apply(given[0], [...given]);
    return awaits ? end!.catch(fail) : undefined;
  } catch (error) {
    return fail(error);
  }
}

/** A file as JavaScript. @throws SyntaxError @throws Error where it awaits and may not */
function compiled(
  path: string,
  source: string,
  label: string,
  mayAwait: boolean,
): Transpile.Transpiled {
  const all = compiler().transpile(path, source);
  // V8 would not tell the file.
  if (all.wrong !== undefined) throw new SyntaxError(`${label}:${all.wrong}`);
  if (all.awaits && !mayAwait) {
    throw new Error(`${label} awaits at its top level, which require cannot wait for: import it`);
  }
  return all;
}

/** A file's code as a function of what it finds. */
function functionOf(filename: string, code: string, awaits: boolean): Run {
  const text = `(${awaits ? 'async ' : ''}function (${GIVEN.join(', ')}) {\n${code}\n})`;
  return vm.runInThisContext(text, {
    filename,
    lineOffset: -1,
    importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
}

/** The files that were changed since they were loaded, and those that import them. */
function staleIn(loaded: ReadonlyMap<string, Loaded>, { stamp }: Files): Set<string> {
  const changed = [...loaded].filter(([path, one]) => one.stamp !== stamp(path));
  const stale = new Set(changed.map(([path]) => path));
  for (let before = -1; before !== stale.size; ) {
    before = stale.size;
    for (const [path, { imports }] of loaded) {
      if ([...imports].some((one) => stale.has(one))) stale.add(path);
    }
  }
  return stale;
}

/** Loaded when first needed, for it takes TypeScript. */
export function compiler(): typeof Transpile {
  return require('../compiler/transpile');
}
