import * as tf from '@tensorflow/tfjs';
import { InputError } from '../../errors';
import { sizeOf } from '../../shape';

/**
 * Values as JSON: numbers that JSON has not, and tensors as their shape and float32 data. What
 * comes out of a student's process is read by `unpack` alone, which takes nothing for granted.
 */

const MOST_DEPTH = 8;
const MOST_NUMBERS = 20e6;
/** Values of all kinds; a plane at full size has 3600 numbers. */
const MOST_VALUES = 1e6;

/**
 * A value as JSON text; a promise stays one, of nothing. Functions, what lies more than eight levels
 * deep and what else JSON has no word for become null.
 *
 * @throws Error on a tensor that is disposed
 */
export function pack(value: unknown): string {
  return JSON.stringify(packed(value, 0));
}

function packed(value: unknown, depth: number): unknown {
  if (depth > MOST_DEPTH) return null;
  if (typeof value === 'number' && !Number.isFinite(value)) return { $number: String(value) };
  if (typeof value !== 'object' || value === null) {
    return typeof value === 'function' || value === undefined ? null : value;
  }
  if (value instanceof Promise) return { $promise: true };
  if (value instanceof tf.Tensor) {
    const data = Float32Array.from(value.dataSync());
    const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
    return { $tensor: value.shape, data: bytes.toString('base64') };
  }
  const list = ArrayBuffer.isView(value) ? Array.from(value as Float32Array) : value;
  if (Array.isArray(list)) return list.map((item) => packed(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, packed(item, depth + 1)]),
  );
}

/**
 * The value that a text stands for. Its tensors are put into `made` as well, for the caller to
 * dispose.
 *
 * @throws InputError when it is no JSON, too deep, or a tensor's data do not fit its shape
 */
export function unpack(text: string, made: tf.Tensor[]): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new InputError('evidence: it is no JSON');
  }
  return unpacked(value, 0, made, { left: MOST_VALUES });
}

function unpacked(
  value: unknown,
  depth: number,
  made: tf.Tensor[],
  budget: { left: number },
): unknown {
  if (--budget.left < 0) throw new InputError(`evidence: it has more than ${MOST_VALUES} values`);
  if (depth > MOST_DEPTH + 1) throw new InputError('evidence: it is nested too deeply');
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => unpacked(item, depth + 1, made, budget));
  const { $number, $promise, $tensor, data } = value as Record<string, unknown>;
  if ($promise === true) return Promise.resolve();
  if ($number !== undefined) return Number($number);
  if ($tensor !== undefined) {
    const tensor = readTensor($tensor, data);
    made.push(tensor);
    return tensor;
  }
  // An object without a prototype: a name such as __proto__ is a name like any other.
  const copy: Record<string, unknown> = Object.create(null);
  for (const [name, item] of Object.entries(value)) {
    copy[name] = unpacked(item, depth + 1, made, budget);
  }
  return copy;
}

function readTensor(shape: unknown, data: unknown): tf.Tensor {
  const sizes = Array.isArray(shape) && shape.length <= 6 ? (shape as unknown[]) : [Number.NaN];
  const count = sizeOf(sizes as number[]);
  const whole = sizes.every((size) => Number.isInteger(size) && (size as number) >= 0);
  const bytes = typeof data === 'string' ? Buffer.from(data, 'base64') : Buffer.alloc(0);
  if (!whole || count > MOST_NUMBERS || bytes.length !== 4 * count) {
    throw new InputError(
      `evidence: a tensor of shape [${sizes.join(', ')}] comes with ${bytes.length} bytes of data`,
    );
  }
  // A copy, because the bytes may begin where no float can.
  const floats = new Float32Array(Uint8Array.from(bytes).buffer);
  return tf.tensor(floats, sizes as number[]);
}
