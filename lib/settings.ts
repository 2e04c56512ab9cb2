import { createHash } from 'node:crypto';
import { isDeepStrictEqual, types } from 'node:util';
import * as tf from '@tensorflow/tfjs';
import { InputError } from './errors';
import { fingerprint } from './weights';

/** What JSON can hold. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [name: string]: Json };

/**
 * Values as JSON that two values share only if they are the same: saved work is told apart by it.
 * What JSON has no word for stands as an object with one name that begins with `$`: NaN, ±∞, −0,
 * undefined, BigInt, Date, RegExp, Map and Set in their order; a function by its `identity`, a text
 * that it may have, or else by its own text; tensors and arrays of bytes or numbers by type, shape and a hash of every bit.
 *
 * @param where names the value in errors
 * @param ofFunction what a function counts as
 * @throws InputError on what cannot be compared: a bound function, a promise, an object of a class,
 *   one that holds itself, a disposed tensor
 */
export function asJson(where: string, value: unknown, ofFunction: OfFunction = String): Json {
  return encode(where, value, { ofFunction, within: [] });
}

/** A function as JSON. */
export type OfFunction = (f: Callable) => Json;

/** Any function or class. */
export type Callable = (...args: never[]) => unknown;

interface Context {
  readonly ofFunction: OfFunction;
  readonly within: readonly unknown[];
}

/** The text of every function that `bind` has made, whatever it is bound to. */
const BOUND = String((() => undefined).bind(null));

function encode(where: string, value: unknown, context: Context): Json {
  switch (typeof value) {
    case 'boolean':
    case 'string':
      return value;
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0)
        ? value
        : { $number: Object.is(value, -0) ? '-0' : String(value) };
    case 'undefined':
      return { $undefined: '' };
    case 'bigint':
      return { $bigint: String(value) };
    case 'function':
      if ('identity' in value && typeof value.identity === 'string') {
        return { $function: value.identity };
      }
      if (String(value) === BOUND) throw incomparable(where, 'a bound function (it has no text)');
      return { $function: context.ofFunction(value as Callable) };
    case 'symbol':
      throw incomparable(where, 'a symbol');
    default:
      return value === null ? null : encodeObject(where, value as object, context);
  }
}

function encodeObject(where: string, value: object, context: Context): Json {
  const { ofFunction, within } = context;
  if (within.includes(value)) throw incomparable(where, 'an object that holds itself');
  const inner = { ofFunction, within: [...within, value] };
  const inside = (name: string | number, part: unknown) => encode(`${where}.${name}`, part, inner);
  if (value instanceof tf.Tensor) {
    if (value.isDisposed) throw incomparable(where, 'a disposed tensor');
    return { $tensor: [value.dtype, [...value.shape], fingerprint({ tensor: value })] };
  }
  if (Array.isArray(value)) return Array.from(value, (part, i) => inside(i, part));
  if (types.isMap(value)) {
    return { $map: [...value].map((entry, i) => inside(i, entry)) };
  }
  if (types.isSet(value)) return { $set: [...value].map((part, i) => inside(i, part)) };
  if (types.isDate(value)) return { $date: inside('time', value.getTime()) };
  if (types.isRegExp(value)) return { $regExp: String(value) };
  if (ArrayBuffer.isView(value)) {
    return {
      [`$${value.constructor.name}`]: hash(value.buffer, value.byteOffset, value.byteLength),
    };
  }
  if (types.isAnyArrayBuffer(value)) return { $buffer: hash(value, 0, value.byteLength) };
  if (!isPlain(value))
    throw incomparable(where, `a ${value.constructor?.name || 'special object'}`);
  const entries = Object.entries(value).map(([name, part]) => [name, inside(name, part)] as const);
  const encoded = Object.fromEntries(entries);
  return entries.some(([name]) => name.startsWith('$')) ? { $object: encoded } : encoded;
}

/** An object without a class, of whichever realm. */
export function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || types.isProxy(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return (
    (prototype === null || Object.getPrototypeOf(prototype) === null) &&
    Object.getOwnPropertySymbols(value).length === 0
  );
}

function hash(buffer: ArrayBufferLike, offset: number, length: number): string {
  return createHash('sha256')
    .update(new Uint8Array(buffer, offset, length))
    .digest('hex');
}

function incomparable(where: string, what: string): InputError {
  return new InputError(
    `${where} is ${what}, which cannot be compared with what a file holds; give numbers, texts, ` +
      'lists, plain objects, functions, tensors or datasets',
  );
}

/**
 * The value of which `asJson` made this, where it is of numbers and texts in lists and plain
 * objects; what else there was stays as it was written.
 */
export function fromJson(json: Json): unknown {
  if (typeof json !== 'object' || json === null) return json;
  if (Array.isArray(json)) return json.map(fromJson);
  const [[name, value] = [], ...others] = Object.entries(json);
  if (name === '$number' && others.length === 0) return Number(value);
  return Object.fromEntries(Object.entries(json).map(([key, part]) => [key, fromJson(part)]));
}

/** What a JSON text holds; undefined where there is none, or it is no JSON. */
export function parsed(text: string | undefined): Json | undefined {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as Json);
  } catch {
    return undefined;
  }
}

/** Where two settings differ, and numbers and words of which: `seed 1, now 2; network.layers`. */
export function difference(before: Json, now: Json): string {
  return [...new Set(differences(before, now, []))].join('; ');
}

function differences(before: Json, now: Json, path: readonly string[]): string[] {
  if (isDeepStrictEqual(before, now)) return [];
  if (isPlain(before) && isPlain(now)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(now)])];
    const absent = { $undefined: '' };
    return names.flatMap((name) =>
      differences(
        (before[name] as Json | undefined) ?? absent,
        (now[name] as Json | undefined) ?? absent,
        name === '' || name.startsWith('$') ? path : [...path, name],
      ),
    );
  }
  const name = path.join('.');
  const [left, right] = [before, now].map(inFewWords);
  return [left !== undefined && right !== undefined ? `${name} ${left}, now ${right}` : name];
}

const FEW = 60;
/** What a function is called, and not its text. */
const NAME = /^[\w.()=, -]+$/;

/** Which tells nobody anything. */
const HASH = /^[0-9a-f]{16,}$/;

/** A number, a text that is not long, or a function's identity; undefined of anything else. */
function inFewWords(value: Json): string | undefined {
  const named = isPlain(value) ? value.$function : undefined;
  if (typeof named === 'string' && NAME.test(named)) return inFewWords(named);
  if (typeof value === 'string') {
    return value.length < FEW && !HASH.test(value) ? value : undefined;
  }
  return typeof value === 'object' ? undefined : String(value);
}
