import { splat, VECTOR } from './math';
import { PANEL } from './panels';
import { Sparse } from './sparse';

/**
 * Products of matrices of which the left one has many zeros: pixels that are black, and values that ReLU
 * has set to 0. What is not 0 in a row of it is written out as pairs, once for all columns. The right
 * one lies in panels.
 *
 * Bytes of a pair: how far its row of a panel is, and the number.
 */
export const PAIR: usize = 8;

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
        const both = v128.load(p);
        const x = v128.shuffle<i32>(both, both, 1, 1, 1, 1);
        const r = v + load<u32>(p);
        const y = v128.shuffle<i32>(both, both, 3, 3, 3, 3);
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
    const rows = i32x4.shl(columns, ctz<i32>(PANEL as i32));
    storePairs(to, rows, valuesOf(i32x4.extend_low_i16x8_u(bytes)));
  }
  for (; k < last; k++, to += PAIR) {
    store<u32>(to, (load<u16>(data.columns + (k << 1)) as u32) * (PANEL as u32));
    store<f32>(to, load<f32>(data.values + ((load<u8>(data.bytes + k) as u32) << 2)), 4);
  }
  return to;
}

/** 1/255 but for its lowest bits, so few that a byte times it is exact; and the rest of it. */
const MOST_OF_IT: f32 = 257.0 / 65536.0;
const REST_OF_IT: f32 = 5.983839e-8;

/** Four bytes as pixels: to the bit what a dataset's table has for them, byte / 255, without dividing. */
@inline
function valuesOf(bytes: v128): v128 {
  const x = f32x4.convert_i32x4_s(bytes);
  return f32x4.add(f32x4.mul(x, f32x4.splat(MOST_OF_IT)), f32x4.mul(x, f32x4.splat(REST_OF_IT)));
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
    let row = i32x4(0, PANEL as i32, 2 * (PANEL as i32), 3 * (PANEL as i32));
    let k: u32 = 0;
    for (; k + 4 <= width; k += 4) {
      to = fourPairs(v128.load(a + placeOf(k, aPanel)), row, all, to);
      row = i32x4.add(row, i32x4.splat(4 * (PANEL as i32)));
    }
    for (; k < width; k++) {
      to = onePair(load<f32>(a + placeOf(k, aPanel)), k * (PANEL as u32), all, to);
    }
    store<u32>(ends + ((s as usize) << 2), to as u32);
  }
}

/** The pair of a number that is not 0, or of any with `all`; where it ends. */
@inline
function onePair(x: f32, row: u32, all: bool, to: usize): usize {
  store<u32>(to, row);
  store<f32>(to, x, 4);
  return x != 0 || all ? to + PAIR : to;
}

/** Where the number k of a row is that lies in panels, `panel` bytes apart. */
@inline
function placeOf(k: u32, panel: usize): usize {
  return ((k / 16) as usize) * panel + ((k % 16) << 2);
}

/** The bytes of each of four numbers. */
const A: u32 = 0x03020100;
const B: u32 = 0x07060504;
const C: u32 = 0x0b0a0908;
const D: u32 = 0x0f0e0d0c;

/**
 * For each choice among four numbers the bytes that move those that are chosen to the front, in their
 * order. All of it is constant: a thread that starts writes it anew while others read it.
 */
const TO_THE_FRONT: usize = memory.data<u32>([
  0, 0, 0, 0, A, 0, 0, 0, B, 0, 0, 0, A, B, 0, 0,
  C, 0, 0, 0, A, C, 0, 0, B, C, 0, 0, A, B, C, 0,
  D, 0, 0, 0, A, D, 0, 0, B, D, 0, 0, A, B, D, 0,
  C, D, 0, 0, A, C, D, 0, B, C, D, 0, A, B, C, D,
], 16);

/** The pairs of those of four numbers that are not 0, or of `all`; where they end. Writes 32 bytes. */
@inline
function fourPairs(x: v128, rows: v128, all: bool, to: usize): usize {
  const choice = all ? 15 : i32x4.bitmask(f32x4.ne(x, f32x4.splat(0)));
  const front = v128.load(TO_THE_FRONT + ((choice as usize) << 4));
  storePairs(to, i8x16.swizzle(rows, front), i8x16.swizzle(x, front));
  return to + (popcnt(choice) as usize) * PAIR;
}

/**
 * The same of the first `columns` of a panel, down `rows` rows that are PANEL bytes apart; the others of
 * its sixteen have none. The row s belongs to the row s of a matrix whose rows are `next` bytes.
 */
export function pairsOfColumns(
  a: usize, rows: u32, columns: u32, all: bool, next: u32, pairs: usize, step: usize, ends: usize,
): void {
  for (let c: u32 = 0; c < 16; c += 4, a += VECTOR, pairs += 4 * step) {
    let t0 = pairs;
    let t1 = t0 + step;
    let t2 = t1 + step;
    let t3 = t2 + step;
    let row = i32x4(0, next as i32, 2 * next, 3 * next);
    let s: u32 = 0;
    for (; s + 4 <= rows && c < columns; s += 4) {
      const p = a + (s as usize) * PANEL;
      const r0 = v128.load(p);
      const r1 = v128.load(p, PANEL);
      const r2 = v128.load(p, 2 * PANEL);
      const r3 = v128.load(p, 3 * PANEL);
      const left0 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
      const right0 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
      const left2 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
      const right2 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
      t0 = fourPairs(v128.shuffle<f64>(left0, left2, 0, 2), row, all, t0);
      t1 = fourPairs(v128.shuffle<f64>(left0, left2, 1, 3), row, all, t1);
      t2 = fourPairs(v128.shuffle<f64>(right0, right2, 0, 2), row, all, t2);
      t3 = fourPairs(v128.shuffle<f64>(right0, right2, 1, 3), row, all, t3);
      row = i32x4.add(row, i32x4.splat(4 * next));
    }
    for (; s < rows && c < columns; s++) {
      const p = a + (s as usize) * PANEL;
      t0 = onePair(load<f32>(p), s * next, all, t0);
      t1 = onePair(load<f32>(p, 4), s * next, all, t1);
      t2 = onePair(load<f32>(p, 8), s * next, all, t2);
      t3 = onePair(load<f32>(p, 12), s * next, all, t3);
    }
    const end = ends + (c << 2);
    store<u32>(end, c < columns ? t0 : pairs);
    store<u32>(end, c + 1 < columns ? t1 : pairs + step, 4);
    store<u32>(end, c + 2 < columns ? t2 : pairs + 2 * step, 8);
    store<u32>(end, c + 3 < columns ? t3 : pairs + 3 * step, 12);
  }
}
