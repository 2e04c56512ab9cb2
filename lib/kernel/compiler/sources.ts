import ts from 'typescript';
import { stampOf } from '../stamp';

/** Texts in memory, which change from cell to cell, and the files of the disk, which are read once. */
export interface Sources {
  /** Puts a text in the place of a file. */
  write(path: string, text: string): void;
  exists(path: string): boolean;
  /** What changes when the text does; empty where it never does. */
  version(path: string): string;
  text(path: string): string | undefined;
  parsed(
    path: string,
    how: ts.ScriptTarget | ts.CreateSourceFileOptions,
  ): ts.SourceFile | undefined;
  /** Has what was not found looked for again. */
  forget(): void;
}

interface Source {
  readonly file: ts.SourceFile;
  readonly version: string;
}

/** The files of packages, for all folders. */
const packages = new Map<string, Source>();

/** The files of packages that were read. */
export function packageFiles(): string[] {
  return [...packages.keys()];
}

/** @param documented whether what is said of the declarations of packages is kept with them */
export function newSources(cwd: string, documented: boolean): Sources {
  const texts = new Map<string, string>();
  const versions = new Map<string, number>();
  const parsed = new Map<string, Source>();
  /** Whether there is a file of a package. */
  const packaged = new Map<string, boolean>();
  // Packages do not change while a kernel runs; files beside the notebook do. A package of the same
  // workspace is where it is made, in no node_modules.
  const isPackaged = (path: string) =>
    path.includes('/node_modules/') || (/\.d\.[cm]?ts$/.test(path) && !path.startsWith(`${cwd}/`));
  const version = (path: string) => {
    if (texts.has(path)) return `v${versions.get(path)}`;
    return isPackaged(path) ? '' : stampOf(path);
  };
  const text = (path: string) => {
    const known = texts.get(path) ?? (isPackaged(path) ? packages.get(path)?.file.text : undefined);
    return known ?? ts.sys.readFile(path);
  };
  return {
    write(path, text) {
      if (texts.get(path) === text) return;
      texts.set(path, text);
      versions.set(path, (versions.get(path) ?? 0) + 1);
    },
    exists(path) {
      if (texts.has(path)) return true;
      if (!isPackaged(path)) return ts.sys.fileExists(path);
      const known = packaged.get(path) ?? ts.sys.fileExists(path);
      packaged.set(path, known);
      return known;
    },
    version,
    text,
    parsed(path, how) {
      const now = version(path);
      const isOfPackage = now === '';
      const files = isOfPackage ? packages : parsed;
      const known = files.get(path);
      if (known?.version === now) return known.file;
      const source = text(path);
      if (source === undefined) return undefined;
      const file = ts.createSourceFile(
        path,
        source,
        isOfPackage && !documented ? brief(how) : how,
        true,
      );
      files.set(path, { file: Object.assign(file, { version: now }), version: now });
      return file;
    },
    forget: () => packaged.clear(),
  };
}

type How = Parameters<Sources['parsed']>[1];

/** Has comments left out. */
function brief(how: How): ts.CreateSourceFileOptions {
  const options = typeof how === 'object' ? how : { languageVersion: how };
  return { ...options, jsDocParsingMode: ts.JSDocParsingMode.ParseNone };
}
