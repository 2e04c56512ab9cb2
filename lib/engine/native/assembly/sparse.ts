import { splat, VECTOR } from './math';

/**
 * The first layer. Most pixels of a digit are 0, so an image is the list of those that are not:
 * columns (u16) and bytes, from offsets[i] to offsets[i + 1]. A byte's value is looked up in a table
 * of 256 floats.
 */

/** What describes a dataset, six numbers in memory. */
@unmanaged
export class Sparse {
  offsets: u32;
  columns: u32;
  bytes: u32;
  labels: u32;
  values: u32;
  length: u32;
}

/**
 * Bytes of a row that are summed at once: four sums, and the weights and values of two pixels, fit
 * the sixteen registers. V8 loads all that a loop needs before it calculates, so eight sums did not.
 */
const BLOCK: usize = 4 * VECTOR;

@inline
function madd(acc: v128, v: v128, p: usize, lane: usize): v128 {
  return f32x4.add(acc, f32x4.mul(v, v128.load(p + lane * VECTOR)));
}

/**
 * z = b + Σ x·w over the pixels of image i; w is [pixels][width], width a multiple of 4. Of each row
 * the bytes [first, last), whole vectors.
 */
export function firstLayer(
  data: Sparse, i: u32, w: usize, b: usize, width: u32, z: usize,
  first: usize = 0, last: usize = (width as usize) << 2,
): void {
  const from = load<u32>(data.offsets + (i << 2)) as usize;
  const to = load<u32>(data.offsets + (i << 2) + 4) as usize;
  const values: usize = data.values;
  const row: usize = (width as usize) << 2;
  const whole = last - (last - first) % BLOCK;
  for (let at = first; at < whole; at += BLOCK) {
    let column: usize = (data.columns as usize) + (from << 1);
    let byte: usize = (data.bytes as usize) + from;
    const end: usize = (data.bytes as usize) + to;
    const own = w + at;
    let a0 = v128.load(b + at);
    let a1 = v128.load(b + at, 16);
    let a2 = v128.load(b + at, 32);
    let a3 = v128.load(b + at, 48);
    // Two pixels at a time, of which each number that is read has both.
    for (; byte + 2 <= end; byte += 2, column += 4) {
      const rows = load<u32>(column) as usize;
      const bytes = load<u16>(byte) as usize;
      const v = splat(values + ((bytes & 0xff) << 2));
      const p = own + (rows & 0xffff) * row;
      const u = splat(values + ((bytes >> 8) << 2));
      const q = own + (rows >> 16) * row;
      a0 = madd(a0, v, p, 0);
      a1 = madd(a1, v, p, 1);
      a2 = madd(a2, v, p, 2);
      a3 = madd(a3, v, p, 3);
      a0 = madd(a0, u, q, 0);
      a1 = madd(a1, u, q, 1);
      a2 = madd(a2, u, q, 2);
      a3 = madd(a3, u, q, 3);
    }
    for (; byte < end; byte++, column += 2) {
      const v = splat(values + ((load<u8>(byte) as usize) << 2));
      const p = own + (load<u16>(column) as usize) * row;
      a0 = madd(a0, v, p, 0);
      a1 = madd(a1, v, p, 1);
      a2 = madd(a2, v, p, 2);
      a3 = madd(a3, v, p, 3);
    }
    v128.store(z + at, a0);
    v128.store(z + at, a1, 16);
    v128.store(z + at, a2, 32);
    v128.store(z + at, a3, 48);
  }
  // A function of its own, or its numbers take registers of the loop above.
  if (whole < last) vectorByVector(data, from, to, w, b, row, z, whole, last);
}

function vectorByVector(
  data: Sparse, from: usize, to: usize, w: usize, b: usize, row: usize, z: usize, first: usize, last: usize,
): void {
  for (let at = first; at < last; at += VECTOR) {
    let sum = v128.load(b + at);
    for (let k = from; k < to; k++) {
      const v = splat(data.values + ((load<u8>(data.bytes + k) as usize) << 2));
      sum = madd(sum, v, w + (load<u16>(data.columns + (k << 1)) as usize) * row + at, 0);
    }
    v128.store(z + at, sum);
  }
}

/** Bytes of a line of the cache. */
const LINE: usize = 64;

/** Reads a byte of each line from the one of `from` on. */
@inline
function fetch(from: usize, to: usize): u32 {
  let kept: u32 = 0;
  for (let p = from & ~(LINE - 1); p < to; p += LINE) kept |= load<u8>(p);
  return kept;
}

/**
 * Reads a byte of each line of a batch's images. They lie anywhere in memory, and of reads that nothing
 * waits for many are under way at once; the layer would wait for each image on its own. What it
 * returns means nothing, but must be kept somewhere, or the reads are left out.
 */
export function fetchImages(data: Sparse, indices: usize, n: u32): u32 {
  let kept: u32 = 0;
  for (let s: usize = 0; s < n; s++) {
    const image = data.offsets + (load<u32>(indices + (s << 2)) << 2);
    const from = load<u32>(image);
    const to = load<u32>(image + 4);
    kept |= fetch(data.columns + (from << 1), data.columns + (to << 1));
    kept |= fetch(data.bytes + from, data.bytes + to);
  }
  return kept;
}

@inline
function bump(p: usize, lane: usize, v: v128, d: v128): void {
  v128.store(p + lane * VECTOR, f32x4.add(v128.load(p + lane * VECTOR), f32x4.mul(v, d)));
}

/** g = 0 for the bytes [first, last) of each row. */
export function clear(g: usize, rows: u32, row: usize, first: usize, last: usize): void {
  const end = g + (rows as usize) * row;
  for (; g < end; g += row) {
    for (let at = first; at < last; at += VECTOR) v128.store(g + at, f32x4.splat(0));
  }
}

/**
 * g += Σ x·d over the pixels of a batch's images: the weights' gradient, laid out as the weights. Of
 * each row the bytes [first, last), whole vectors.
 */
export function firstLayerGradient(
  data: Sparse, indices: usize, n: u32, d: usize, width: u32, g: usize,
  first: usize = 0, last: usize = (width as usize) << 2,
): void {
  const row: usize = (width as usize) << 2;
  const columns: usize = data.columns;
  const bytes: usize = data.bytes;
  const values: usize = data.values;
  for (let s: usize = 0; s < n; s++, d += row) {
    const i = load<u32>(indices + (s << 2));
    const from = load<u32>(data.offsets + (i << 2));
    const to = load<u32>(data.offsets + (i << 2) + 4);
    let at = first;
    for (; at + 128 <= last; at += 128) {
      const d0 = v128.load(d + at);
      const d1 = v128.load(d + at, 16);
      const d2 = v128.load(d + at, 32);
      const d3 = v128.load(d + at, 48);
      const d4 = v128.load(d + at, 64);
      const d5 = v128.load(d + at, 80);
      const d6 = v128.load(d + at, 96);
      const d7 = v128.load(d + at, 112);
      for (let k = from; k < to; k++) {
        const v = splat(values + ((load<u8>(bytes + k) as usize) << 2));
        const p = g + (load<u16>(columns + (k << 1)) as usize) * row + at;
        bump(p, 0, v, d0);
        bump(p, 1, v, d1);
        bump(p, 2, v, d2);
        bump(p, 3, v, d3);
        bump(p, 4, v, d4);
        bump(p, 5, v, d5);
        bump(p, 6, v, d6);
        bump(p, 7, v, d7);
      }
    }
    for (; at < last; at += VECTOR) {
      const d0 = v128.load(d + at);
      for (let k = from; k < to; k++) {
        const v = splat(values + ((load<u8>(bytes + k) as usize) << 2));
        bump(g + (load<u16>(columns + (k << 1)) as usize) * row + at, 0, v, d0);
      }
    }
  }
}
