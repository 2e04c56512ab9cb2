import { lstatSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { printable } from '../../text';
import { goesAlong, isNotebook, isSaved } from './kinds';

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
  /** When the latest of them was changed, in milliseconds since 1970. */
  readonly time: number;
  /** What a learning platform called it, or the first file of it, where all were downloaded. */
  readonly downloaded?: string;
}

const MOST_BYTES = 50e6;
/** A part each, and some besides. */
const MOST_NOTEBOOKS = 12;
/** Part 3.1 leaves 84, Part 4 some 160. */
const MOST_SAVED = 400;
const MOST_SAVED_BYTES = 150e6;
/** Figures count here, too, because they are JSON. */
const MOST_BESIDE = 400;
const MOST_BESIDE_BYTES = 10e6;

/** Takes a file, or says why not. */
type Take = (file: string, bytes: number) => string | undefined;

/**
 * What of a student's files is taken; what is not is told of.
 *
 * @param before notes that there are already
 */
export function submissionOf(
  student: string,
  files: readonly string[],
  before: readonly string[] = [],
): Submission {
  const notes = [...before];
  const [notebooks, saved, beside] = [takenNotebooks(), takenSaved(), takenBeside()];
  for (const file of files) {
    const takes = isNotebook(file) ? [notebooks.take] : [saved.take, beside.take];
    const why = whyNone(file, takes);
    notes.push(...why.map((one) => `${basename(file)} ${one}, and is left out`));
  }
  return {
    student: printable(student),
    notebooks: notebooks.files,
    saved: [...saved.files.values()],
    beside: beside.files,
    notes: notes.map(printable),
    time: Math.max(0, ...notebooks.files.map((file) => statSync(file).mtimeMs)),
  };
}

function whyNone(file: string, takes: readonly Take[]): string[] {
  const status = lstatSync(file, { throwIfNoEntry: false });
  if (status === undefined) return ['cannot be read (is its name UTF-8?)'];
  if (!status.isFile()) return ['is a link, or no regular file'];
  if (status.size > MOST_BYTES) {
    return [`has ${(status.size / 1e6).toFixed(0)} MB, at most 50 are read`];
  }
  return takes.map((take) => take(file, status.size)).filter((why) => why !== undefined);
}

function takenNotebooks() {
  const files: string[] = [];
  const take: Take = (file) => {
    if (files.length === MOST_NOTEBOOKS) {
      return `comes after the first ${MOST_NOTEBOOKS} notebooks, which are read`;
    }
    files.push(file);
    return undefined;
  };
  return { files, take };
}

/** Weights and grids, by their names. */
function takenSaved() {
  const files = new Map<string, string>();
  let all = 0;
  const take: Take = (file, bytes) => {
    if (!isSaved(file)) return undefined;
    all += bytes;
    if (files.size === MOST_SAVED) {
      return `comes after the first ${MOST_SAVED} files of weights and grids, which are read`;
    }
    if (all > MOST_SAVED_BYTES) return 'comes after the first 150 MB of weights, which are read';
    files.set(basename(file), file);
    return undefined;
  };
  return { files, take };
}

function takenBeside() {
  const files: string[] = [];
  let all = 0;
  const take: Take = (file, bytes) => {
    if (!goesAlong(file)) return undefined;
    // It would tell Node what pathlab is.
    if (basename(file) === 'package.json') {
      return 'names a package, which no file beside a notebook does';
    }
    if (files.length === MOST_BESIDE || all + bytes > MOST_BESIDE_BYTES) {
      return `is one too many: ${MOST_BESIDE} files of 10 MB together go along with notebooks`;
    }
    all += bytes;
    files.push(file);
    return undefined;
  };
  return { files, take };
}
