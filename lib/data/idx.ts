import { gunzipSync } from 'node:zlib';
import { InputError } from '../errors';
import { sizeOf } from '../shape';

/** Images of an IDX file: count·height·width bytes, row-major, a view of the file's own. */
export interface IdxImages {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly pixels: Uint8Array;
}

/**
 * Images of an IDX file of unsigned bytes and three dimensions, [count, height, width].
 * `file` names it in errors.
 *
 * @throws InputError when a field of the header or the length is not as it must be
 */
export function parseIdxImages(file: string, bytes: Uint8Array): IdxImages {
  const { dimensions, values } = parseIdx(file, bytes, 3);
  const [count, height, width] = dimensions as [number, number, number];
  if (height === 0 || width === 0) {
    fail(file, 'images of at least 1×1 pixels', `${height}×${width}`);
  }
  return { count, height, width, pixels: values };
}

/**
 * Labels of an IDX file of unsigned bytes and one dimension, a view of the file's own.
 *
 * @throws InputError when a field of the header or the length is not as it must be
 */
export function parseIdxLabels(file: string, bytes: Uint8Array): Uint8Array {
  return parseIdx(file, bytes, 1).values;
}

/** No images take less room than this part of what they are, and what is small may be anything. */
const MOST_TIMES = 100;
const ALWAYS_BYTES = 64e6;

/**
 * The bytes themselves, or what they hold when they are gzip.
 *
 * @throws InputError when they cannot be unpacked, or would become far more than images do
 */
export function unzipped(file: string, bytes: Uint8Array): Uint8Array {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const maxOutputLength = Math.max(ALWAYS_BYTES, MOST_TIMES * bytes.length);
  try {
    return gunzipSync(bytes, { maxOutputLength });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      const most = `${Math.floor(maxOutputLength / 1e6)} MB`;
      return fail(file, `a gzip file of at most ${most} unpacked`, 'one of more');
    }
    const reason = error instanceof Error ? error.message : String(error);
    return fail(file, 'a whole gzip file', `one that cannot be unpacked (${reason})`);
  }
}

const UNSIGNED_BYTE = 0x08;

/**
 * The IDX format: two zero bytes, a type code, the rank, each dimension as a big-endian 32-bit
 * integer, then the values row by row.
 */
function parseIdx(file: string, bytes: Uint8Array, rank: number) {
  const raw = unzipped(file, bytes);
  const header = 4 + 4 * rank;
  if (raw.length < 4) fail(file, 'an IDX header', `${raw.length} bytes`);
  if (raw[0] !== 0 || raw[1] !== 0) {
    fail(file, 'an IDX file, which starts with two zero bytes', `${hex(raw[0])} ${hex(raw[1])}`);
  }
  if (raw[2] !== UNSIGNED_BYTE) {
    fail(file, 'the IDX type code 0x08 (unsigned bytes)', hex(raw[2]));
  }
  if (raw[3] !== rank) {
    const what = rank === 3 ? 'images (3 dimensions)' : 'labels (1 dimension)';
    fail(file, what, `${raw[3]} dimensions`);
  }
  if (raw.length < header) fail(file, `an IDX header of ${header} bytes`, `${raw.length} bytes`);
  const view = new DataView(raw.buffer, raw.byteOffset, header);
  const dimensions = Array.from({ length: rank }, (_, k) => view.getUint32(4 + 4 * k));
  const size = sizeOf(dimensions);
  if (raw.length !== header + size) {
    const shape = dimensions.join('×');
    fail(file, `${header + size} bytes (${header} of header, ${shape} values)`, `${raw.length}`);
  }
  return { dimensions, values: raw.subarray(header) };
}

function hex(byte: number | undefined): string {
  return `0x${(byte ?? 0).toString(16).padStart(2, '0')}`;
}

function fail(file: string, expected: string, got: string): never {
  throw new InputError(
    `${file}: expected ${expected}, got ${got}; the file is damaged or not the one meant, ` +
      'replace it with a good copy',
  );
}
