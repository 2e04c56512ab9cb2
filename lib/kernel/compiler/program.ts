import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { CONDITION } from '../given';
import { LIBS } from './libs';
import { newSources, type Sources } from './sources';

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
  customConditions: [CONDITION],
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

/** Where the imports of packages lead, for all programs. */
const resolutions = ts.createModuleResolutionCache('/', (name) => name, OPTIONS);

/** What a cell is most likely to use of Node; what they need in their turn is not asked for. */
const FEW = ['console.d.ts', 'timers.d.ts'];
let isNodeOut = false;

/** Leaves most of Node's declarations out, which are three quarters of all. */
export function leaveOutNode(): void {
  isNodeOut = true;
}

/** Whether a question may take declarations that are not there. */
export const isNodeLeftOut = () => isNodeOut;

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
  const sources = newSources(cwd, !isNodeOut);
  if (isNodeOut) writeFewOfNode(options.typeRoots, sources);
  const host = compilerHost(cwd, options, sources);
  const ofEditor = serviceHost(rootNames, options, sources, host);
  let last: ts.Program | undefined;
  let service: ts.LanguageService | undefined;
  const now = () => {
    last = ts.createProgram({ rootNames, options, host, ...(last && { oldProgram: last }) });
    return last;
  };
  return {
    write: sources.write,
    now,
    service() {
      service ??= ts.createLanguageService(ofEditor, sharedRegistry(sources.parsed));
      return service;
    },
    forget() {
      resolutions.clear();
      sources.forget();
    },
    rest() {
      service = undefined;
      now();
    },
  };
}

/** The files that a program is made of. */
function compilerHost(
  cwd: string,
  options: ts.CompilerOptions,
  sources: Sources,
): ts.CompilerHost & Pick<Required<ts.CompilerHost>, 'resolveModuleNameLiterals'> {
  const host: ReturnType<typeof compilerHost> = {
    ...ts.createCompilerHost(options),
    getCurrentDirectory: () => cwd,
    fileExists: sources.exists,
    readFile: sources.text,
    getSourceFile: sources.parsed,
    getModuleResolutionCache: () => resolutions,
    // As TypeScript has it of itself, but with what was found for the program before.
    resolveModuleNameLiterals: (names, from, redirected, to, file) =>
      names.map((name) => {
        const mode = ts.getModeForUsageLocation(file, name, to);
        return ts.resolveModuleName(name.text, from, to, host, resolutions, redirected, mode);
      }),
  };
  return host;
}

/** The same files, as TypeScript asks for them when it answers an editor. */
function serviceHost(
  rootNames: readonly string[],
  options: ts.CompilerOptions,
  sources: Sources,
  host: ReturnType<typeof compilerHost>,
): ts.LanguageServiceHost {
  return {
    getCompilationSettings: () => options,
    getScriptFileNames: () => [...rootNames],
    getScriptVersion: sources.version,
    getScriptSnapshot: (path) => {
      const text = sources.text(path);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: host.getCurrentDirectory,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    resolveModuleNameLiterals: host.resolveModuleNameLiterals,
    fileExists: sources.exists,
    readFile: sources.text,
    readDirectory: ts.sys.readDirectory,
    directoryExists: ts.sys.directoryExists,
    getDirectories: ts.sys.getDirectories,
    // Otherwise it takes folders of large letters for others than the programs do, whose files it shares.
    useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
  };
}

/** Puts a few of Node's declarations in the place of all. */
function writeFewOfNode(typeRoots: readonly string[], { write }: Sources): void {
  const node = typeRoots.map((root) => join(root, 'node', 'index.d.ts')).find(existsSync);
  if (node === undefined) return;
  write(realpathSync(node), FEW.map((name) => `/// <reference path="${name}" />`).join('\n'));
}

/** A registry that hands out the parsed files of the programs, so that none is held twice. */
function sharedRegistry(parsed: Sources['parsed']): ts.DocumentRegistry {
  const key = 'notebook' as ts.DocumentRegistryBucketKey;
  const acquire = (path: string) => parsed(path, TARGET)!;
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
