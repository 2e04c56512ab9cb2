/**
 * JSON read as strictly as serde_json does, which `JSON.parse` hides: the members of an object in
 * their order, repeated names and all; numbers written without point and exponent as bigints, so
 * that 4 is not 4.0.
 */
export type Json = null | boolean | number | bigint | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly members: readonly (readonly [name: string, value: Json])[];
}

/** A text and how much of it is read. */
interface Reader {
  readonly text: string;
  at: number;
}

/** serde_json refuses what is nested deeper. */
const DEEPEST = 127;

/** @throws SyntaxError when the text is no JSON, nested too deep, or a number or string is none */
export function parseJson(text: string): Json {
  const reader = { text, at: 0 };
  const value = readValue(reader, 0);
  skipSpace(reader);
  if (reader.at < text.length) throw unexpected(reader);
  return value;
}

export function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && 'members' in value;
}

function readValue(reader: Reader, depth: number): Json {
  skipSpace(reader);
  switch (reader.text[reader.at]) {
    case '{':
      return { members: readItems(reader, '}', depth, readMember) };
    case '[':
      return readItems(reader, ']', depth, readValue);
    case '"':
      return readString(reader);
    default:
      return readWord(reader);
  }
}

/** What stands between brackets, separated by commas. */
function readItems<T>(
  reader: Reader,
  close: string,
  outside: number,
  readItem: (reader: Reader, depth: number) => T,
): T[] {
  const depth = outside + 1;
  if (depth > DEEPEST) throw unexpected(reader);
  const items: T[] = [];
  reader.at++;
  if (taken(reader, close)) return items;
  do items.push(readItem(reader, depth));
  while (taken(reader, ','));
  if (!taken(reader, close)) throw unexpected(reader);
  return items;
}

function readMember(reader: Reader, depth: number): readonly [string, Json] {
  skipSpace(reader);
  const name = readString(reader);
  if (!taken(reader, ':')) throw unexpected(reader);
  return [name, readValue(reader, depth)];
}

/** What does not begin and end with a quotation mark, `JSON.parse` refuses, or who looks for what follows. */
function readString(reader: Reader): string {
  const { text, at } = reader;
  let end = at + 1;
  while (text[end] !== '"' && text[end] !== undefined) end += text[end] === '\\' ? 2 : 1;
  reader.at = end + 1;
  const value = JSON.parse(text.slice(at, reader.at)) as string;
  if (!isWellFormed(value)) throw unexpected(reader);
  return value;
}

/** Whether UTF-8 can hold the text: no half of a surrogate pair stands alone. */
export function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text);
}

const WORD = /true|false|null|-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;

function readWord(reader: Reader): null | boolean | number | bigint {
  WORD.lastIndex = reader.at;
  const [word, fraction, exponent] = WORD.exec(reader.text) ?? [];
  if (word === undefined) throw unexpected(reader);
  reader.at += word.length;
  const value = JSON.parse(word) as null | boolean | number;
  if (typeof value !== 'number') return value;
  if (!Number.isFinite(value)) throw unexpected(reader);
  const whole = fraction === undefined && exponent === undefined && !Object.is(value, -0);
  return whole ? BigInt(word) : value;
}

/** Steps over `mark`, and spaces before it, if that is what comes next. */
function taken(reader: Reader, mark: string): boolean {
  skipSpace(reader);
  if (reader.text[reader.at] !== mark) return false;
  reader.at++;
  return true;
}

const SPACES: ReadonlySet<string | undefined> = new Set(' \t\n\r');

function skipSpace(reader: Reader): void {
  while (SPACES.has(reader.text[reader.at])) reader.at++;
}

function unexpected({ text, at }: Reader): SyntaxError {
  return new SyntaxError(`not expected at ${at}: ${text.slice(at, at + 20)}`);
}
