import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire, SourceMap, type SourceMapPayload } from 'node:module';
import { dirname, extname, isAbsolute, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { types } from 'node:util';
import vm from 'node:vm';
import ts from 'typescript-api';
import { underGuard } from './compiler/guards';
import { stampOf, TARGET } from './compiler/program';
import { META } from './compiler/scope';
import type { Script } from './failure';

type Exports = Record<string, unknown>;

/** What cells import: packages, and the files beside the notebook, TypeScript among them. */
export interface Modules {
  readonly require: NodeJS.Require;
  /** `require` with what an ES module calls its default and its namespace. */
  load(id: string, imported: string): unknown;
  /** `import(id)`. */
  loadLater(id: string): Promise<unknown>;
  /** Has files that were changed, and those that import them, loaded anew when next asked for. */
  refresh(): void;
}

interface Loaded {
  readonly module: { exports: unknown };
  readonly stamp: string;
  /** The files beside the notebook that it imports. */
  readonly imports: Set<string>;
}

const ENDINGS = ['.ts', '.mts', '.cts', '.tsx', '.js', '.mjs', '.cjs'];

/**
 * The modules of a notebook in a folder. Files of its own go through the compiler, so that an
 * interrupt ends their loops as well.
 *
 * @param scripts where the lines of compiled files are kept, for tracebacks
 */
export function createModules(cwd: string, scripts: Map<string, Script>): Modules {
  const loaded = new Map<string, Loaded>();
  const requireFrom = (folder: string, importer?: Loaded): NodeJS.Require => {
    const plain = createRequire(join(folder, '__cell__.js'));
    const own = (id: string): unknown => {
      const path = fileBeside(folder, id);
      if (path === undefined) return plain(id);
      importer?.imports.add(path);
      return loadFile(path).module.exports;
    };
    return Object.assign(own, plain);
  };
  const loadFile = (path: string): Loaded => {
    const known = loaded.get(path);
    if (known) return known;
    const source = readFileSync(path, 'utf8');
    const one: Loaded = { module: { exports: {} }, stamp: stampOf(path), imports: new Set() };
    if (extname(path) === '.json') {
      one.module.exports = JSON.parse(source);
      loaded.set(path, one);
      return one;
    }
    const { code, map } = transpile(path, source);
    const lines = new SourceMap(map);
    scripts.set(path, {
      label: relative(cwd, path),
      source,
      line(line, column) {
        const entry = lines.findEntry(line - 1, column - 1);
        return 'originalLine' in entry ? entry.originalLine + 1 : undefined;
      },
    });
    const run = vm.compileFunction(
      code,
      ['exports', 'require', 'module', '__filename', '__dirname', META],
      { filename: path, importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER },
    );
    loaded.set(path, one);
    try {
      const folder = dirname(path);
      const meta = { url: pathToFileURL(path).href, filename: path, dirname: folder };
      run(one.module.exports, requireFrom(folder, one), one.module, path, folder, meta);
    } catch (error) {
      loaded.delete(path);
      throw error;
    }
    return one;
  };
  const require = requireFrom(cwd);
  return {
    require,
    load: (id, imported) => pick(require(id), imported),
    async loadLater(id) {
      try {
        return namespaceOf(require(id));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ERR_REQUIRE_ASYNC_MODULE') throw error;
        return await import(pathToFileURL(require.resolve(id)).href);
      }
    },
    refresh() {
      const stale = new Set(
        [...loaded.keys()].filter((path) => loaded.get(path)!.stamp !== stampOf(path)),
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

/**
 * The file that a path in an import means, if it goes through the compiler. JavaScript by its whole
 * path does not: that may be a file of a package, which is not to be there twice.
 */
function fileBeside(folder: string, id: string): string | undefined {
  const isRelative = /^\.{1,2}(\/|$)/.test(id);
  if (!isRelative && !(isAbsolute(id) && /\.[cm]?tsx?$/.test(id))) return undefined;
  const path = resolve(folder, id);
  if (path.includes('/node_modules/')) return undefined;
  const ending = extname(path);
  const stem = path.slice(0, path.length - ending.length);
  // `./helper.js` may be written for a helper.ts, as TypeScript has it.
  const meant = /^\.[cm]?js$/.test(ending) ? [`${stem}${ending.replace('js', 'ts')}`] : [];
  const candidates = [
    ...meant,
    path,
    ...ENDINGS.map((one) => `${path}${one}`),
    ...ENDINGS.map((one) => join(path, `index${one}`)),
  ];
  return candidates.find((one) => [...ENDINGS, '.json'].includes(extname(one)) && isFile(one));
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}

function transpile(path: string, source: string): { code: string; map: SourceMapPayload } {
  const { outputText, sourceMapText } = ts.transpileModule(source, {
    // Not as .mjs, whose imports would stay as they are.
    fileName: path.replace(/\.[cm]([jt]s)$/, '.$1'),
    compilerOptions: {
      target: TARGET,
      module: ts.ModuleKind.CommonJS,
      esModuleInterop: true,
      allowJs: true,
      sourceMap: true,
    },
    transformers: { before: [withMeta, underGuard] },
  });
  const code = outputText.replace(/\n\/\/# sourceMappingURL=.*\n?$/, '\n');
  return { code, map: JSON.parse(sourceMapText!) as SourceMapPayload };
}

/** `import.meta` as what the file is given. */
const withMeta: ts.TransformerFactory<ts.SourceFile> = (context) => (file) => {
  const visit = (node: ts.Node): ts.Node =>
    ts.isMetaProperty(node) && node.keywordToken === ts.SyntaxKind.ImportKeyword
      ? ts.factory.createIdentifier(META)
      : ts.visitEachChild(node, visit, context);
  return ts.visitEachChild(file, visit, context);
};

function pick(module: unknown, imported: string): unknown {
  if (imported === '*') return namespaceOf(module);
  if (imported === 'default') return isModule(module) ? module.default : module;
  return (module as Exports | undefined)?.[imported];
}

/** A CommonJS module as `import * as` shows it: its properties, and itself as the default. */
function namespaceOf(module: unknown): unknown {
  if (isModule(module)) return module;
  const namespace: Exports = {};
  if ((typeof module === 'object' && module !== null) || typeof module === 'function') {
    for (const name of Object.getOwnPropertyNames(module)) {
      if (name === 'default') continue;
      Object.defineProperty(namespace, name, {
        enumerable: true,
        get: () => (module as Exports)[name],
      });
    }
  }
  return Object.assign(namespace, { default: module });
}

function isModule(module: unknown): module is Exports {
  return (
    types.isModuleNamespaceObject(module) ||
    (typeof module === 'object' && module !== null && '__esModule' in module)
  );
}
