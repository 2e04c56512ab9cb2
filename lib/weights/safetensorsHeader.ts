import { InputError } from '../errors';
import { isObject, type Json, parseJson } from './json';

/** What a file says of itself besides its tensors: architecture, seed, settings, figures. */
export type Metadata = Readonly<Record<string, string>>;

/** The name in a header that stands for the metadata. */
export const METADATA = '__metadata__';
export const LENGTH_BYTES = 8;
export const HEADER_LIMIT = 100_000_000;

/** Where one tensor's numbers are, in bytes from the end of the header, and what they are. */
export interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

export interface Header {
  readonly entries: ReadonlyMap<string, Entry>;
  readonly metadata: Metadata;
  readonly bodyStart: number;
}

/** Every type that the format has, with the bits of one number. */
const BITS: ReadonlyMap<string, bigint> = new Map([
  ['F4', 4n],
  ['F6_E2M3', 6n],
  ['F6_E3M2', 6n],
  ...['BOOL', 'U8', 'I8'].map((dtype) => [dtype, 8n] as const),
  ...['E4M3', 'E5M2', 'E8M0', 'E4M3FNUZ', 'E5M2FNUZ'].map((kind) => [`F8_${kind}`, 8n] as const),
  ...['I16', 'U16', 'F16', 'BF16'].map((dtype) => [dtype, 16n] as const),
  ...['I32', 'U32', 'F32'].map((dtype) => [dtype, 32n] as const),
  ...['I64', 'U64', 'F64', 'C64'].map((dtype) => [dtype, 64n] as const),
]);

/**
 * The header of a safetensors file, held to the same as the format's own reader (safetensors
 * 0.8.0): what that refuses is refused, what it takes is taken.
 *
 * @throws InputError when the file is no whole safetensors file
 */
export function readHeader(buffer: Buffer, path: string): Header {
  if (buffer.length < LENGTH_BYTES) throw corrupt(path, `it has ${buffer.length} bytes`);
  const headerLength = Number(buffer.readBigUInt64LE(0));
  const bodyStart = LENGTH_BYTES + headerLength;
  if (!(headerLength <= HEADER_LIMIT && bodyStart <= buffer.length)) {
    throw corrupt(path, `its header should be ${headerLength} bytes in a file of ${buffer.length}`);
  }
  const parsed = parseHeader(buffer.subarray(LENGTH_BYTES, bodyStart), path);
  if (!isObject(parsed)) throw corrupt(path, 'its header is no object');
  const members = parsed.members.filter(([name]) => name !== METADATA);
  const ofItself = parsed.members.filter(([name]) => name === METADATA);
  if (ofItself.length > 1) throw corrupt(path, `${METADATA} stands in it twice`);
  // Of two tensors with one name the format's own reader takes the last.
  const stated = new Map(members.map(([name, value]) => [name, readEntry(name, value, path)]));
  const entries = new Map([...stated].map(([name, entry]) => [name, measured(name, entry, path)]));
  requireCovered(entries, buffer.length - bodyStart, path);
  return { entries, metadata: readMetadata(ofItself[0]?.[1] ?? null, path), bodyStart };
}

function parseHeader(bytes: Uint8Array, path: string): Json {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw corrupt(path, 'its header is no UTF-8');
  }
  try {
    return parseJson(text);
  } catch {
    throw corrupt(path, 'its header is no JSON');
  }
}

function readMetadata(value: Json, path: string): Metadata {
  if (value === null) return {};
  if (!isObject(value) || value.members.some(([, text]) => typeof text !== 'string')) {
    throw corrupt(path, `its ${METADATA} should be a map of strings`);
  }
  return Object.fromEntries(value.members) as Metadata;
}

/** An entry as it stands in the header. */
interface Stated {
  readonly dtype: string;
  readonly bits: bigint;
  readonly shape: readonly bigint[];
  readonly offsets: readonly bigint[];
}

const FIELDS = ['dtype', 'shape', 'data_offsets'];

/** Other fields are left alone; the format's own reader also takes a list of the three. */
function readEntry(name: string, value: Json, path: string): Stated {
  const members = isObject(value) ? value.members : [];
  const named = FIELDS.map((field) => members.filter(([key]) => key === field));
  const fields = Array.isArray(value) ? value : named.flat().map(([, given]) => given);
  const once = Array.isArray(value) || named.every(({ length }) => length === 1);
  if (!once || fields.length !== FIELDS.length) {
    throw corrupt(path, `'${name}' should have dtype, shape and data_offsets, each once`);
  }
  const [dtype, shape, offsets] = [nameOfType(fields[0]!), fields[1]!, fields[2]!];
  const bits = BITS.get(dtype);
  if (bits === undefined) {
    throw new InputError(
      `${path} is of no safetensors format known here: '${name}' has dtype '${dtype}'; save it as ` +
        'float32 where it was made',
    );
  }
  if (!isSizes(shape) || !isSizes(offsets) || offsets.length !== 2) {
    throw corrupt(path, `'${name}' has no valid shape and data_offsets`);
  }
  return { dtype, bits, shape, offsets };
}

/** Of the size that dtype and shape make. */
function measured(name: string, { dtype, bits, shape, offsets }: Stated, path: string): Entry {
  const [begin, end] = offsets.map(Number) as [number, number];
  if (byteLength(shape, bits) !== offsets[1]! - offsets[0]!) {
    throw corrupt(
      path,
      `'${name}', ${dtype} of shape [${shape.join(', ')}], does not fill its bytes ${begin} to ${end}`,
    );
  }
  return { dtype, shape: shape.map(Number), begin, end };
}

/** "F32" or, as serde also writes an enumeration, {"F32": null}. */
function nameOfType(value: Json): string {
  if (typeof value === 'string') return value;
  const [only, ...more] = isObject(value) ? value.members : [];
  return only !== undefined && only[1] === null && more.length === 0 ? only[0] : '';
}

const OVERFLOW = 2n ** 64n;

function isSizes(value: Json): value is readonly bigint[] {
  return (
    Array.isArray(value) &&
    value.every((n: Json) => typeof n === 'bigint' && n >= 0n && n < OVERFLOW)
  );
}

/** Undefined where 64 bits cannot count the numbers on the way, or a byte would be shared. */
function byteLength(shape: readonly bigint[], bits: bigint): bigint | undefined {
  let product = 1n;
  for (const size of [...shape, bits]) {
    product *= size;
    if (product >= OVERFLOW) return undefined;
  }
  return product % 8n === 0n ? product / 8n : undefined;
}

/** Tensors lie side by side and fill the file, so that no byte has two meanings, or none. */
function requireCovered(entries: ReadonlyMap<string, Entry>, size: number, path: string): void {
  const inOrder = [...entries].sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end);
  let covered = 0;
  for (const [name, { begin, end }] of inOrder) {
    if (begin !== covered) {
      throw corrupt(path, `'${name}' begins at byte ${begin}, where ${covered} comes next`);
    }
    covered = end;
  }
  if (covered !== size) {
    throw corrupt(path, `its tensors need ${covered} bytes, and ${size} follow the header`);
  }
}

function corrupt(path: string, what: string): InputError {
  return new InputError(
    `${path} is no whole safetensors file: ${what}; delete it and run again what saves it`,
  );
}
