import { splat, VECTOR } from './math';
import { PAIR, storePairs, valuesOf } from './panels';
import { Sparse } from './sparse';

/**
 * A tile's images and the first layer, for passes that go over the same images many times. Backward,
 * the tile is read pixel by pixel: a row of the gradient then stays in registers for all of the tile's
 * samples.
 */

/** Bytes of an entry: its sample in the tile, and its byte. */
const ENTRY: usize = 2;
/** Bytes of a row that are summed at once: as many sums and weights, and a pixel, fit the registers. */
const FOUR: usize = 4 * VECTOR;
const SIX: usize = 6 * VECTOR;

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
 * for all pixels of the tile, which are decoded in one go: a column has few.
 */
export function addByColumn(
  pixels: u32, columns: usize, entries: usize, d: usize, row: usize, pairs: usize, g: usize,
): void {
  const first = load<u32>(columns);
  const last = load<u32>(columns + ((pixels as usize) << 2));
  decode(entries + (first as usize) * ENTRY, entries + (last as usize) * ENTRY, row, pairs);
  const base = pairs - (first as usize) * PAIR;
  for (let k: usize = 0; k < pixels; k++, g += row) {
    const begin = base + (load<u32>(columns + (k << 2)) as usize) * PAIR;
    const end = base + (load<u32>(columns + (k << 2), 4) as usize) * PAIR;
    if (end > begin) sumOfRows(begin, end, d, g, row, g);
  }
}

/** Entries as pairs, four at a time; of the last four some may be none, which nobody reads. */
function decode(entry: usize, end: usize, row: usize, to: usize): void {
  for (; entry < end; entry += 4 * ENTRY, to += 4 * PAIR) {
    const both = v128.load_ext<u16>(entry);
    const rows = i32x4.mul(v128.and(both, i32x4.splat(255)), i32x4.splat(row as u32));
    storePairs(to, rows, valuesOf(i32x4.shr_u(both, 8)));
  }
}
