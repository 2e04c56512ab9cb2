import { type Dirent, lstatSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { goesAlong, isArchive, isNotebook, isSaved, leftOutArchive } from './kinds';

/** As a zip of a student may hold: a lab that was carried through leaves some 280 files. */
const MOST_ENTRIES = 500;
const MOST_DEPTH = 3;

/**
 * The files in a student's folder that may be taken, notebooks first. One folder that cannot be
 * read does not keep the others from being graded.
 */
export function filesOfStudent(folder: string): { files: string[]; notes: string[] } {
  const notes: string[] = [];
  try {
    const files = filesBelow(folder, notes);
    if (!files.some(isNotebook)) notes.push('no notebook was handed in');
    return { files, notes };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { files: [], notes: [`${basename(folder)} cannot be read, and is left out: ${reason}`] };
  }
}

/** Node reads a name that is not UTF-8 as another one, under which there is nothing. */
export function kindOf(path: string): 'folder' | 'file' | 'unreadable' {
  const status = lstatSync(path, { throwIfNoEntry: false });
  if (status === undefined) return 'unreadable';
  return status.isDirectory() ? 'folder' : 'file';
}

/** Notebooks and what is taken along, links among it; what is deeper than a course puts it is not seen. */
function filesBelow(folder: string, notes: string[], depth = 0): string[] {
  const name = basename(folder);
  if (depth > MOST_DEPTH) {
    notes.push(`${name} lies too deep in folders, and is left out`);
    return [];
  }
  const entries = readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !name.startsWith('.') && name !== 'node_modules')
    .sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
  if (entries.length > MOST_ENTRIES) {
    notes.push(`${name} holds ${entries.length} entries, of which ${MOST_ENTRIES} are looked at`);
  }
  return entries.slice(0, MOST_ENTRIES).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path, notes, depth + 1);
    if (isArchive(path)) notes.push(leftOutArchive(join(name, entry.name)));
    return isNotebook(path) || isSaved(path) || goesAlong(path) ? [path] : [];
  });
}

/** Notebooks first, then folders, where there may be more. */
function rank(entry: Dirent): number {
  if (isNotebook(entry.name)) return 0;
  return entry.isDirectory() ? 1 : 2;
}
