import { existsSync, lstatSync, readdirSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { InputError } from '../errors';

/** What one student handed in. */
export interface Submission {
  readonly student: string;
  readonly notebooks: readonly string[];
  /** Weights and grids in the folder of the student. */
  readonly saved: readonly string[];
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
  const notebooks = entries.filter(isNotebook);
  if (notebooks.some((name) => /^part-/.test(name))) {
    return folderOfOne(path, notes);
  }
  for (const name of entries.filter((entry) => /\.(zip|tar|t?gz|7z|rar)$/i.test(entry))) {
    notes.push(`${name} is an archive, and is left out: unpack it into a folder of the student`);
  }
  const files = notebooks.flatMap((name) =>
    one(basename(name, '.ipynb'), [join(path, name)], notes),
  );
  const folders = entries
    .map((name) => join(path, name))
    .filter((entry) => lstatSync(entry).isDirectory())
    .flatMap((entry) => folderOfOne(entry, notes));
  return [...files, ...folders];
}

/** One folder that cannot be read does not keep the others from being graded. */
function folderOfOne(folder: string, notes: string[]): Submission[] {
  try {
    return one(basename(folder), filesBelow(folder), notes);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    notes.push(`${basename(folder)} cannot be read, and is left out: ${reason}`);
    return [];
  }
}

const isNotebook = (file: string) => file.endsWith('.ipynb');
const isSaved = (file: string) => /\.(safetensors|json)$/.test(file);

/** The submission of a student, if there is a notebook among the files. */
function one(student: string, files: readonly string[], notes: string[]): Submission[] {
  if (!files.some(isNotebook)) return [];
  const notebooks: string[] = [];
  const saved = new Map<string, string>();
  let savedBytes = 0;
  for (const file of files) {
    const status = lstatSync(file);
    const name = basename(file);
    const leaveOut = (why: string) => notes.push(`${student}: ${name} ${why}, and is left out`);
    const megabytes = (status.size / 1e6).toFixed(0);
    if (!status.isFile()) leaveOut('is a link or no file');
    else if (status.size > MOST_BYTES) leaveOut(`has ${megabytes} MB, at most 50 are read`);
    else if (!isNotebook(file)) {
      savedBytes += status.size;
      if (savedBytes > MOST_SAVED_BYTES) leaveOut('is beyond the 150 MB of weights that are read');
      else saved.set(name, file);
    } else if (notebooks.length === MOST_NOTEBOOKS) {
      leaveOut(`is one more than the ${MOST_NOTEBOOKS} notebooks that are read`);
    } else notebooks.push(file);
  }
  const time = Math.max(0, ...notebooks.map((file) => statSync(file).mtimeMs));
  return [{ student, notebooks, saved: [...saved.values()], time }];
}

/** Notebooks, weights and grids, links among them; what is deeper than a course puts it is not seen. */
function filesBelow(folder: string, depth = 0): string[] {
  if (depth > 3) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !name.startsWith('.'))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .slice(0, MOST_ENTRIES)
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return filesBelow(path, depth + 1);
      return isNotebook(path) || isSaved(path) ? [path] : [];
    });
}
