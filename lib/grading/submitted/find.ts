import { existsSync, lstatSync, readdirSync, realpathSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { InputError } from '../../errors';
import { shortPath } from '../../root';
import { filesOfStudent, kindOf } from './folder';
import { goesAlong, isArchive, isNotebook, isPart, leftOutArchive, withoutEnding } from './kinds';
import { type Submission, submissionOf } from './submission';

/** Submissions, and what had to be decided on the way, in sentences. */
export interface Found {
  readonly submissions: readonly Submission[];
  readonly notes: readonly string[];
}

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
  const { files, folders } = entriesOf(path, notes);
  const notebooks = files.filter(isNotebook);
  const ofClass = folders.some((folder) => folder.files.some(isNotebook));
  if (notebooks.length > 0 && notebooks.every(isPart) && !ofClass) {
    const own = filesOfStudent(path);
    return [submissionOf(basename(path), own.files, own.notes)];
  }
  // Whose they are is clear where there is but one.
  const alone = notebooks.length === 1 && folders.length === 0;
  const along = files.filter((name) => alone && !isNotebook(name) && goesAlong(name));
  for (const name of files.filter((name) => !isNotebook(name) && !along.includes(name))) {
    notes.push(isArchive(name) ? leftOutArchive(name) : leftOut(name));
  }
  for (const name of notebooks.filter(isPart)) {
    notes.push(`${name} does not say whose it is, beside others: it is taken for a student's name`);
  }
  if (notebooks.length === 0 && !ofClass) return [];
  return [
    ...notebooks.map((name) => {
      const own = [name, ...along].map((file) => join(path, file));
      return { ...submissionOf(withoutEnding(name), own), saved: [] };
    }),
    ...folders.map((folder) => submissionOf(folder.student, folder.files, folder.notes)),
  ];
}

/** Files by their names, and folders as those of students; what is hidden or unreadable is told of. */
function entriesOf(path: string, notes: string[]) {
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
  const folders = entries.filter(({ kind }) => kind === 'folder');
  return {
    files: entries.filter(({ kind }) => kind === 'file').map(({ name }) => name),
    folders: folders.map(({ name }) => ({ student: name, ...filesOfStudent(join(path, name)) })),
  };
}

/** @throws InputError on a file that is no notebook, and what to do about it */
function requireNotebook(path: string): void {
  if (isNotebook(path)) return;
  const remedy = isArchive(path)
    ? 'is an archive: unpack it, and name the folder'
    : 'is no notebook (.ipynb): name notebooks, or the folder that holds them';
  throw new InputError(`grade: ${shortPath(path)} ${remedy}`);
}

const leftOut = (name: string) =>
  `${name} is no notebook of one student (.ipynb), nor in a student's folder, and is left out`;
