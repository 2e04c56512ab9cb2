import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { InputError } from './errors';
import { printable } from './text';

/** A file that is read back: its name, what it should be, and what helps where it is none. */
export interface SavedFile {
  readonly file: string;
  readonly what: string;
  readonly remedy: string;
}

/** The field of the checksum. */
const SUM = 'sha256';

/** JSON has no NaN and no ∞, which a loss far from the minima may be: they are kept as text. */
const WORDS = ['NaN', 'Infinity', '-Infinity'] as const;

/** A number as `sealed` keeps it. */
export const anyNumber = v.union([v.number(), v.pipe(v.picklist(WORDS), v.transform(Number))]);

/** An object of texts, or what else, under any names: `record` leaves out some that every object has. */
export const recordOf = <T>(schema: v.GenericSchema<T>) =>
  v.custom<Record<string, T>>(
    (value) =>
      typeof value === 'object' &&
      value !== null &&
      !Array.isArray(value) &&
      Object.values(value).every((one) => v.is(schema, one)),
    'an object of the right values',
  );

/** An object as JSON with a checksum of all that it holds, so that one changed bit is found. */
export function sealed(content: object): string {
  const encode = (_: string, value: unknown) =>
    typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
  const text = JSON.stringify(content, encode);
  return JSON.stringify({ ...JSON.parse(text), [SUM]: sumOf(text) });
}

/**
 * What a text of `sealed` holds; one of before, without a checksum, is taken as it is. The schema is
 * to be strict, or a checksum whose name is damaged is taken for none.
 *
 * @throws InputError where it is no JSON, of another shape, or damaged
 */
export function readSealed<S extends v.GenericSchema>(
  text: string,
  schema: S,
  file: SavedFile,
): v.InferOutput<S> {
  const value = parse(text, file);
  if (!v.is(recordOf(v.unknown()), value)) return checked(value, schema, file);
  const { [SUM]: sum, ...content } = value;
  const read = checked(content, schema, file);
  if (sum === undefined || sum === sumOf(JSON.stringify(content))) return read;
  throw unread(file, 'its checksum is not that of what it holds, so it is damaged');
}

/**
 * What a JSON text holds.
 *
 * @throws InputError where it is no JSON, or of another shape
 */
export function readJson<S extends v.GenericSchema>(
  text: string,
  schema: S,
  file: SavedFile,
): v.InferOutput<S> {
  return checked(parse(text, file), schema, file);
}

function parse(text: string, file: SavedFile): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw unread(file, 'it is no JSON');
  }
}

/**
 * A value that has the schema's shape, as the schema gives it.
 *
 * @throws InputError where it has another
 */
export function checked<S extends v.GenericSchema>(
  value: unknown,
  schema: S,
  file: SavedFile,
): v.InferOutput<S> {
  const { success, output, issues } = v.safeParse(schema, value, { abortEarly: true });
  if (success) return output;
  const [{ expected, received, message }] = issues;
  const place = v.getDotPath(issues[0]) ?? 'the whole';
  const got = printable(received.slice(0, 60));
  throw unread(file, `${printable(place)} should be ${expected ?? message}, got ${got}`);
}

function unread({ file, what, remedy }: SavedFile, why: string): InputError {
  return new InputError(`${file} is no ${what}: ${why}; ${remedy}`);
}

const sumOf = (text: string) => createHash('sha256').update(text).digest('hex');
