import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../../errors';
import { writeAtomically } from '../../files';
import type { Grade, Written } from '../judge/grade';

/** What a person gives an answer in words. */
export interface Mark {
  /** Missing until it is read. */
  readonly points?: number;
  readonly comment: string;
  /** Of the text that was read, so that it is not taken for another's. */
  readonly digest?: string;
  /** When a person gave it (ISO 8601). */
  readonly time?: string;
}

/** A mark as it counts for what is handed in now. */
export interface Given {
  readonly points?: number;
  readonly comment: string;
  /** What an earlier text was given; this one is to be read. */
  readonly earlier?: number;
}

type Answer = Pick<Written, 'id' | 'text' | 'points'>;

/** The marks of a class: by student, by the answer's id. */
export type Marks = Readonly<Record<string, Readonly<Record<string, Mark>>>>;

const fileOf = (out: string) => join(out, 'marks.json');

/** @throws InputError when the file is there and holds no marks */
export function readMarks(out: string): Marks {
  const file = fileOf(out);
  if (!existsSync(file)) return {};
  const marks = parse(readFileSync(file, 'utf8'));
  const isMark = (mark: unknown) =>
    isRecord(mark) &&
    typeof mark.comment === 'string' &&
    ['undefined', 'number'].includes(typeof mark.points) &&
    ['undefined', 'string'].includes(typeof mark.digest) &&
    ['undefined', 'string'].includes(typeof mark.time);
  const ofStudents = isRecord(marks) ? Object.values(marks) : [undefined];
  if (!ofStudents.every((one) => isRecord(one) && Object.values(one).every(isMark))) {
    throw new InputError(`grade: ${file} holds no marks; restore it, or move it away`);
  }
  return marks as Marks;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Nothing where the text is no JSON. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Keeps marks of a student beside those that there are, atomically, for the file's owner alone to read.
 *
 * @throws InputError when those that there are cannot be read, or the file cannot be written
 */
export function saveMarks(out: string, student: string, marks: Marks[string]): void {
  const all = readMarks(out);
  const merged = Object.entries({ ...all, [student]: { ...marksOf(all, student), ...marks } });
  // Object.fromEntries defines, so that a student may be called __proto__.
  const text = JSON.stringify(Object.fromEntries(merged), null, 1);
  writeAtomically(fileOf(out), `${text}\n`, 0o600);
}

/** A mark that a person gives now, in place of the one before: with the time, unless it is the same. */
export function dated(mark: Mark, before?: Mark): Mark {
  const { points, comment, digest } = before ?? { ...mark, points: undefined, comment: '' };
  const isSame = mark.points === points && mark.comment === comment && mark.digest === digest;
  return isSame ? (before ?? mark) : { ...mark, time: new Date().toISOString() };
}

/**
 * Keeps in `out` what is marked there and in the folders. Of two marks of one answer the later counts;
 * where no time is known, that in `out`, then that in the last folder.
 */
export function mergeMarks(out: string, folders: readonly string[]): void {
  const all = [...folders].reverse().map(readMarks);
  for (const [student, given] of all.flatMap((marks) => Object.entries(marks))) {
    const kept = marksOf(readMarks(out), student);
    const later = Object.entries(given).filter(([id, { time = '' }]) => {
      const own = Object.hasOwn(kept, id) ? kept[id] : undefined;
      return own === undefined || time > (own.time ?? '');
    });
    saveMarks(out, student, Object.fromEntries(later));
  }
}

/** A student's marks by the answer's id, whatever a student is called. */
export function marksOf(marks: Marks, student: string): Marks[string] {
  return Object.hasOwn(marks, student) ? marks[student]! : {};
}

/** The mark of one answer, if there is one; no more than the answer is worth counts. */
export function markOf(marks: Marks, student: string, answer: Answer): Given | undefined {
  const { id, text, points: most } = answer;
  const ofStudent = marksOf(marks, student);
  const mark = Object.hasOwn(ofStudent, id) ? ofStudent[id]! : undefined;
  if (mark?.points === undefined) return mark;
  const points = Math.min(mark.points, most);
  if (mark.digest === undefined || mark.digest === digestOf(text)) return { ...mark, points };
  return { comment: mark.comment, earlier: points };
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/**
 * What a person typed: points from 0 to the answer's worth, or nothing where it is not read yet.
 *
 * @throws InputError on other points
 */
export function readMark(
  typed: string,
  comment: string,
  { task, points: most, text }: Pick<Written, 'task' | 'points' | 'text'>,
): Mark {
  const digest = digestOf(text);
  const points = readPoints(typed, most, `Task ${task}`);
  return { ...(points !== undefined && { points }), comment, digest };
}

/**
 * Points as a person types them: digits, and a point or comma; nothing where nothing is typed.
 *
 * @param of what they are for
 * @throws InputError on anything else, or more than there are
 */
export function readPoints(typed: string, most: number, of: string): number | undefined {
  const number = typed.trim().replace(',', '.');
  if (number === '') return undefined;
  const points = /^(\d+\.?\d*|\.\d+)$/.test(number) ? Number(number) : Number.NaN;
  if (points <= most) return points;
  throw new InputError(`points for ${of} must be from 0 to ${most}, got ${typed.trim()}`);
}

/** Automatic points and those given by reading, together. */
export interface Total {
  readonly words: number;
  readonly total: number;
  readonly most: number;
  /** Answers that nobody has given points yet; one that is empty needs none. */
  readonly unread: number;
}

/** What a student has in all, in points to hundredths. */
export function totalOf({ student, earned, most, written }: Grade, marks: Marks): Total {
  const given = written.map((answer) => {
    const points = markOf(marks, student, answer)?.points;
    return answer.text === '' ? (points ?? 0) : points;
  });
  const words = given.reduce<number>((sum, points) => sum + (points ?? 0), 0);
  const round = (points: number) => Math.round(100 * points) / 100;
  return {
    words: round(words),
    total: round(earned + words),
    most: round(most + written.reduce((sum, { points }) => sum + points, 0)),
    unread: given.filter((points) => points === undefined).length,
  };
}
