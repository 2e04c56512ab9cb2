import { type Dirent, existsSync, lstatSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { InputError } from '../../errors';
import { shortPath } from '../../root';
import { printable } from '../../text';
import { goesAlong } from './beside';

/** What one student handed in. */
export interface Submission {
  readonly student: string;
  readonly notebooks: readonly string[];
  /** Weights and grids in the folder of the student. */
  readonly saved: readonly string[];
  /** What lies in its folders besides and goes along with its notebooks. */
  readonly beside: readonly string[];
  /** What of it was left out, and why, in sentences. */
  readonly notes: readonly string[];
  /** When the latest of them was changed, in milliseconds. */
  readonly time: number;
}

/** Submissions, and what had to be decided on the way, in sentences. */
export interface Found {
  readonly submissions: readonly Submission[];
  readonly notes: readonly string[];
}

const MOST_BYTES = 50e6;
const MOST_SAVED_BYTES = 150e6;
/** A part each, and some besides. */
const MOST_NOTEBOOKS = 12;
const MOST_ENTRIES = 200;
/** Part 3.1 leaves 42. */
const MOST_SAVED = 200;
const MOST_BESIDE = 100;
const MOST_BESIDE_BYTES = 10e6;
const MOST_DEPTH = 3;
/** What JupyterLab keeps beside a notebook. */
const CHECKPOINTS = '.ipynb_checkpoints';

/**
 * Finds submissions: a notebook is its student's by the file's name; a folder of `part-….ipynb` by
 * the folder's; in any other folder each subfolder and each notebook is a student. Of two of one
 * student the latest counts. A student with a folder and no notebook in it is one, too. Links in
 * folders are not followed.
 *
 * @throws InputError when a path is not there, holds no notebook, or does not say whose it is
 */
export function findSubmissions(paths: readonly string[]): Found {
  const nameless = paths.filter((path) => /^part-.*\.ipynb$/i.test(basename(path)));
  if (nameless.length > 1) {
    throw new InputError(
      `grade: ${nameless[0]} and ${nameless.length - 1} more do not say whose they are; name the ` +
        'folders of the students, or the folder that holds them',
    );
  }
  const notes: string[] = [];
  const byStudent = new Map<string, Submission>();
  for (const path of paths.map((one) => resolve(one))) {
    if (!existsSync(path)) throw new InputError(`grade: ${path} is not there; check the path`);
    const found = submissionsIn(realpathSync(path), notes);
    if (found.length === 0) throw new InputError(`grade: there is no notebook in ${path}`);
    for (const submission of found) {
      notes.push(...submission.notes.map((note) => `${submission.student}: ${note}`));
      const other = byStudent.get(submission.student);
      const counts = other && other.time > submission.time ? other : submission;
      byStudent.set(submission.student, counts);
      if (!other) continue;
      const which = shortPath(counts.notebooks[0] ?? path);
      notes.push(`${submission.student} handed in twice: the latest counts, ${which}`);
    }
  }
  const submissions = [...byStudent.values()].sort((a, b) => (a.student < b.student ? -1 : 1));
  return { submissions, notes };
}

function submissionsIn(path: string, notes: string[]): Submission[] {
  if (!lstatSync(path).isDirectory()) {
    requireNotebook(path);
    return [submissionOf(withoutEnding(path), [path])];
  }
  const names = readdirSync(path);
  for (const name of names.filter((one) => one.startsWith('.') && one !== CHECKPOINTS)) {
    const folder = kindOf(join(path, name)) === 'folder';
    if (folder && filesOfStudent(join(path, name)).files.some(isNotebook)) {
      notes.push(`${name} begins with a dot, and is left out: name it anew`);
    }
  }
  const entries = names
    .filter((name) => !name.startsWith('.'))
    .map((name) => ({ name, kind: kindOf(join(path, name)) }));
  for (const { name } of entries.filter(({ kind }) => kind === 'unreadable')) {
    notes.push(`${name} cannot be read (is its name UTF-8?), and is left out: name it anew`);
  }
  const files = entries.filter(({ kind }) => kind === 'file').map(({ name }) => name);
  const notebooks = files.filter(isNotebook);
  const folders = entries
    .filter(({ kind }) => kind === 'folder')
    .map(({ name }) => ({ student: name, ...filesOfStudent(join(path, name)) }));
  const ofClass = folders.some((folder) => folder.files.some(isNotebook));
  if (notebooks.length > 0 && notebooks.every(isPart) && !ofClass) {
    const own = filesOfStudent(path);
    return [submissionOf(basename(path), own.files, own.notes)];
  }
  // Whose they are is clear where there is but one.
  const alone = notebooks.length === 1 && folders.length === 0;
  for (const name of files.filter((name) => !isNotebook(name) && !(alone && goesAlong(name)))) {
    notes.push(isArchive(name) ? leftOutArchive(name) : leftOut(name));
  }
  for (const name of notebooks.filter(isPart)) {
    notes.push(`${name} does not say whose it is, beside others: it is taken for a student's name`);
  }
  if (notebooks.length === 0 && !ofClass) return [];
  const along = alone ? files.filter((name) => !isNotebook(name) && goesAlong(name)) : [];
  return [
    ...notebooks.map((name) => {
      const own = [name, ...along].map((file) => join(path, file));
      return { ...submissionOf(withoutEnding(name), own), saved: [] };
    }),
    ...folders.map((folder) => submissionOf(folder.student, folder.files, folder.notes)),
  ];
}

/** @throws InputError on a file that is no notebook, and what to do about it */
function requireNotebook(path: string): void {
  if (isNotebook(path)) return;
  const remedy = isArchive(path)
    ? 'is an archive: unpack it, and name the folder'
    : 'is no notebook (.ipynb): name notebooks, or the folder that holds them';
  throw new InputError(`grade: ${shortPath(path)} ${remedy}`);
}

/** Node reads a name that is not UTF-8 as another one, under which there is nothing. */
function kindOf(path: string): 'folder' | 'file' | 'unreadable' {
  const status = lstatSync(path, { throwIfNoEntry: false });
  if (status === undefined) return 'unreadable';
  return status.isDirectory() ? 'folder' : 'file';
}

/** One folder that cannot be read does not keep the others from being graded. */
function filesOfStudent(folder: string): { files: string[]; notes: string[] } {
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

const isArchive = (file: string) => /\.(zip|tar|t?(gz|bz2|xz|zst)|7z|rar)$/i.test(file);
const leftOutArchive = (name: string) =>
  `${name} is an archive, and is left out: unpack it into a folder of the student`;
const leftOut = (name: string) =>
  `${name} is no notebook of one student (.ipynb), nor in a student's folder, and is left out`;
const isNotebook = (file: string) => /\.ipynb$/i.test(file);
const withoutEnding = (file: string) => basename(file).replace(/\.ipynb$/i, '');
const isPart = (file: string) => /^part-/i.test(file);
const isSaved = (file: string) => /\.(safetensors|json)$/.test(file);

function submissionOf(
  student: string,
  files: readonly string[],
  before: readonly string[] = [],
): Submission {
  const notes = [...before];
  const notebooks: string[] = [];
  const saved = new Map<string, string>();
  const beside: string[] = [];
  let [savedBytes, besideBytes] = [0, 0];
  for (const file of files) {
    const status = lstatSync(file, { throwIfNoEntry: false });
    const name = basename(file);
    const leaveOut = (why: string) => notes.push(`${name} ${why}, and is left out`);
    if (status === undefined) {
      leaveOut('cannot be read (is its name UTF-8?)');
      continue;
    }
    const megabytes = (status.size / 1e6).toFixed(0);
    if (!status.isFile()) leaveOut('is a link, or no regular file');
    else if (status.size > MOST_BYTES) leaveOut(`has ${megabytes} MB, at most 50 are read`);
    else if (isNotebook(file)) {
      if (notebooks.length < MOST_NOTEBOOKS) notebooks.push(file);
      else leaveOut(`comes after the first ${MOST_NOTEBOOKS} notebooks, which are read`);
    } else {
      if (isSaved(file)) {
        savedBytes += status.size;
        if (saved.size === MOST_SAVED) {
          leaveOut(
            `comes after the first ${MOST_SAVED} files of weights and grids, which are read`,
          );
        } else if (savedBytes > MOST_SAVED_BYTES) {
          leaveOut('comes after the first 150 MB of weights, which are read');
        } else saved.set(name, file);
      }
      if (!goesAlong(file)) continue;
      // It would tell Node what pathlab is.
      if (name === 'package.json')
        leaveOut('names a package, which no file beside a notebook does');
      else if (beside.length === MOST_BESIDE || besideBytes + status.size > MOST_BESIDE_BYTES) {
        leaveOut(`is one too many: ${MOST_BESIDE} files of 10 MB together go along with notebooks`);
      } else {
        besideBytes += status.size;
        beside.push(file);
      }
    }
  }
  const time = Math.max(0, ...notebooks.map((file) => statSync(file).mtimeMs));
  return {
    student: printable(student),
    notebooks,
    saved: [...saved.values()],
    beside,
    notes: notes.map(printable),
    time,
  };
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
