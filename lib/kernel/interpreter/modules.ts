import { dirname, extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fileBeside } from './fileBeside';
import { type Files, newFiles } from './files';
import type { Script } from './lines';
import { compiler, type Loader, newLoader } from './loader';
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

/**
 * The modules of a notebook in a folder. Files of its own go through the compiler, so that an
 * interrupt ends their loops as well.
 *
 * @param scripts where the lines of compiled files are kept, for tracebacks
 */
export function createModules(cwd: string, scripts: Map<string, Script>): Modules {
  const files = newFiles(cwd);
  const importFrom = async (folder: string, id: string) =>
    namespaceOf(await moduleFrom(folder, id));
  const loader = newLoader(cwd, files, scripts, importFrom);

  async function moduleFrom(folder: string, id: string): Promise<unknown> {
    const path = fileBeside(folder, id, files.exists);
    if (path !== undefined) await settle(path, files, loader);
    const from = loader.requireFrom(folder);
    try {
      return from(id);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_REQUIRE_ASYNC_MODULE') throw error;
      return await import(pathToFileURL(from.resolve(id)).href);
    }
  }

  return {
    require: loader.requireFrom(cwd),
    async load(id) {
      const module = await moduleFrom(cwd, id);
      const path = fileBeside(cwd, id, files.exists);
      // Packages do not change while a kernel runs.
      if (path === undefined) return () => module;
      let last = loader.known(path);
      return () => {
        if (loader.known(path) !== last && files.exists(path)) last = loader.load(path);
        return last?.module.exports ?? module;
      };
    },
    loadLater: (id) => importFrom(cwd, id),
    put: files.put,
    refresh: loader.forgetChanged,
  };
}

/** Runs those of a file and of the files it imports that await, for which `require` cannot wait. */
async function settle(
  path: string,
  files: Files,
  loader: Loader,
  seen = new Set<string>(),
): Promise<void> {
  const known = loader.known(path);
  if (seen.has(path)) return;
  seen.add(path);
  if (known) return await known.done;
  if (extname(path) === '.json') return;
  const { imports, awaits } = compiler().outline(path, files.read(path));
  const folder = dirname(path);
  for (const id of imports) {
    const next = fileBeside(folder, id, files.exists);
    if (next !== undefined) await settle(next, files, loader, seen);
  }
  if (awaits) await loader.load(path, true).done;
}
