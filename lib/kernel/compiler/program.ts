import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { stampOf } from '../stamp';
import { LIBS } from './libs';

/**
 * TypeScript over a few texts in memory, which change from cell to cell, and the files of the disk,
 * which are read once. Everything here is TypeScript's public API.
 */
export interface Programs {
  /** Puts a text in the place of a file. */
  write(path: string, text: string): void;
  /** The program of the roots and all that they import, as they are now. */
  now(): ts.Program;
  /** What an editor asks of the roots, as they are now. */
  service(): ts.LanguageService;
  /** Has what was not found looked for again. */
  forget(): void;
  /** Lets go of all types, and keeps what files there are and where their imports lead. */
  rest(): void;
}

/** `using`, decorators and the like are brought down to what Node 20 runs. */
export const TARGET = ts.ScriptTarget.ES2024;

const OPTIONS: ts.CompilerOptions = {
  target: TARGET,
  lib: [...LIBS],
  module: ts.ModuleKind.Preserve,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  moduleDetection: ts.ModuleDetectionKind.Force,
  allowImportingTsExtensions: true,
  allowJs: true,
  resolveJsonModule: true,
  preserveConstEnums: true,
  esModuleInterop: true,
  strict: false,
  types: ['node'],
  skipLibCheck: true,
  declaration: true,
  sourceMap: true,
  newLine: ts.NewLineKind.LineFeed,
};

/** A cell, and a file that it imports, may await, which is a matter of modules. */
export function asModule(file: ts.SourceFile): void {
  (file as { externalModuleIndicator?: unknown }).externalModuleIndicator ??= true;
}

/** The files of packages and where their imports lead, for all programs. */
const packages = new Map<string, Source>();
const resolutions = ts.createModuleResolutionCache('/', (name) => name, OPTIONS);

/** What a cell is most likely to use of Node; what they need in their turn is not asked for. */
const FEW = ['console.d.ts', 'timers.d.ts'];
let isNodeOut = false;

/** Leaves most of Node's declarations out, which are three quarters of all. */
export function leaveOutNode(): void {
  isNodeOut = true;
}

/** The files of packages that were read. */
export function packageFiles(): string[] {
  return [...packages.keys()];
}

const made = new Map<string, Programs>();

/**
 * The programs of a folder, for one compiler at a time.
 *
 * @param rootNames the same for all programs, or none could be taken over for the next
 */
export function programsIn(cwd: string, rootNames: readonly string[]): Programs {
  const programs = made.get(cwd) ?? createPrograms(cwd, rootNames);
  made.set(cwd, programs);
  return programs;
}

function createPrograms(cwd: string, rootNames: readonly string[]): Programs {
  const options = { ...OPTIONS, typeRoots: typeRootsOf(cwd) };
  const texts = new Map<string, string>();
  const versions = new Map<string, number>();
  const sources = new Map<string, Source>();
  const base = ts.createCompilerHost(options);
  // Packages do not change while a kernel runs; files beside the notebook do. A package of the same
  // workspace is where it is made, in no node_modules.
  const isPackaged = (path: string) =>
    path.includes('/node_modules/') || (/\.d\.[cm]?ts$/.test(path) && !path.startsWith(`${cwd}/`));
  const packaged = new Map<string, boolean>();
  const fileExists = (path: string) => {
    if (texts.has(path)) return true;
    if (!isPackaged(path)) return ts.sys.fileExists(path);
    const known = packaged.get(path) ?? ts.sys.fileExists(path);
    packaged.set(path, known);
    return known;
  };
  const versionOf = (path: string) => {
    if (texts.has(path)) return `v${versions.get(path)}`;
    return isPackaged(path) ? '' : stampOf(path);
  };
  const sourceOf = (path: string, how: ts.ScriptTarget | ts.CreateSourceFileOptions) => {
    const version = versionOf(path);
    const files = version === '' ? packages : sources;
    const known = files.get(path);
    if (known?.version === version) return known.file;
    const text = texts.get(path) ?? ts.sys.readFile(path);
    if (text === undefined) return undefined;
    const file = Object.assign(ts.createSourceFile(path, text, how, true), { version });
    files.set(path, { file, version });
    return file;
  };
  // As TypeScript has it of itself, but with what was found for the program before.
  const resolveModuleNameLiterals: ts.CompilerHost['resolveModuleNameLiterals'] = (
    names,
    from,
    redirected,
    to,
    file,
  ) =>
    names.map((name) => {
      const mode = ts.getModeForUsageLocation(file, name, to);
      return ts.resolveModuleName(name.text, from, to, host, resolutions, redirected, mode);
    });
  const host: ts.CompilerHost = {
    ...base,
    getCurrentDirectory: () => cwd,
    fileExists,
    readFile: (path) => texts.get(path) ?? ts.sys.readFile(path),
    getSourceFile: sourceOf,
    getModuleResolutionCache: () => resolutions,
    resolveModuleNameLiterals,
  };
  const node = options.typeRoots.map((root) => join(root, 'node', 'index.d.ts')).find(existsSync);
  if (isNodeOut && node) {
    texts.set(realpathSync(node), FEW.map((name) => `/// <reference path="${name}" />`).join('\n'));
  }
  let last: ts.Program | undefined;
  let service: ts.LanguageService | undefined;
  const serviceHost: ts.LanguageServiceHost = {
    getCompilationSettings: () => options,
    getScriptFileNames: () => [...rootNames],
    getScriptVersion: versionOf,
    getScriptSnapshot: (path) => {
      const known =
        texts.get(path) ?? (isPackaged(path) ? packages.get(path)?.file.text : undefined);
      const text = known ?? ts.sys.readFile(path);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => cwd,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    resolveModuleNameLiterals,
    fileExists,
    readFile: host.readFile,
    readDirectory: ts.sys.readDirectory,
    directoryExists: ts.sys.directoryExists,
    getDirectories: ts.sys.getDirectories,
  };
  const now = () => {
    last = ts.createProgram({ rootNames, options, host, ...(last && { oldProgram: last }) });
    return last;
  };
  return {
    write(path, text) {
      if (texts.get(path) === text) return;
      texts.set(path, text);
      versions.set(path, (versions.get(path) ?? 0) + 1);
    },
    now,
    service() {
      service ??= ts.createLanguageService(serviceHost, sharedRegistry(sourceOf));
      return service;
    },
    forget() {
      resolutions.clear();
      packaged.clear();
    },
    rest() {
      service = undefined;
      now();
    },
  };
}

interface Source {
  readonly file: ts.SourceFile;
  readonly version: string;
}

/** A registry that hands out the parsed files of the programs, so that none is held twice. */
function sharedRegistry(
  sourceOf: (path: string, how: ts.ScriptTarget) => ts.SourceFile | undefined,
): ts.DocumentRegistry {
  const key = 'notebook' as ts.DocumentRegistryBucketKey;
  const acquire = (path: string) => sourceOf(path, TARGET)!;
  return {
    acquireDocument: acquire,
    acquireDocumentWithKey: acquire,
    updateDocument: acquire,
    updateDocumentWithKey: acquire,
    getKeyForCompilationSettings: () => key,
    releaseDocument: () => undefined,
    releaseDocumentWithKey: () => undefined,
    reportStats: () => '{}',
  };
}

/** The folders of `@types` above the working directory, and those of this package. */
function typeRootsOf(cwd: string): string[] {
  const roots: string[] = [];
  for (const start of [cwd, __dirname]) {
    for (let at = start; ; at = dirname(at)) {
      const root = join(at, 'node_modules', '@types');
      if (existsSync(root) && !roots.includes(root)) roots.push(root);
      if (dirname(at) === at) break;
    }
  }
  return roots;
}
