import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { InputError } from '../errors';
import { writeAtomically } from '../files';
import type { StateDict } from './stateDict';

/**
 * The safetensors format (huggingface/safetensors): an unsigned 64-bit little-endian length, a
 * JSON header of that length, then the tensors' bytes, row-major and little-endian. The header
 * maps each name to `{dtype, shape, data_offsets: [begin, end]}`, offsets counted from the end of
 * the header, and `__metadata__` to a map of strings.
 */

/** What a file says of itself besides its tensors: architecture, seed, settings, figures. */
export type Metadata = Readonly<Record<string, string>>;

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [begin: number, end: number];
}

const LENGTH_BYTES = 8;
const ALIGNMENT = 8;
const HEADER_LIMIT = 100_000_000;

/**
 * Writes a state dict as `path`, atomically. float32 tensors become F32, int32 I32, so that
 * `safetensors.torch.load_file(path)` gives PyTorch the same names, shapes and numbers.
 */
export function saveStateDict(path: string, stateDict: StateDict, metadata: Metadata = {}): void {
  writeAtomically(path, encodeSafetensors(stateDict, metadata));
}

/**
 * Reads a safetensors file: F32 and F64 become float32, I32 and I64 int32, U8 and BOOL int32. The
 * caller disposes the tensors.
 *
 * @throws InputError when the file is missing, cut short or no safetensors
 */
export function loadStateDict(path: string): {
  stateDict: StateDict;
  metadata: Metadata;
} {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch {
    throw new InputError(`cannot read ${path}; run the part of the lab that saves it first`);
  }
  return decodeSafetensors(bytes, path);
}

/** The bytes of a safetensors file. */
export function encodeSafetensors(stateDict: StateDict, metadata: Metadata = {}): Uint8Array {
  const header: Record<string, Entry | Metadata> = {};
  if (Object.keys(metadata).length > 0) header.__metadata__ = metadata;
  const parts: Uint8Array[] = [];
  let end = 0;
  for (const [name, tensor] of Object.entries(stateDict)) {
    const data = tensor.dataSync();
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const begin = end;
    end += bytes.length;
    parts.push(bytes);
    header[name] = {
      dtype: tensor.dtype === 'float32' ? 'F32' : 'I32',
      shape: tensor.shape,
      data_offsets: [begin, end],
    };
  }
  const text = Buffer.from(JSON.stringify(header));
  const padding = Buffer.alloc((ALIGNMENT - (text.length % ALIGNMENT)) % ALIGNMENT, ' ');
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeBigUInt64LE(BigInt(text.length + padding.length));
  return Buffer.concat([length, text, padding, ...parts]);
}

/** The tensors and metadata in the bytes of a safetensors file; `path` names it in errors. */
export function decodeSafetensors(
  bytes: Uint8Array,
  path: string,
): { stateDict: StateDict; metadata: Metadata } {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = readHeader(buffer, path);
  const body = buffer.subarray(header.bodyStart);
  const stateDict: StateDict = {};
  try {
    for (const [name, entry] of Object.entries(header.entries)) {
      stateDict[name] = readTensor(body, name, entry, path);
    }
  } catch (error) {
    for (const tensor of Object.values(stateDict)) tensor.dispose();
    throw error;
  }
  return { stateDict, metadata: header.metadata };
}

function readHeader(buffer: Buffer, path: string) {
  const headerLength =
    buffer.length < LENGTH_BYTES ? Number.NaN : Number(buffer.readBigUInt64LE(0));
  const bodyStart = LENGTH_BYTES + headerLength;
  if (!(headerLength <= HEADER_LIMIT && bodyStart <= buffer.length)) {
    throw corrupt(path, `its header should be ${headerLength} bytes in a file of ${buffer.length}`);
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(buffer.toString('utf8', LENGTH_BYTES, bodyStart));
  } catch {
    throw corrupt(path, 'its header is no JSON');
  }
  if (typeof parsed !== 'object' || parsed === null) throw corrupt(path, 'its header is no object');
  const { __metadata__: metadata = {}, ...entries } = parsed as Record<string, Entry> & {
    __metadata__?: Metadata;
  };
  return {
    metadata: metadata as Metadata,
    entries: entries as Record<string, Entry>,
    bodyStart,
  };
}

const readers: Readonly<Record<string, (bytes: ArrayBuffer) => Float32Array | Int32Array>> = {
  F32: (bytes) => new Float32Array(bytes),
  F64: (bytes) => Float32Array.from(new Float64Array(bytes)),
  I32: (bytes) => new Int32Array(bytes),
  I64: (bytes) => Int32Array.from(new BigInt64Array(bytes), Number),
  U8: (bytes) => Int32Array.from(new Uint8Array(bytes)),
  BOOL: (bytes) => Int32Array.from(new Uint8Array(bytes)),
};
const widths: Readonly<Record<string, number>> = {
  F32: 4,
  F64: 8,
  I32: 4,
  I64: 8,
  U8: 1,
  BOOL: 1,
};

function readTensor(body: Buffer, name: string, entry: Entry, path: string): tf.Tensor {
  const read = readers[entry?.dtype];
  if (read === undefined) {
    const known = Object.keys(readers).join(', ');
    throw corrupt(path, `'${name}' has dtype ${entry?.dtype}; expected one of ${known}`);
  }
  const { dtype, shape, data_offsets: offsets } = entry;
  if (!isIntegers(shape) || !isIntegers(offsets) || offsets.length !== 2) {
    throw corrupt(path, `'${name}' has no valid shape and data_offsets`);
  }
  const [begin, end] = offsets;
  const expected = shape.reduce((product, size) => product * size, 1) * widths[dtype]!;
  if (end - begin !== expected || end > body.length) {
    throw corrupt(
      path,
      `'${name}' of shape [${shape.join(', ')}] needs ${expected} bytes at ${begin}–${end} ` +
        `of ${body.length}`,
    );
  }
  const values = read(Uint8Array.from(body.subarray(begin, end)).buffer);
  return tf.tensor(values, [...shape], values instanceof Float32Array ? 'float32' : 'int32');
}

function isIntegers(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
}

function corrupt(path: string, what: string): InputError {
  return new InputError(
    `${path} is no whole safetensors file: ${what}; delete it and run the part of the lab that ` +
      'saves it again',
  );
}
