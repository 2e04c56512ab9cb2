/** Numbers as tfjs holds them: float32, int32 and bool. */
export type Elements = Float32Array | Int32Array | Uint8Array;

type Read = (bytes: ArrayBuffer) => Elements;

/**
 * How the bytes of each safetensors type become numbers that tfjs holds: every value the same, but
 * that F64 is rounded to the nearest float32, as `x.float()` does it (1e-320 becomes 0).
 *
 * A reader throws a `RangeError` that names the value when float32 or int32 cannot hold it.
 */
export const elementReaders: ReadonlyMap<string, Read> = new Map<string, Read>([
  ['F32', (bytes) => new Float32Array(bytes)],
  ['F64', (bytes) => Float32Array.from(new Float64Array(bytes), toFloat32)],
  ['F16', (bytes) => Float32Array.from(new Uint16Array(bytes), fromHalf)],
  // bfloat16 is the upper half of a float32.
  ['BF16', (bytes) => new Float32Array(Uint32Array.from(new Uint16Array(bytes), shift).buffer)],
  ['I8', (bytes) => Int32Array.from(new Int8Array(bytes))],
  ['U8', (bytes) => Int32Array.from(new Uint8Array(bytes))],
  ['I16', (bytes) => Int32Array.from(new Int16Array(bytes))],
  ['U16', (bytes) => Int32Array.from(new Uint16Array(bytes))],
  ['I32', (bytes) => new Int32Array(bytes)],
  ['U32', (bytes) => Int32Array.from(new Uint32Array(bytes), toInt32)],
  ['I64', (bytes) => Int32Array.from(new BigInt64Array(bytes), toInt32)],
  ['U64', (bytes) => Int32Array.from(new BigUint64Array(bytes), toInt32)],
  ['BOOL', (bytes) => new Uint8Array(bytes).map((n) => (n === 0 ? 0 : 1))],
]);

function shift(half: number): number {
  return half * 2 ** 16;
}

/** (−1)^s · 2^(e−15) · (1 + f/1024), IEEE's binary16; e = 0 and e = 31 are apart. */
function fromHalf(bits: number): number {
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
  const sign = bits >> 15 === 0 ? 1 : -1;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function toFloat32(value: number): number {
  const rounded = Math.fround(value);
  if (Number.isFinite(value) && !Number.isFinite(rounded)) throw outOfRange(value, 'float32');
  return rounded;
}

function toInt32(value: number | bigint): number {
  if (value > 2 ** 31 - 1 || value < -(2 ** 31)) throw outOfRange(value, 'int32');
  return Number(value);
}

function outOfRange(value: number | bigint, type: string): RangeError {
  return new RangeError(`holds ${value}, which ${type} cannot hold`);
}
