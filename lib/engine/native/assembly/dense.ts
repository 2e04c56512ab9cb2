import { activate, slope, splat, VECTOR } from './math';
import { storePair, tile } from './tile';

/**
 * Products of small dense matrices, rows of a multiple of four floats. Batches have a multiple of
 * four rows; what is beyond a layer's width or a batch's size is 0.
 */

/** out[s][o] = b[o] + Σₖ a[s][k]·m[k][o] for `rows` samples; b = 0 for none. */
export function multiply(
  a: usize,
  rows: u32,
  inputs: u32,
  m: usize,
  b: usize,
  outputs: u32,
  out: usize,
): void {
  const aRow: usize = (inputs as usize) << 2;
  const row: usize = (outputs as usize) << 2;
  const zero = f32x4.splat(0);
  for (let o: usize = 0; o < row; ) {
    const pair = o + 2 * VECTOR <= row;
    const b0 = b ? v128.load(b + o) : zero;
    const b1 = b && pair ? v128.load(b + o, 16) : zero;
    for (let s: u32 = 0; s < rows; s += 4) {
      const p0 = a + (s as usize) * aRow;
      const p1 = p0 + aRow;
      const p2 = p1 + aRow;
      const p3 = p2 + aRow;
      const q = out + (s as usize) * row + o;
      let w = m + o;
      if (pair) {
        tile(p0, p1, p2, p3, 1, aRow, 0, w, row, b0, b1, q, q + row, q + 2 * row, q + 3 * row);
      } else {
        let x0 = b0, x1 = b0, x2 = b0, x3 = b0;
        for (let k: usize = 0; k < aRow; k += 4) {
          const w0 = v128.load(w);
          x0 = f32x4.add(x0, f32x4.mul(splat(p0 + k), w0));
          x1 = f32x4.add(x1, f32x4.mul(splat(p1 + k), w0));
          x2 = f32x4.add(x2, f32x4.mul(splat(p2 + k), w0));
          x3 = f32x4.add(x3, f32x4.mul(splat(p3 + k), w0));
          w += row;
        }
        v128.store(q, x0);
        v128.store(q + row, x1);
        v128.store(q + 2 * row, x2);
        v128.store(q + 3 * row, x3);
      }
    }
    o += pair ? 2 * VECTOR : VECTOR;
  }
}

/**
 * g[k][o] = Σₛ a[s][k]·d[s][o]: the gradient of the weights between two layers, for the vectors
 * [first, last) of the inputs.
 */
export function outer(
  a: usize, d: usize, rows: u32, inputs: u32, outputs: u32, g: usize,
  first: u32 = 0, last: u32 = inputs / 4,
): void {
  const aRow: usize = (inputs as usize) << 2;
  const row: usize = (outputs as usize) << 2;
  const end = (last as usize) * VECTOR;
  for (let k = (first as usize) * VECTOR; k < end; k += VECTOR) {
    for (let o: usize = 0; o < row; ) {
      const pair = o + 2 * VECTOR <= row;
      const zero = f32x4.splat(0);
      let x0 = zero, x1 = zero, x2 = zero, x3 = zero;
      let y0 = zero, y1 = zero, y2 = zero, y3 = zero;
      let p = a + k;
      let q = d + o;
      for (let s: u32 = 0; s < rows; s++) {
        const d0 = v128.load(q);
        const s0 = splat(p);
        const s1 = splat(p + 4);
        const s2 = splat(p + 8);
        const s3 = splat(p + 12);
        x0 = f32x4.add(x0, f32x4.mul(s0, d0));
        x1 = f32x4.add(x1, f32x4.mul(s1, d0));
        x2 = f32x4.add(x2, f32x4.mul(s2, d0));
        x3 = f32x4.add(x3, f32x4.mul(s3, d0));
        if (pair) {
          const d1 = v128.load(q, 16);
          y0 = f32x4.add(y0, f32x4.mul(s0, d1));
          y1 = f32x4.add(y1, f32x4.mul(s1, d1));
          y2 = f32x4.add(y2, f32x4.mul(s2, d1));
          y3 = f32x4.add(y3, f32x4.mul(s3, d1));
        }
        p += aRow;
        q += row;
      }
      const to = g + (k >> 2) * row + o;
      if (pair) {
        storePair(to, x0, y0);
        storePair(to + row, x1, y1);
        storePair(to + 2 * row, x2, y2);
        storePair(to + 3 * row, x3, y3);
      } else {
        v128.store(to, x0);
        v128.store(to + row, x1);
        v128.store(to + 2 * row, x2);
        v128.store(to + 3 * row, x3);
      }
      o += pair ? 2 * VECTOR : VECTOR;
    }
  }
}

/**
 * to[o][k] = m[k][o] for the vectors [first, last) of the inputs, four by four numbers in registers;
 * sixteen inputs at a time fill the lines of the cache that they are written to.
 */
export function transpose(
  m: usize, inputs: u32, outputs: u32, to: usize,
  first: u32 = 0, last: u32 = inputs / 4,
): void {
  const row: usize = (outputs as usize) << 2;
  const column: usize = (inputs as usize) << 2;
  for (let begin = first; begin < last; begin += 4) {
    const end = min(begin + 4, last);
    for (let o: usize = 0; o < row; o += VECTOR) {
      for (let k = begin; k < end; k++) {
        const q = to + (o >> 2) * column + (k as usize) * VECTOR;
        transposeFour(m + 4 * (k as usize) * row + o, row, q, column);
      }
    }
  }
}

/** Four rows of four numbers, `row` bytes apart, as columns, `column` bytes apart. */
@inline
export function transposeFour(p: usize, row: usize, q: usize, column: usize): void {
  const m0 = v128.load(p);
  const m1 = v128.load(p + row);
  const m2 = v128.load(p + 2 * row);
  const m3 = v128.load(p + 3 * row);
  const low01 = v128.shuffle<f32>(m0, m1, 0, 4, 1, 5);
  const high01 = v128.shuffle<f32>(m0, m1, 2, 6, 3, 7);
  const low23 = v128.shuffle<f32>(m2, m3, 0, 4, 1, 5);
  const high23 = v128.shuffle<f32>(m2, m3, 2, 6, 3, 7);
  v128.store(q, v128.shuffle<f64>(low01, low23, 0, 2));
  v128.store(q + column, v128.shuffle<f64>(low01, low23, 1, 3));
  v128.store(q + 2 * column, v128.shuffle<f64>(high01, high23, 0, 2));
  v128.store(q + 3 * column, v128.shuffle<f64>(high01, high23, 1, 3));
}

/** sum[o] = Σₛ d[s][o] for the bytes [first, last) of a row. */
export function columnSums(
  d: usize, rows: u32, width: u32, sum: usize,
  first: usize = 0, last: usize = (width as usize) << 2,
): void {
  const row: usize = (width as usize) << 2;
  for (let o = first; o < last; o += VECTOR) {
    let x = f32x4.splat(0);
    for (let s: usize = 0; s < rows; s++) x = f32x4.add(x, v128.load(d + s * row + o));
    v128.store(sum + o, x);
  }
}

/** The nonlinearity in place; what lies beyond the layer's width stays 0. */
export function activateAll(kind: i32, a: usize, rows: u32, width: u32, padded: u32): void {
  const end = a + (((rows * padded) as usize) << 2);
  for (let p = a; p < end; p += VECTOR) v128.store(p, activate(kind, v128.load(p)));
  for (let s: u32 = 0; s < rows; s++) {
    for (let o = width; o < padded; o++) store<f32>(a + (((s * padded + o) as usize) << 2), 0);
  }
}

/** d ← d·f′ where the nonlinearity has the values a. */
export function timesSlope(kind: i32, a: usize, d: usize, count: u32): void {
  for (let p: usize = 0; p < (count as usize) << 2; p += VECTOR) {
    v128.store(d + p, f32x4.mul(v128.load(d + p), slope(kind, v128.load(a + p))));
  }
}
