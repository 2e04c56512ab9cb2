import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../errors';
import { writeAtomically } from '../files';
import type { Grade } from './gradeSubmission';
import { fileName } from './names';

/** A grade as it is kept, with the key of what it was made of. */
interface Kept {
  readonly key: string;
  readonly grade: Grade;
}

const folderOf = (out: string) => join(out, 'students');

/** Keeps a grade in `students` of a folder, atomically. */
export function keepGrade(out: string, grade: Grade, key: string): void {
  const kept: Kept = { key, grade };
  writeAtomically(join(folderOf(out), `${fileName(grade.student)}.json`), JSON.stringify(kept));
}

/** The student's grade, if one is kept there that was made of the same. */
export function keptGrade(out: string, student: string, key: string): Grade | undefined {
  const file = join(folderOf(out), `${fileName(student)}.json`);
  if (!existsSync(file)) return undefined;
  const kept = read(file);
  return kept.key === key ? kept.grade : undefined;
}

/**
 * All that are kept in a folder.
 *
 * @throws InputError when there are none
 */
export function keptGrades(out: string): Kept[] {
  const folder = folderOf(out);
  const files = existsSync(folder) ? readdirSync(folder).filter((f) => f.endsWith('.json')) : [];
  if (files.length === 0) {
    throw new InputError(`grade: ${out} holds no grades; name a folder that npm run grade wrote`);
  }
  return files.map((file) => read(join(folder, file)));
}

function read(file: string): Kept {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Kept;
  } catch {
    throw new InputError(`grade: ${file} is no kept grade; delete it to have it made anew`);
  }
}
