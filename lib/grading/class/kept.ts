import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { InputError } from '../../errors';
import { writeAtomically } from '../../files';
import { readSealed, recordOf, sealed } from '../../saved';
import type { Grade } from '../judge/grade';
import { fileName } from '../marks/fileName';

/** A grade as it is kept, with the key of what it was made of. */
interface Kept {
  readonly key: string;
  readonly grade: Grade;
}

const folderOf = (out: string) => join(out, 'students');

/**
 * Keeps a grade in `students` of a folder, atomically.
 *
 * @throws InputError when it cannot be written, on a full disk say
 */
export function keepGrade(out: string, grade: Grade, key: string): void {
  const kept: Kept = { key, grade };
  writeAtomically(join(folderOf(out), `${fileName(grade.student)}.json`), sealed(kept));
}

/** Whether any grade of the student is kept there. */
export function isKept(out: string, student: string): boolean {
  return existsSync(join(folderOf(out), `${fileName(student)}.json`));
}

/**
 * The student's grade, if one is kept there that was made of the same.
 *
 * @param key of what it is to be made of; any will do where none is given
 * @throws InputError when it is damaged
 */
export function keptGrade(out: string, student: string, key?: string): Grade | undefined {
  const file = join(folderOf(out), `${fileName(student)}.json`);
  if (!existsSync(file)) return undefined;
  const kept = read(file);
  return key === undefined || kept.key === key ? kept.grade : undefined;
}

/**
 * All that are kept in a folder; none where the share of a machine was empty.
 *
 * @throws InputError when nothing was graded there, or one is damaged
 */
export function keptGrades(out: string): Kept[] {
  const folder = folderOf(out);
  if (!existsSync(folder)) {
    throw new InputError(`grade: ${out} holds no grades; name a folder that npm run grade wrote`);
  }
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  return files.map((file) => read(join(folder, file)));
}

/**
 * Makes the folder for grades.
 *
 * @throws Error of the file system when it cannot be made
 */
export function openKept(out: string): void {
  mkdirSync(folderOf(out), { recursive: true });
}

const texts = v.array(v.string());
const FINDING = v.looseObject({
  what: v.string(),
  verdict: v.picklist(['holds', 'fails', 'not answered']),
  hint: v.optional(v.string()),
});
const VERDICT = v.looseObject({
  id: v.string(),
  task: v.string(),
  points: v.number(),
  earned: v.number(),
  reason: v.optional(v.string()),
  note: v.optional(v.string()),
  findings: v.array(FINDING),
});
const TRACE = v.looseObject({ id: v.string(), began: texts, ended: texts, ownSeeds: v.boolean() });
const NOTEBOOK = v.looseObject({
  file: v.string(),
  errors: recordOf(v.string()),
  outputs: recordOf(texts),
  remarks: v.optional(texts),
  unreadable: v.optional(v.string()),
  tasks: v.optional(texts),
  traces: v.optional(v.array(TRACE)),
  size: v.optional(v.string()),
  stopped: v.optional(v.string()),
});
const WRITTEN = v.object({
  id: v.string(),
  task: v.string(),
  points: v.number(),
  text: v.string(),
});
const KEPT = v.strictObject({
  key: v.string(),
  grade: v.looseObject({
    student: v.string(),
    time: v.number(),
    notes: v.optional(texts),
    earned: v.number(),
    most: v.number(),
    verdicts: v.array(VERDICT),
    written: v.array(WRITTEN),
    notebooks: v.array(NOTEBOOK),
  }),
});

function read(file: string): Kept {
  const told = {
    file: `grade: ${file}`,
    what: 'kept grade',
    remedy: 'delete it, and the same command grades this student anew',
  };
  return readSealed(readFileSync(file, 'utf8'), KEPT, told) as Kept;
}
