import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { InputError } from '../../errors';
import { writeAtomically } from '../../files';
import type { GradingOptions } from '../judge/gradeNotebook';
import type { Opened } from '../judge/gradeSubmission';
import type { Asked } from '../judge/questions';
import { fileName } from '../marks/fileName';
import type { Submission } from '../submitted/submission';

/** All that a submission is judged by, as it was left when it was carried out. */
export interface KeptEvidence {
  readonly submission: Submission;
  /** Of what was handed in. */
  readonly keyOfFiles: string;
  /** With which it was carried out. */
  readonly options: GradingOptions;
  readonly opened: readonly Opened[];
  /** What the checks asked, by the notebooks. */
  readonly asked: readonly Asked[];
}

/** Characters of a student that are kept: what an honest one leaves is a tenth of it. */
const MOST_KEPT = 150e6;
/** JSON escapes a character in six at the most. */
const MOST_UNPACKED = 6 * MOST_KEPT;

const fileOf = (out: string, student: string) =>
  join(out, 'evidence', `${fileName(student)}.json.gz`);

/**
 * Keeps the evidence of a student in a folder of grades, atomically; none where it is larger than any
 * honest one.
 *
 * @throws InputError when it cannot be written, on a full disk say
 */
export function keepEvidence(out: string, evidence: KeptEvidence): void {
  const file = fileOf(out, evidence.submission.student);
  const length = evidence.opened
    .flatMap(({ run }) => run?.messages ?? [])
    .reduce((sum, message) => sum + sizeOf(message), 0);
  if (length > MOST_KEPT) {
    dropEvidence(out, evidence.submission.student);
    return;
  }
  // The outputs that it was handed in with are of no account.
  const opened = evidence.opened.map(({ notebook, ...rest }) => {
    const cells = notebook?.cells.map(({ outputs: _, ...cell }) => cell);
    return { ...rest, ...(cells && { notebook: { ...notebook, cells } }) };
  });
  const text = JSON.stringify({ ...evidence, opened });
  writeAtomically(file, gzipSync(text, { level: 1 }));
}

const sizeOf = (message: object) =>
  Object.values(message).reduce((sum, value) => sum + String(value).length, 0);

/**
 * The evidence of a student, if it is kept.
 *
 * @throws InputError when its file is damaged
 */
export function keptEvidence(out: string, student: string): KeptEvidence | undefined {
  const file = fileOf(out, student);
  if (!existsSync(file)) return undefined;
  try {
    const text = gunzipSync(readFileSync(file), { maxOutputLength: MOST_UNPACKED });
    const evidence = JSON.parse(text.toString()) as KeptEvidence;
    if (evidence.submission.student === student && Array.isArray(evidence.opened)) return evidence;
  } catch {
    // Told below.
  }
  throw new InputError(`grade: ${file} is damaged; delete it, and grade this student anew`);
}

/** Copies the evidence of a student from one folder of grades into another; none stays where there is none. */
export function copyEvidence(from: string, out: string, student: string): void {
  const file = fileOf(from, student);
  if (existsSync(file)) writeAtomically(fileOf(out, student), readFileSync(file));
  else dropEvidence(out, student);
}

/** Nothing stays of a submission of before: judged again, it would give the points of that. */
export function dropEvidence(out: string, student: string): void {
  rmSync(fileOf(out, student), { force: true });
}
