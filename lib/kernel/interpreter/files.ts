import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stampOf } from '../stamp';
import { isFile } from './fileBeside';

/** The files of a notebook's folder, some of which have a text of a cell's in their place. */
export interface Files {
  exists(path: string): boolean;
  read(path: string): string;
  /** What changes when the file does. */
  stamp(path: string): string;
  /** Puts a text in the place of a file, by its name in the folder. */
  put(name: string, text: string): void;
}

export function newFiles(cwd: string): Files {
  const texts = new Map<string, { readonly text: string; readonly stamp: string }>();
  let puts = 0;
  return {
    exists: (path) => texts.has(path) || isFile(path),
    // Windows' editors begin a file with a mark of the order of its bytes.
    read: (path) => texts.get(path)?.text ?? readFileSync(path, 'utf8').replace(/^\uFEFF/, ''),
    stamp: (path) => texts.get(path)?.stamp ?? stampOf(path),
    put(name, text) {
      texts.set(join(cwd, name), { text, stamp: `cell ${++puts}` });
    },
  };
}
