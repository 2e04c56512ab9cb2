import { transposeFour } from './dense';
import { VECTOR } from './math';

/**
 * Matrices in panels of sixteen columns, one panel behind the other: a panel is read from begin to end
 * and stays in the nearest cache for many rows. In rows of a power of two floats the same columns would
 * fall on few lines of that cache, each row on a page of its own.
 */
export const PANEL: usize = 4 * VECTOR;

@inline
export function panelsIn(columns: u32): u32 {
  return (columns + 15) / 16;
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
