import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'papaparse';
import * as v from 'valibot';
import { InputError } from '../../errors';
import { writeAtomically } from '../../files';
import { shortPath } from '../../root';
import { readJson, recordOf } from '../../saved';
import { printable } from '../../text';

/** Whose export a list of students is. */
export type System = 'canvas' | 'moodle' | 'csv';

/** A student as a course's list has them. */
export interface Listed {
  /** What the student is called in grades: the name, and where two share it what tells them apart. */
  readonly student: string;
  /** The row of the list, by its columns. */
  readonly row: Readonly<Record<string, string>>;
}

/** A list of the students of a course. */
export interface Roster {
  readonly system: System;
  readonly columns: readonly string[];
  readonly students: readonly Listed[];
  /** What the gradebook calls the lab. */
  readonly assignment: string;
  /** What stands between its columns; a comma where nothing is said. */
  readonly delimiter?: string;
  /** The most points that the platform gives for the lab, where the list says so. */
  readonly outOf?: number;
}

/** Columns that name a student, in the words of the systems, in small letters. */
const FULL_NAME = ['student', 'full name', 'name', 'student name'];
const [FIRST_NAME, LAST_NAME] = [
  ['first name', 'firstname', 'given name'],
  ['last name', 'surname', 'lastname', 'family name'],
];
/** Columns by which a student is known, the most certain first. */
const KEYS = [
  ...['id', 'identifier', 'sis user id', 'sis login id', 'integration id', 'id number'],
  ...['student id', 'student_id', 'username', 'login', 'email address', 'email', 'e-mail'],
];

/**
 * Reads a list of students: a gradebook that Canvas exported, a grading worksheet, gradebook or list of
 * participants from Moodle, or any other CSV with a name or a number of each student. They are told
 * apart by their columns.
 *
 * @throws InputError when the file is not there, is no such list or not in UTF-8, or has a student twice
 */
export function readRoster(path: string, assignment: string): Roster {
  if (!existsSync(path)) throw new InputError(`grade: ${path} is not there; check --roster`);
  const text = readFileSync(path, 'utf8').replace(/^\ufeff/, '');
  if (/[\ufffd\0]/.test(text)) {
    throw new InputError(
      `grade: ${shortPath(path)} must be in UTF-8, got other bytes; save it anew as "CSV UTF-8"`,
    );
  }
  const { data, meta } = parse<Record<string, string>>(text, {
    header: true,
    skipEmptyLines: 'greedy',
    delimitersToGuess: [',', ';', '\t'],
  });
  const columns = meta.fields ?? [];
  const system = systemOf(columns);
  const all = wholeRows(data, path);
  const rows = system === 'canvas' ? all.filter((row) => isStudentOfCanvas(row, path)) : all;
  const nameless = rows.some((row) => nameIn(row) === '');
  if (rows.length === 0 || nameless) {
    throw new InputError(
      `grade: ${shortPath(path)} must have a name or an id in each row, got the columns ` +
        `${printable(columns.slice(0, 8).join(', ')) || 'none'}; export the gradebook of Canvas, or the ` +
        'grading worksheet of Moodle, or name columns "Name", "ID" and "Email"',
    );
  }
  const outOf = mostIn(all, titleOf(assignment, columns));
  return {
    ...{ system, columns, students: named(rows, path), assignment, delimiter: meta.delimiter },
    ...(outOf !== undefined && { outOf }),
  };
}

/** @throws InputError on a row with more in it than the header names: what stands where is not known */
function wholeRows(
  data: readonly Record<string, string>[],
  path: string,
): Readonly<Record<string, string>>[] {
  return data.map(({ __parsed_extra, ...row }) => {
    const more = [__parsed_extra ?? []].flat();
    if (more.every((value) => value.trim() === '')) return row;
    throw new InputError(
      `grade: ${shortPath(path)} has more columns than its header in the row of ` +
        `${printable([...Object.values(row), ...more].join(', '))}; put names with a comma in double quotes`,
    );
  });
}

/** A column of Moodle's worksheet, or the row of Canvas above its students. */
function mostIn(
  data: readonly Readonly<Record<string, string>>[],
  title: string,
): number | undefined {
  const above = data.find((row) => inCanvas(row) === 'Points Possible');
  const text = (above?.[title] ?? valueIn(data[0]!, ['maximum grade'])).trim().replace(',', '.');
  const most = Number(text);
  return text !== '' && Number.isFinite(most) ? most : undefined;
}

/** `Paths (451)` where the list has it, else as it is called. */
export function titleOf(name: string, columns: readonly string[]): string {
  return columns.find((one) => one.replace(/ \(\d+\)$/, '') === name) ?? name;
}

function systemOf(columns: readonly string[]): System {
  const has = (...names: string[]) => names.every((name) => columns.includes(name));
  if (has('ID', 'Section') && (has('Student') || has('LastName', 'FirstName'))) return 'canvas';
  if (has('Identifier', 'Grade') || has('First name', 'Email address')) return 'moodle';
  return has('First name', 'Last name', 'ID number') ? 'moodle' : 'csv';
}

/** What Canvas has in the place of a name, in one column or, where a course has it so, in two. */
function inCanvas({ Student, LastName, FirstName }: Readonly<Record<string, string>>): string {
  const parts = [Student ?? LastName ?? '', FirstName ?? ''].map((part) => part.trim());
  return parts.filter((part) => part !== '').join(', ');
}

/**
 * Not what stands above the students, nor the one with whose eyes a teacher looks.
 *
 * @throws InputError on a number that a spreadsheet has rounded, as it does with long ones
 */
function isStudentOfCanvas(row: Readonly<Record<string, string>>, path: string): boolean {
  const [name, id] = [inCanvas(row), (row.ID ?? '').trim()];
  if (!/^\d*$/.test(id)) {
    throw new InputError(
      `grade: ${shortPath(path)} must have whole numbers in the column ID, got ${printable(`${id} of ${name}`)}; ` +
        'export the gradebook anew, and take it as it is, for a spreadsheet rounds long numbers',
    );
  }
  return id !== '' && name !== 'Student, Test';
}

/** The text in the first of the columns that the row has. */
function valueIn(row: Readonly<Record<string, string>>, names: readonly string[]): string {
  const found = Object.entries(row).filter(([column]) => names.includes(plain(column)));
  return found.map(([, value]) => String(value).trim()).find((value) => value !== '') ?? '';
}

function nameIn(row: Readonly<Record<string, string>>): string {
  const parts = [valueIn(row, FIRST_NAME), valueIn(row, LAST_NAME)];
  const name = valueIn(row, FULL_NAME) || parts.filter((part) => part !== '').join(' ');
  return name || valueIn(row, KEYS);
}

/** Who shares a name is told apart by a key. @throws InputError when a student stands there twice */
function named(rows: readonly Readonly<Record<string, string>>[], path: string): Listed[] {
  const names = rows.map((row) => printable(nameIn(row)));
  const taken = new Set<string>();
  return rows.map((row, i) => {
    const name = names[i]!;
    const isOnly = names.filter((one) => one === name).length === 1;
    const student = isOnly ? name : `${name} ${keysOf(row)[0] ?? ''}`.trim();
    if (taken.has(student)) {
      throw new InputError(`grade: ${shortPath(path)} has ${student} twice; leave one of them`);
    }
    taken.add(student);
    return { student, row };
  });
}

/** Numbers, logins and addresses by which a student is known. */
export function keysOf(row: Readonly<Record<string, string>>): string[] {
  const known = KEYS.map((name) => valueIn(row, [name])).filter((key) => key !== '');
  return [...new Set(known)];
}

/** Where a student is to be written to; empty where the list does not say. */
export function addressOf(row: Readonly<Record<string, string>>): string {
  return (
    Object.values(row)
      .find((value) => /^\S+@\S+\.\S+$/.test(value.trim()))
      ?.trim() ?? ''
  );
}

/** The names that a student's files may have: as the list has it, and turned round. */
export function namesOf(row: Readonly<Record<string, string>>): string[] {
  const name = nameIn(row);
  const [last = '', first = ''] = name.split(/,\s*/);
  return first === '' ? [name] : [name, `${first} ${last}`, `${last} ${first}`];
}

/**
 * Without what is written one way or another: the case of letters, how an accent is put, spaces, marks
 * that turn text, which `printable` shows as \ufffd.
 */
export function plain(text: string): string {
  const bare = text.normalize('NFC').replace(/\p{Bidi_Control}|\ufffd/gu, '');
  return bare.trim().replace(/\s+/g, ' ').toLowerCase();
}

const fileOf = (out: string) => join(out, 'roster.json');

const texts = recordOf(v.string());
const KEPT = v.object({
  system: v.picklist(['canvas', 'moodle', 'csv']),
  columns: v.array(v.string()),
  students: v.array(v.object({ student: v.string(), row: texts })),
  assignment: v.string(),
  delimiter: v.optional(v.string()),
  outOf: v.optional(v.number()),
});

/** Keeps the list in a folder of grades, so that its gradebook follows every mark. */
export function keepRoster(out: string, roster: Roster): void {
  writeAtomically(fileOf(out), `${JSON.stringify(roster, null, 1)}\n`);
}

/**
 * The list that a folder of grades has, if it has one.
 *
 * @throws InputError when its file is damaged
 */
export function keptRoster(out: string): Roster | undefined {
  const file = fileOf(out);
  if (!existsSync(file)) return undefined;
  const told = {
    file: `grade: ${file}`,
    what: 'kept roster',
    remedy: 'grade again with --roster, or delete it',
  };
  return readJson(readFileSync(file, 'utf8'), KEPT, told) as Roster;
}
