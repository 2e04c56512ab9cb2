import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { InputError } from '../errors';
import { writeAtomically } from '../files';
import { type Elements, elementReaders } from './elements';
import { isWellFormed } from './json';
import {
  type Entry,
  HEADER_LIMIT,
  LENGTH_BYTES,
  METADATA,
  type Metadata,
  readHeader,
} from './safetensorsHeader';
import { disposeStateDict, type StateDict } from './stateDict';
import { refusePickled } from './torchFiles';

export type { Metadata } from './safetensorsHeader';

/**
 * The safetensors format (huggingface/safetensors): an unsigned 64-bit little-endian length, a
 * JSON header of that length, then the tensors' bytes, row-major and little-endian. The header
 * maps each name to `{dtype, shape, data_offsets: [begin, end]}`, offsets counted from the end of
 * the header, and `__metadata__` to a map of strings.
 */

const ALIGNMENT = 8;

/** tfjs' types that the format has as well. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ['float32', 'F32'],
  ['int32', 'I32'],
  ['bool', 'BOOL'],
]);

/** The metadata's name for a checksum of all the rest, by which one changed bit is found. */
const CHECKSUM = 'pathlab.sha256';

const UNREADABLE: ReadonlyMap<string | undefined, string> = new Map([
  ['ENOENT', 'there is no such file'],
  ['EISDIR', 'it is a folder'],
]);

/** PyTorch counts BatchNorm's batches in 64 bits. */
function isCounter(name: string, { dtype }: tf.Tensor): boolean {
  return dtype === 'int32' && /(^|\.)num_batches_tracked$/.test(name);
}

/**
 * Writes a state dict as `path`, atomically. float32 tensors become F32, int32 I32, bool BOOL, and
 * BatchNorm's `num_batches_tracked` I64 as PyTorch has it, so
 * that `safetensors.torch.load_file(path)` gives PyTorch the same names, shapes and numbers. A
 * checksum of all that goes into the metadata as `pathlab.sha256`, and `loadStateDict` compares it.
 *
 * @param path the file, replaced if it is there
 * @param stateDict what is written, which stays the caller's
 * @param metadata texts that the file keeps beside the tensors
 * @throws InputError when the format cannot hold a tensor, a name or the metadata; the file that
 *   was there before stays
 * @example
 * ```ts
 * saveStateDict('weights.safetensors', w1, { seed: '1' });
 * ```
 */
export function saveStateDict(path: string, stateDict: StateDict, metadata: Metadata = {}): void {
  const { [CHECKSUM]: _, ...others } = metadata;
  const sum = checksumOf(stateDict, others);
  writeAtomically(path, encodeSafetensors(stateDict, { ...others, [CHECKSUM]: sum }));
}

function checksumOf(stateDict: StateDict, metadata: Metadata): string {
  return createHash('sha256').update(encodeSafetensors(stateDict, metadata)).digest('hex');
}

/**
 * Reads a safetensors file: F32, F64, F16 and BF16 become float32, whole numbers int32, BOOL bool.
 * F64 is rounded to the nearest float32. The caller disposes the tensors.
 *
 * @param path the file
 * @throws InputError when the file is missing, cut short, damaged or no safetensors, or holds numbers that
 *   float32 and int32 cannot hold; of a file of `torch.save` or `pickle.dump` it says the command that
 *   converts it
 * @example
 * ```ts
 * saveStateDict('theta.safetensors', a, { seed: '7' });
 * const { stateDict, metadata } = loadStateDict('theta.safetensors');
 * equal(stateDict, a); // → true
 * metadata.seed; // → '7'
 * ```
 */
export function loadStateDict(path: string): {
  stateDict: StateDict;
  metadata: Metadata;
} {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = UNREADABLE.get(code) ?? message;
    throw new InputError(
      `cannot read ${path}: ${why}; check the path, or run first what saves it, in the lab an earlier part`,
    );
  }
  refusePickled(bytes, path);
  const { stateDict, metadata } = decodeSafetensors(bytes, path);
  const { [CHECKSUM]: sum, ...others } = metadata;
  if (sum === undefined || sum === checksumOf(stateDict, others)) {
    return { stateDict, metadata: others };
  }
  disposeStateDict(stateDict);
  throw new InputError(
    `${path} holds other tensors or metadata than were saved, so it is damaged; delete it and save it ` +
      `again, or take ${CHECKSUM} out of its metadata if another program has changed it`,
  );
}

/** The bytes of a safetensors file. */
export function encodeSafetensors(stateDict: StateDict, metadata: Metadata = {}): Uint8Array {
  const tensors = Object.entries(stateDict).map(([name, tensor]) => {
    const dtype = isCounter(name, tensor) ? 'I64' : TYPES.get(tensor.dtype);
    if (dtype === undefined) {
      throw unwritable(`'${name}' is of type ${tensor.dtype}; cast it to float32, int32 or bool`);
    }
    const values = tensor.dataSync();
    const data = dtype === 'I64' ? BigInt64Array.from(values, BigInt) : values;
    return { name, dtype, shape: tensor.shape, data };
  });
  requireNames(
    tensors.map(({ name }) => name),
    metadata,
  );
  // PyTorch wants each tensor to begin at a multiple of its numbers' bytes: the wide ones first.
  const inOrder = tensors.toSorted((a, b) => b.data.BYTES_PER_ELEMENT - a.data.BYTES_PER_ELEMENT);
  const parts: Uint8Array[] = [];
  const offsets = new Map<string, [begin: number, end: number]>();
  let end = 0;
  for (const { name, data } of inOrder) {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    offsets.set(name, [end, end + bytes.length]);
    end += bytes.length;
    parts.push(bytes);
  }
  const entries = tensors.map(({ name, dtype, shape }) => {
    return [name, { dtype, shape, data_offsets: offsets.get(name) }] as const;
  });
  const own = Object.keys(metadata).length > 0 ? [[METADATA, metadata] as const] : [];
  const text = Buffer.from(JSON.stringify(Object.fromEntries([...own, ...entries])));
  const padding = Buffer.alloc((ALIGNMENT - (text.length % ALIGNMENT)) % ALIGNMENT, ' ');
  const headerLength = text.length + padding.length;
  if (headerLength > HEADER_LIMIT) {
    throw unwritable(`names and metadata take ${headerLength} bytes, at most ${HEADER_LIMIT} fit`);
  }
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeBigUInt64LE(BigInt(headerLength));
  return Buffer.concat([length, text, padding, ...parts]);
}

function requireNames(names: readonly string[], metadata: Metadata): void {
  if (names.includes(METADATA)) {
    throw unwritable(`the name ${METADATA} is the format's own; call the tensor otherwise`);
  }
  for (const [key, value] of Object.entries(metadata)) {
    if (typeof value !== 'string') {
      throw unwritable(`metadata are strings, and '${key}' is ${typeof value}; make it a string`);
    }
  }
  const torn = [...names, ...Object.entries(metadata).flat()].find((text) => !isWellFormed(text));
  if (torn === undefined) return;
  throw unwritable(`${JSON.stringify(torn)} holds half a surrogate pair; take it out`);
}

function unwritable(what: string): InputError {
  return new InputError(`a safetensors file cannot hold this state dict: ${what}`);
}

/** The tensors and metadata in the bytes of a safetensors file; `path` names it in errors. */
export function decodeSafetensors(
  bytes: Uint8Array,
  path: string,
): { stateDict: StateDict; metadata: Metadata } {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { entries, metadata, bodyStart } = readHeader(buffer, path);
  const body = buffer.subarray(bodyStart);
  const tensors: [name: string, tensor: tf.Tensor][] = [];
  try {
    for (const [name, entry] of entries) tensors.push([name, readTensor(body, name, entry, path)]);
  } catch (error) {
    for (const [, tensor] of tensors) tensor.dispose();
    throw error;
  }
  return { stateDict: Object.fromEntries(tensors), metadata };
}

const TF_TYPES = { Float32Array: 'float32', Int32Array: 'int32', Uint8Array: 'bool' } as const;

function readTensor(body: Buffer, name: string, entry: Entry, path: string): tf.Tensor {
  const { dtype, shape, begin, end } = entry;
  const unreadable = (what: string, remedy: string) =>
    new InputError(`cannot take '${name}' from ${path}: it is ${dtype}${what}; ${remedy}`);
  const read = elementReaders.get(dtype);
  if (read === undefined) {
    throw unreadable(', which tfjs has no type for', 'save it as float32 where it was made');
  }
  if (!shape.every(Number.isSafeInteger)) {
    throw unreadable(` of shape [${shape.join(', ')}]`, 'leave it out where it was made');
  }
  const bytes = Uint8Array.from(body.subarray(begin, end)).buffer;
  let values: Elements;
  try {
    values = read(bytes);
  } catch (error) {
    const { message } = error as RangeError;
    throw unreadable(` and ${message}`, 'scale it or leave it out where it was made');
  }
  const type = TF_TYPES[values.constructor.name as keyof typeof TF_TYPES];
  return tf.tensor(values, [...shape], type);
}
