import { existsSync, lstatSync, readdirSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { InputError } from '../errors';

/** What one student handed in. */
export interface Submission {
  readonly student: string;
  readonly notebooks: readonly string[];
  /** When the latest of them was changed, in milliseconds. */
  readonly time: number;
}

/** Submissions, and what had to be decided on the way, in sentences. */
export interface Found {
  readonly submissions: readonly Submission[];
  readonly notes: readonly string[];
}

const MOST_BYTES = 50e6;

/**
 * Finds submissions: a notebook is its student's by the file's name; a folder of `part-….ipynb` by
 * the folder's; in any other folder each subfolder and each notebook is a student. Of two of one
 * student the latest counts. Links are not followed.
 *
 * @throws InputError when a path is not there, or holds no notebook
 */
export function findSubmissions(paths: readonly string[]): Found {
  const notes: string[] = [];
  const byStudent = new Map<string, Submission>();
  for (const path of paths.map((one) => resolve(one))) {
    if (!existsSync(path)) throw new InputError(`grade: ${path} is not there; check the path`);
    const found = submissionsIn(path, notes);
    if (found.length === 0) throw new InputError(`grade: there is no notebook in ${path}`);
    for (const submission of found) {
      const other = byStudent.get(submission.student);
      if (other) notes.push(`${submission.student} handed in twice: the latest counts`);
      if (!other || submission.time >= other.time) byStudent.set(submission.student, submission);
    }
  }
  const submissions = [...byStudent.values()].sort((a, b) => (a.student < b.student ? -1 : 1));
  return { submissions, notes };
}

function submissionsIn(path: string, notes: string[]): Submission[] {
  if (!lstatSync(path).isDirectory()) return one(basename(path, '.ipynb'), [path], notes);
  const entries = readdirSync(path).filter((name) => !name.startsWith('.'));
  const notebooks = entries.filter((name) => name.endsWith('.ipynb'));
  if (notebooks.some((name) => /^part-/.test(name))) {
    return one(basename(path), notebooksBelow(path), notes);
  }
  const files = notebooks.flatMap((name) =>
    one(basename(name, '.ipynb'), [join(path, name)], notes),
  );
  const folders = entries
    .map((name) => join(path, name))
    .filter((entry) => lstatSync(entry).isDirectory())
    .flatMap((entry) => one(basename(entry), notebooksBelow(entry), notes));
  return [...files, ...folders];
}

function one(student: string, files: readonly string[], notes: string[]): Submission[] {
  const notebooks = files.filter((file) => {
    const status = lstatSync(file);
    const why = !status.isFile()
      ? 'is a link or no file'
      : status.size > MOST_BYTES
        ? `has ${(status.size / 1e6).toFixed(0)} MB, at most 50 are read`
        : undefined;
    if (why) notes.push(`${student}: ${basename(file)} ${why}, and is left out`);
    return why === undefined;
  });
  if (files.length === 0) return [];
  return [
    { student, notebooks, time: Math.max(0, ...notebooks.map((file) => statSync(file).mtimeMs)) },
  ];
}

function notebooksBelow(folder: string, depth = 0): string[] {
  if (depth > 3) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !entry.name.startsWith('.'))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return notebooksBelow(path, depth + 1);
      return entry.name.endsWith('.ipynb') ? [path] : [];
    });
}
