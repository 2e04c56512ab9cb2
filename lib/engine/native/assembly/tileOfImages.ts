import { VECTOR } from './math';
import { PAIR, storePairs } from './pairs';
import { PANEL } from './panels';
import { Sparse } from './sparse';

/**
 * Images and the first layer, for passes that go over the same images many times: forward image by
 * image, backward pixel by pixel. Matrices lie in panels of sixteen columns, which stay in registers
 * while the pixels of an image, or the images of a pixel, are gone through. A pixel is its byte:
 * it is the panels that are divided by 255.
 */

/** Images at a time: so many derivatives of a panel stay in the nearest cache. */
export const BLOCK: u32 = 256;
/** Images of a tile, a part of a block, that the later layers take at a time. */
export const ROWS: u32 = 64;
/** Bytes of an entry: its image in the block, and its byte. */
const ENTRY: usize = 2;

/** The rows of a matrix, `row` bytes each, divided by 255 and in panels. */
export function packInk(m: usize, rows: u32, row: usize, panels: usize, panelBytes: usize): void {
  const unit = f32x4.splat((1.0 / 255.0) as f32);
  for (let o: usize = 0; o < row; o += PANEL, panels += panelBytes) {
    const bytes = min(PANEL, row - o);
    let from = m + o;
    let to = panels;
    for (let k: u32 = 0; k < rows; k++, from += row, to += PANEL) {
      for (let at: usize = 0; at < bytes; at += VECTOR) {
        v128.store(to + at, f32x4.mul(v128.load(from + at), unit));
      }
      for (let at = bytes; at < PANEL; at += VECTOR) v128.store(to + at, f32x4.splat(0));
    }
  }
}

/**
 * Sixteen numbers and Σ value·(the row at `rows` + offset) over the pairs; the bytes from `left` on
 * are not written. Two pairs are summed before they go to the rest: each of the four sums would
 * otherwise wait for itself.
 */
@inline
function addRows(pairs: usize, end: usize, rows: usize, from: usize, left: usize, to: usize): void {
  let a0 = v128.load(from);
  let a1 = v128.load(from, 16);
  let a2 = v128.load(from, 32);
  let a3 = v128.load(from, 48);
  let p = pairs;
  for (; p + 2 * PAIR <= end; p += 2 * PAIR) {
    const x = v128.load32_splat(p, 4);
    const q = rows + load<u32>(p);
    const y = v128.load32_splat(p, 12);
    const r = rows + load<u32>(p, 8);
    a0 = f32x4.add(a0, f32x4.add(f32x4.mul(x, v128.load(q)), f32x4.mul(y, v128.load(r))));
    a1 = f32x4.add(a1, f32x4.add(f32x4.mul(x, v128.load(q, 16)), f32x4.mul(y, v128.load(r, 16))));
    a2 = f32x4.add(a2, f32x4.add(f32x4.mul(x, v128.load(q, 32)), f32x4.mul(y, v128.load(r, 32))));
    a3 = f32x4.add(a3, f32x4.add(f32x4.mul(x, v128.load(q, 48)), f32x4.mul(y, v128.load(r, 48))));
  }
  if (p < end) {
    const x = v128.load32_splat(p, 4);
    const q = rows + load<u32>(p);
    a0 = f32x4.add(a0, f32x4.mul(x, v128.load(q)));
    a1 = f32x4.add(a1, f32x4.mul(x, v128.load(q, 16)));
    a2 = f32x4.add(a2, f32x4.mul(x, v128.load(q, 32)));
    a3 = f32x4.add(a3, f32x4.mul(x, v128.load(q, 48)));
  }
  v128.store(to, a0);
  if (left > VECTOR) v128.store(to, a1, 16);
  if (left > 2 * VECTOR) v128.store(to, a2, 32);
  if (left > 3 * VECTOR) v128.store(to, a3, 48);
}

/**
 * b + Σ x·w of images [first, first + n), `row` bytes each: a tile of them at `to`, and the next one
 * `next` bytes behind it. `w` is in panels, `pairs` has room for the block's pixels.
 */
export function forwardByImage(
  data: Sparse, first: u32, n: u32, pairs: usize, w: usize, panelBytes: usize, b: usize, row: usize,
  to: usize, next: usize,
): void {
  const offsets: usize = data.offsets + (first << 2);
  const begin = load<u32>(offsets);
  pairsOfPixels(data, begin, load<u32>(offsets + ((n as usize) << 2)), pairs);
  const base = pairs - (begin as usize) * PAIR;
  for (let o: usize = 0; o < row; o += PANEL, w += panelBytes) {
    for (let s: u32 = 0; s < n; s++) {
      const image = offsets + ((s as usize) << 2);
      const p = base + (load<u32>(image) as usize) * PAIR;
      const end = base + (load<u32>(image, 4) as usize) * PAIR;
      const q = to + ((s / ROWS) as usize) * next + ((s % ROWS) as usize) * row + o;
      addRows(p, end, w, b + o, row - o, q);
    }
  }
}

/** The pixels [k, last) of a dataset as pairs: their row of a panel, and their byte as a number. */
function pairsOfPixels(data: Sparse, k: u32, last: u32, to: usize): void {
  for (; k + 4 <= last; k += 4, to += 4 * PAIR) {
    const columns = v128.load_ext<u16>(data.columns + (k << 1));
    const bytes = i16x8.extend_low_i8x16_u(v128.load32_zero(data.bytes + k));
    const rows = i32x4.mul(columns, i32x4.splat(PANEL as u32));
    storePairs(to, rows, f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_u(bytes)));
  }
  for (; k < last; k++, to += PAIR) {
    store<u32>(to, (load<u16>(data.columns + (k << 1)) as u32) * (PANEL as u32));
    store<f32>(to, load<u8>(data.bytes + k) as f32, 4);
  }
}

/**
 * A block's pixels by column: `columns` has for each pixel and the end where its entries begin, and
 * `entries` the entries of all blocks, each where its image's pixels are in the dataset.
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
 * g += Σ x·d over a block's pixels: the weights' gradient, laid out as the weights, `row` bytes a row.
 * `d` is in panels of BLOCK rows; `pairs` has room for all pixels of the block.
 */
export function backwardByPixel(
  pixels: u32, columns: usize, entries: usize, d: usize, row: usize, pairs: usize, g: usize,
): void {
  const first = load<u32>(columns);
  const last = load<u32>(columns + ((pixels as usize) << 2));
  decode(entries + (first as usize) * ENTRY, entries + (last as usize) * ENTRY, pairs);
  const base = pairs - (first as usize) * PAIR;
  for (let o: usize = 0; o < row; o += PANEL, d += (BLOCK as usize) * PANEL) {
    let to = g + o;
    for (let k: usize = 0; k < pixels; k++, to += row) {
      const begin = base + (load<u32>(columns + (k << 2)) as usize) * PAIR;
      const end = base + (load<u32>(columns + (k << 2), 4) as usize) * PAIR;
      if (end > begin) addRows(begin, end, d, to, row - o, to);
    }
  }
}

/** Entries as pairs, four at a time; of the last four some may be none, which nobody reads. */
function decode(entry: usize, end: usize, to: usize): void {
  for (; entry < end; entry += 4 * ENTRY, to += 4 * PAIR) {
    const both = v128.load_ext<u16>(entry);
    const rows = i32x4.mul(v128.and(both, i32x4.splat(255)), i32x4.splat(PANEL as u32));
    storePairs(to, rows, f32x4.convert_i32x4_s(i32x4.shr_u(both, 8)));
  }
}
