import { splat, VECTOR } from './math';
import { Sparse } from './sparse';

/**
 * A tile's images and the first layer, for passes that go over the same images many times. Forward,
 * an image's pixels are decoded once, for all columns of the weights. Backward, the tile is read pixel
 * by pixel: a row of the gradient then stays in registers for all of the tile's samples.
 */

/** Bytes of a decoded pixel: where its row begins, and its value. */
export const PAIR: usize = 8;
/** Bytes of an entry: its sample in the tile, and its byte. */
const ENTRY: usize = 2;
/** Bytes of a row that are summed at once: as many sums and weights, and a pixel, fit the registers. */
const FOUR: usize = 4 * VECTOR;
const SIX: usize = 6 * VECTOR;

/** z[s] = b + Σ x·w over the pixels of images first + s, of n; `pairs` has room for all pixels. */
export function rowsByPairs(
  data: Sparse, first: u32, n: u32, w: usize, b: usize, row: usize, pairs: usize, z: usize,
): void {
  for (let s: u32 = 0; s < n; s++, z += row) {
    const image = data.offsets + ((first + s) << 2);
    let end = pairs;
    for (let k = load<u32>(image); k < load<u32>(image + 4); k++, end += PAIR) {
      store<u32>(end, (load<u16>(data.columns + (k << 1)) as u32) * (row as u32));
      store<f32>(end, load<f32>(data.values + ((load<u8>(data.bytes + k) as u32) << 2)), 4);
    }
    sumOfRows(pairs, end, w, b, row, z);
  }
}

/** to = from + Σ value·(the row at `rows` + offset) over the pairs. */
function sumOfRows(pairs: usize, end: usize, rows: usize, from: usize, row: usize, to: usize): void {
  let at: usize = 0;
  for (; at + SIX <= row; at += SIX) {
    let a5 = v128.load(from + at, 80);
    let a4 = v128.load(from + at, 64);
    let a3 = v128.load(from + at, 48);
    let a2 = v128.load(from + at, 32);
    let a1 = v128.load(from + at, 16);
    let a0 = v128.load(from + at, 0);
    for (let p = pairs; p < end; p += PAIR) {
      const x = splat(p + 4);
      const q = rows + at + load<u32>(p);
      a5 = f32x4.add(a5, f32x4.mul(x, v128.load(q, 80)));
      a4 = f32x4.add(a4, f32x4.mul(x, v128.load(q, 64)));
      a3 = f32x4.add(a3, f32x4.mul(x, v128.load(q, 48)));
      a2 = f32x4.add(a2, f32x4.mul(x, v128.load(q, 32)));
      a1 = f32x4.add(a1, f32x4.mul(x, v128.load(q, 16)));
      a0 = f32x4.add(a0, f32x4.mul(x, v128.load(q, 0)));
    }
    v128.store(to + at, a5, 80);
    v128.store(to + at, a4, 64);
    v128.store(to + at, a3, 48);
    v128.store(to + at, a2, 32);
    v128.store(to + at, a1, 16);
    v128.store(to + at, a0, 0);
  }
  for (; at + FOUR <= row; at += FOUR) {
    let a0 = v128.load(from + at);
    let a1 = v128.load(from + at, 16);
    let a2 = v128.load(from + at, 32);
    let a3 = v128.load(from + at, 48);
    for (let p = pairs; p < end; p += PAIR) {
      const x = splat(p + 4);
      const q = rows + at + load<u32>(p);
      a0 = f32x4.add(a0, f32x4.mul(x, v128.load(q)));
      a1 = f32x4.add(a1, f32x4.mul(x, v128.load(q, 16)));
      a2 = f32x4.add(a2, f32x4.mul(x, v128.load(q, 32)));
      a3 = f32x4.add(a3, f32x4.mul(x, v128.load(q, 48)));
    }
    v128.store(to + at, a0);
    v128.store(to + at, a1, 16);
    v128.store(to + at, a2, 32);
    v128.store(to + at, a3, 48);
  }
  for (; at < row; at += VECTOR) {
    let a = v128.load(from + at);
    for (let p = pairs; p < end; p += PAIR) {
      a = f32x4.add(a, f32x4.mul(splat(p + 4), v128.load(rows + at + load<u32>(p))));
    }
    v128.store(to + at, a);
  }
}

/**
 * A tile's pixels by column: `columns` has for each pixel and the end where its entries begin, and
 * `entries` the entries of all tiles, each where its image's pixels are in the dataset.
 */
export function fillColumns(
  data: Sparse, first: u32, n: u32, pixels: u32, columns: usize, entries: usize,
): void {
  const from = load<u32>(data.offsets + (first << 2));
  const to = load<u32>(data.offsets + ((first + n) << 2));
  memory.fill(columns, 0, ((pixels + 1) as usize) << 2);
  // Counts, then where each column ends; filled from behind that is where it begins.
  for (let k = from; k < to; k++) {
    const at = columns + ((load<u16>(data.columns + (k << 1)) as usize) << 2);
    store<u32>(at, load<u32>(at) + 1);
  }
  let sum = from;
  for (let k: usize = 0; k < pixels; k++) {
    sum += load<u32>(columns + (k << 2));
    store<u32>(columns + (k << 2), sum);
  }
  store<u32>(columns + ((pixels as usize) << 2), to);
  for (let s = n; s > 0; s--) {
    const image = data.offsets + ((first + s - 1) << 2);
    for (let k = load<u32>(image); k < load<u32>(image + 4); k++) {
      const at = columns + ((load<u16>(data.columns + (k << 1)) as usize) << 2);
      const place = load<u32>(at) - 1;
      store<u32>(at, place);
      const entry = entries + (place as usize) * ENTRY;
      store<u8>(entry, (s - 1) as u8);
      store<u8>(entry, load<u8>(data.bytes + k), 1);
    }
  }
}

/**
 * g += Σ x·d over a tile's pixels: the weights' gradient, laid out as the weights; `pairs` has room
 * for a tile's samples.
 */
export function addByColumn(
  data: Sparse, pixels: u32, columns: usize, entries: usize, d: usize, row: usize,
  pairs: usize, g: usize,
): void {
  for (let k: usize = 0; k < pixels; k++, g += row) {
    const to = entries + (load<u32>(columns + (k << 2), 4) as usize) * ENTRY;
    let end = pairs;
    for (let e = entries + (load<u32>(columns + (k << 2)) as usize) * ENTRY; e < to; e += ENTRY) {
      store<u32>(end, (load<u8>(e) as u32) * (row as u32));
      store<f32>(end, load<f32>(data.values + ((load<u8>(e, 1) as u32) << 2)), 4);
      end += PAIR;
    }
    if (end > pairs) sumOfRows(pairs, end, d, g, row, g);
  }
}
