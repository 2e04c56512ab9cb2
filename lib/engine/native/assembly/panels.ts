import { transposeFour } from './dense';
import { splat, VECTOR } from './math';
import { Sparse } from './sparse';

/**
 * Products of matrices of which the left one has many zeros: pixels that are black, and values that ReLU
 * has set to 0. What is not 0 in a row of it is written out as pairs, once for all columns.
 *
 * The right matrix lies in panels of sixteen columns, one panel behind the other: a panel is read from
 * begin to end and stays in the nearest cache for many rows. In rows of a power of two floats the same
 * columns would fall on few lines of that cache, each row on a page of its own.
 */
export const PANEL: usize = 4 * VECTOR;
/** Bytes of a pair: how far its row of a panel is, and the number. */
export const PAIR: usize = 8;

@inline
export function panelsIn(columns: u32): u32 {
  return (columns + 15) / 16;
}

/** Whether all numbers are: what is 0 may be left out of a product only beside such. */
export function areFinite(w: usize, bytes: usize): bool {
  const zero = f32x4.splat(0);
  let x = zero;
  for (let p: usize = 0; p < bytes; p += VECTOR) x = f32x4.add(x, f32x4.mul(v128.load(w + p), zero));
  return !v128.any_true(f32x4.ne(x, x));
}

/**
 * out[s][o] = b[o] + Σ value·w[row][o] over the pairs of row s, in their order; b = 0 for none. The pairs
 * of a row are at pairs + s·step, to where `ends` says. Of the panels [first, last); what lies beyond
 * `bytes` of a row of `out` is not written. The panels of `w`, `b` and `out` are so many bytes apart.
 */
export function multiplyPairs(
  pairs: usize, step: usize, ends: usize, rows: u32,
  w: usize, wPanel: usize, b: usize, bPanel: usize, first: u32, last: u32, bytes: usize,
  out: usize, outPanel: usize, outRow: usize,
): void {
  for (let panel = first; panel < last; panel++) {
    const v = w + (panel as usize) * wPanel;
    const left = bytes - (panel as usize) * PANEL;
    const zero = f32x4.splat(0);
    const c = b + (panel as usize) * bPanel;
    const b0 = b ? v128.load(c) : zero;
    const b1 = b ? v128.load(c, 16) : zero;
    const b2 = b ? v128.load(c, 32) : zero;
    const b3 = b ? v128.load(c, 48) : zero;
    let q = out + (panel as usize) * outPanel;
    let begin = pairs;
    for (let s: u32 = 0; s < rows; s++, q += outRow, begin += step) {
      const end = load<u32>(ends + ((s as usize) << 2)) as usize;
      let x0 = b0, x1 = b1, x2 = b2, x3 = b3;
      let p = begin;
      for (; p + 2 * PAIR <= end; p += 2 * PAIR) {
        const x = splat(p + 4);
        const r = v + load<u32>(p);
        const y = splat(p + 12);
        const t = v + load<u32>(p, 8);
        x0 = f32x4.add(x0, f32x4.mul(x, v128.load(r)));
        x1 = f32x4.add(x1, f32x4.mul(x, v128.load(r, 16)));
        x2 = f32x4.add(x2, f32x4.mul(x, v128.load(r, 32)));
        x3 = f32x4.add(x3, f32x4.mul(x, v128.load(r, 48)));
        x0 = f32x4.add(x0, f32x4.mul(y, v128.load(t)));
        x1 = f32x4.add(x1, f32x4.mul(y, v128.load(t, 16)));
        x2 = f32x4.add(x2, f32x4.mul(y, v128.load(t, 32)));
        x3 = f32x4.add(x3, f32x4.mul(y, v128.load(t, 48)));
      }
      if (p < end) {
        const x = splat(p + 4);
        const r = v + load<u32>(p);
        x0 = f32x4.add(x0, f32x4.mul(x, v128.load(r)));
        x1 = f32x4.add(x1, f32x4.mul(x, v128.load(r, 16)));
        x2 = f32x4.add(x2, f32x4.mul(x, v128.load(r, 32)));
        x3 = f32x4.add(x3, f32x4.mul(x, v128.load(r, 48)));
      }
      v128.store(q, x0);
      if (left > VECTOR) v128.store(q, x1, 16);
      if (left > 2 * VECTOR) v128.store(q, x2, 32);
      if (left > 3 * VECTOR) v128.store(q, x3, 48);
    }
  }
}

/** The pixels of image i that are not 0 as pairs for panels of weights; where they end. */
export function pairsOfImage(data: Sparse, i: u32, to: usize): usize {
  const image = data.offsets + (i << 2);
  const last = load<u32>(image + 4);
  let k = load<u32>(image);
  for (; k + 4 <= last; k += 4, to += 4 * PAIR) {
    const columns = v128.load_ext<u16>(data.columns + (k << 1));
    const bytes = i16x8.extend_low_i8x16_u(v128.load32_zero(data.bytes + k));
    const rows = i32x4.mul(columns, i32x4.splat(PANEL as u32));
    storePairs(to, rows, valuesOf(i32x4.extend_low_i16x8_u(bytes)));
  }
  for (; k < last; k++, to += PAIR) {
    store<u32>(to, (load<u16>(data.columns + (k << 1)) as u32) * (PANEL as u32));
    store<f32>(to, load<f32>(data.values + ((load<u8>(data.bytes + k) as u32) << 2)), 4);
  }
  return to;
}

/** Four bytes as pixels: to the bit what a dataset's table has for them. */
@inline
function valuesOf(bytes: v128): v128 {
  return f32x4.div(f32x4.convert_i32x4_s(bytes), f32x4.splat(255));
}

/** Four pairs. */
@inline
export function storePairs(to: usize, rows: v128, values: v128): void {
  v128.store(to, v128.shuffle<i32>(rows, values, 0, 4, 1, 5));
  v128.store(to, v128.shuffle<i32>(rows, values, 2, 6, 3, 7), 16);
}

/** The pairs of some of a batch's images: `n` of those that `indices` says. */
export function pairsOfImages(
  data: Sparse, indices: usize, n: u32, pairs: usize, step: usize, ends: usize,
): void {
  for (let s: usize = 0; s < n; s++, pairs += step) {
    store<u32>(ends + (s << 2), pairsOfImage(data, load<u32>(indices + (s << 2)), pairs) as u32);
  }
}

/**
 * A batch's images by pixel: for each of the pixels [first, last) the samples in which it is not 0, in
 * their order. Sample s belongs to the row s of a matrix whose rows are PANEL bytes.
 */
export function pairsOfPixels(
  data: Sparse, indices: usize, n: u32, first: u32, last: u32, pairs: usize, step: usize, ends: usize,
): void {
  for (let c = first; c < last; c++) {
    store<u32>(ends + ((c as usize) << 2), (pairs + (c as usize) * step) as u32);
  }
  for (let s: u32 = 0; s < n; s++) {
    const image = data.offsets + (load<u32>(indices + ((s as usize) << 2)) << 2);
    const to = load<u32>(image + 4);
    for (let k = load<u32>(image); k < to; k++) {
      const c = load<u16>(data.columns + (k << 1)) as u32;
      if (c < first) continue;
      if (c >= last) break;
      const at = ends + ((c as usize) << 2);
      const end = load<u32>(at);
      store<u32>(end, s * (PANEL as u32));
      store<f32>(end, load<f32>(data.values + ((load<u8>(data.bytes + k) as u32) << 2)), 4);
      store<u32>(at, end + (PAIR as u32));
    }
  }
}

/**
 * What is not 0 of `width` numbers of each of `rows` rows, which lie in panels; with `all` the zeros as
 * well. The number k belongs to the row k of a matrix whose rows are PANEL bytes.
 */
export function pairsOfRows(
  a: usize, aPanel: usize, aRow: usize, rows: u32, width: u32, all: bool,
  pairs: usize, step: usize, ends: usize,
): void {
  for (let s: u32 = 0; s < rows; s++, a += aRow, pairs += step) {
    let to = pairs;
    for (let k: u32 = 0; k < width; k += 16) {
      const from = a + (k / 16) * aPanel;
      const n = min(16, width - k);
      for (let i: u32 = 0; i < n; i++) {
        const x = load<f32>(from + (i << 2));
        store<u32>(to, (k + i) * (PANEL as u32));
        store<f32>(to, x, 4);
        to += x != 0 || all ? PAIR : 0;
      }
    }
    store<u32>(ends + ((s as usize) << 2), to as u32);
  }
}

/**
 * The same of the first `columns` of a panel, down `rows` rows that are PANEL bytes apart; the others of
 * its sixteen have none. The row s belongs to the row s of a matrix whose rows are `next` bytes.
 */
export function pairsOfColumns(
  a: usize, rows: u32, columns: u32, all: bool, next: u32, pairs: usize, step: usize, ends: usize,
): void {
  for (let c: u32 = 0; c < 16; c++, pairs += step) {
    let to = pairs;
    for (let s: u32 = 0; s < rows && c < columns; s++) {
      const x = load<f32>(a + (s as usize) * PANEL + (c << 2));
      store<u32>(to, s * next);
      store<f32>(to, x, 4);
      to += x != 0 || all ? PAIR : 0;
    }
    store<u32>(ends + (c << 2), to as u32);
  }
}

/** The rows [from, to) of a matrix, `bytes` a row, in its panels [first, last). */
export function packRows(
  m: usize, bytes: usize, from: u32, to: u32, first: u32, last: u32, panels: usize, panelBytes: usize,
): void {
  for (let k = from; k < to; k++) {
    const row = m + (k as usize) * bytes;
    for (let panel = first; panel < last; panel++) {
      const o = (panel as usize) * PANEL;
      const q = panels + (panel as usize) * panelBytes + (k as usize) * PANEL;
      const end = min(PANEL, bytes - o);
      for (let at: usize = 0; at < end; at += VECTOR) v128.store(q + at, v128.load(row + o + at));
      for (let at = end; at < PANEL; at += VECTOR) v128.store(q + at, f32x4.splat(0));
    }
  }
}

/** The panel of a transposed matrix that the `rows` rows of `m` from its row 16·panel on are, as columns. */
export function packTransposed(
  m: usize, rows: u32, columns: u32, panel: u32, panels: usize, panelBytes: usize,
): void {
  const row = (columns as usize) << 2;
  const from = m + (panel as usize) * 16 * row;
  const to = panels + (panel as usize) * panelBytes;
  const n = min(16, rows - 16 * panel);
  if (n < 16) memory.fill(to, 0, panelBytes);
  for (let o: usize = 0; o < row; o += VECTOR) {
    for (let k: u32 = 0; k < n; k += 4) {
      const p = from + (k as usize) * row + o;
      transposeFour(p, row, to + (o >> 2) * PANEL + (k << 2), PANEL);
    }
  }
}
