import { Totals } from './crossEntropy';
import { transposeFour } from './dense';
import {
  activate, expOf, horner, notBelow, P0, P1, P2, P3, P4, P5, restOf, splat, VECTOR, wholeOf,
} from './math';
import { areFinite, multiplyPairs, PAIR, pairsOfImage, pairsOfRows } from './pairs';
import { PANEL, panelsIn } from './panels';
import { padded, Plan, width } from './plan';
import { Sparse } from './sparse';
import { combine } from './update';

/**
 * Many points of a linear family w(c) = Σ cₖ·anchorₖ on some samples. The first layer before its
 * nonlinearity is linear in c as well, so its product with the images is made once an anchor, not
 * once a point. The anchors' matrices lie in panels, so the points' do.
 *
 * With one hidden layer samples go in tiles of 16, whose values stay in the nearest cache while all
 * points are evaluated; within a tile a vector holds the same neuron of four samples. With more, 64
 * samples at a time go from layer to layer, and what ReLU has set to 0 costs nothing.
 */
const TILE: u32 = 16;
const TILE_BYTES: usize = 64;
const ROWS: u32 = 64;
/** Bytes of a panel of so many rows. */
const ROWS_BYTES: usize = 64 * PANEL;

/** Bytes of the matrix that leads to a layer, in panels. */
@inline
function panelBytes(plan: Plan, layer: u32): usize {
  return ((panelsIn(width(plan, layer)) * width(plan, layer - 1)) as usize) * PANEL;
}

/** Bytes of that matrix and of the bias, in whole panels as well. */
@inline
function anchorBytes(plan: Plan, layer: u32): usize {
  return panelBytes(plan, layer) + (panelsIn(width(plan, layer)) as usize) * PANEL;
}

/**
 * Adds to `totals` (one a point) the losses and right answers of samples [from, to), or, unless
 * `winners` is 0, puts the class that wins there, a byte a point and sample. The anchors' addresses
 * are in `anchors`, the coefficients, `count` a point, in `coefficients`. `group` points at a time
 * have the weights of their later layers made, in `scratch`, which also has room for the first
 * layer of every anchor and sample, three times 64 samples of the widest layer, and pairs of as many
 * rows of it or of pixels. With `kept` the first layers are in `scratch` from a call before, which had
 * the same samples, anchors and group.
 */
export function evaluateSamples(
  plan: Plan,
  data: Sparse,
  from: u32,
  to: u32,
  anchors: usize,
  count: u32,
  coefficients: usize,
  points: u32,
  group: u32,
  scratch: usize,
  totals: usize,
  winners: usize,
  kept: bool,
): void {
  const isDeep = plan.layers > 2;
  const tile = isDeep ? ROWS : TILE;
  const tiles = (to - from + tile - 1) / tile;
  const tileBytes = isDeep
    ? (panelsIn(width(plan, 1)) as usize) * ROWS_BYTES
    : (padded(plan, 1) as usize) * TILE_BYTES;
  let later: usize = 0;
  let widest: u32 = 0;
  for (let l: u32 = 1; l <= plan.layers; l++) {
    if (l > 1) later += anchorBytes(plan, l);
    widest = max(widest, panelsIn(width(plan, l)));
  }
  const a = scratch;
  const b = a + (widest as usize) * ROWS_BYTES;
  const base = b + (widest as usize) * ROWS_BYTES;
  const pairs = base + (widest as usize) * ROWS_BYTES;
  const step = (max(16 * widest, width(plan, 0)) as usize) * PAIR;
  const ends = pairs + (ROWS as usize) * step;
  const weights = ends + ((ROWS as usize) << 2);
  const firsts = weights + (group as usize) * later;

  for (let s = from; s < to && !kept; s += ROWS) {
    const z = firsts + (((s - from) / tile) as usize) * (count as usize) * tileBytes;
    firstLayers(plan, data, s, min(ROWS, to - s), anchors, count, pairs, step, ends, a, z, tileBytes);
  }

  for (let first: u32 = 0; first < points; first += group) {
    const last = min(points, first + group);
    for (let j = first; j < last; j++) {
      const c = coefficients + (((j * count) as usize) << 2);
      combine(weights + ((j - first) as usize) * later, later, count, anchors, c, anchorBytes(plan, 1));
    }
    const all = isDeep && !areFinite(weights, ((last - first) as usize) * later);
    for (let t: u32 = 0; t < tiles; t++) {
      const z = firsts + ((t * count) as usize) * tileBytes;
      const sample = from + t * tile;
      const valid = min(tile, to - sample);
      // The index of the one coefficient that changes along a row of a grid; −1 outside of one.
      let moving = -1;
      for (let j = first; j < last; j++) {
        const c = coefficients + (((j * count) as usize) << 2);
        const next = j + 1 < last ? onlyChange(c, c + ((count as usize) << 2), count) : -1;
        if (j == first || onlyChange(c - ((count as usize) << 2), c, count) != moving) moving = -1;
        if (moving < 0 && next >= 0) {
          moving = next;
          mixAllBut(moving, z, tileBytes, count, c, base);
        }
        if (moving >= 0) mixOne(plan, base, z + (moving as usize) * tileBytes, tileBytes, c + ((moving as usize) << 2), a);
        else mix(plan, z, tileBytes, count, c, a);
        const w = weights + ((j - first) as usize) * later;
        const sum = changetype<Totals>(totals + ((j as usize) << 4));
        const wins = winners == 0 ? 0 : winners + (j as usize) * (data.length as usize) + (sample as usize);
        if (!isDeep) {
          judge(plan, data, sample, valid, lastLayer(plan, w, a, b), sum, wins);
          continue;
        }
        const logits = laterLayers(plan, w, valid, all, a, b, pairs, step, ends);
        const row = (panelsIn(width(plan, plan.layers)) as usize) * PANEL;
        for (let s: u32 = 0; s < valid; s += TILE) {
          const n = min(TILE, valid - s);
          const beyond = wins == 0 ? 0 : wins + s;
          scatter(logits + (s as usize) * row, row, n, width(plan, plan.layers), pairs);
          judge(plan, data, sample + s, n, pairs, sum, beyond);
        }
      }
    }
  }
}

/** The first layer of every anchor before its nonlinearity, of `n` samples from `first` on. */
function firstLayers(
  plan: Plan, data: Sparse, first: u32, n: u32, anchors: usize, count: u32,
  pairs: usize, step: usize, ends: usize, a: usize, z: usize, tileBytes: usize,
): void {
  const panels = panelsIn(width(plan, 1));
  const row = (panels as usize) * PANEL;
  const panel = (width(plan, 0) as usize) * PANEL;
  for (let s: u32 = 0; s < n; s++) {
    const end = pairsOfImage(data, first + s, pairs + (s as usize) * step);
    store<u32>(ends + ((s as usize) << 2), end as u32);
  }
  for (let k: u32 = 0; k < count; k++, z += tileBytes) {
    const w = load<u32>(anchors + ((k as usize) << 2)) as usize;
    const bias = w + panelBytes(plan, 1);
    if (plan.layers > 2) {
      multiplyPairs(pairs, step, ends, n, w, panel, bias, PANEL, 0, panels, row, z, ROWS_BYTES, PANEL);
      continue;
    }
    multiplyPairs(pairs, step, ends, n, w, panel, bias, PANEL, 0, panels, row, a, PANEL, row);
    for (let s: u32 = 0; s < n; s += TILE) {
      const to = z + ((s / TILE) as usize) * (count as usize) * tileBytes;
      scatter(a + (s as usize) * row, row, min(TILE, n - s), padded(plan, 1), to);
    }
  }
}

/** A tile of the numbers, `width` a row, of `n` rows: each number beside the same one of the others. */
function scatter(a: usize, row: usize, n: u32, width: u32, to: usize): void {
  if (n == TILE && width % 4 == 0) {
    for (let o: usize = 0; o < width; o += 4, a += VECTOR, to += 4 * TILE_BYTES) {
      for (let s: usize = 0; s < TILE; s += 4) transposeFour(a + s * row, row, to + (s << 2), TILE_BYTES);
    }
    return;
  }
  for (let s: usize = 0; s < n; s++, a += row) {
    for (let o: usize = 0; o < width; o++) store<f32>(to + o * TILE_BYTES + (s << 2), load<f32>(a + (o << 2)));
  }
}

/** a = f(Σ cₖ·zₖ) for a tile's first layer; anchors whose coefficient is 0 cost nothing. */
function mix(plan: Plan, z: usize, tileBytes: usize, count: u32, c: usize, a: usize): void {
  const kind = plan.layers > 1 ? plan.kind : 0;
  // The anchors that count, up to three of them at once.
  let used: u32 = 0;
  let z0: usize = z;
  let z1: usize = z;
  let z2: usize = z;
  let c0 = f32x4.splat(0);
  let c1 = c0;
  let c2 = c0;
  for (let k: usize = 0; k < count; k++) {
    if (load<f32>(c + (k << 2)) == 0) continue;
    const ck = splat(c + (k << 2));
    const zk = z + k * tileBytes;
    if (used == 0) {
      z0 = zk;
      c0 = ck;
    } else if (used == 1) {
      z1 = zk;
      c1 = ck;
    } else if (used == 2) {
      z2 = zk;
      c2 = ck;
    }
    used++;
  }
  if (used > 3) mixMany(kind, z, tileBytes, count, c, a);
  else if (kind == 1 && used == 2) {
    const zero = f32x4.splat(0);
    for (let p: usize = 0; p < tileBytes; p += VECTOR) {
      const x = f32x4.add(f32x4.mul(c0, v128.load(z0 + p)), f32x4.mul(c1, v128.load(z1 + p)));
      v128.store(a + p, f32x4.pmax(x, zero));
    }
  } else if (kind == 1) {
    const zero = f32x4.splat(0);
    for (let p: usize = 0; p < tileBytes; p += VECTOR) {
      const x = f32x4.add(f32x4.mul(c0, v128.load(z0 + p)), f32x4.mul(c1, v128.load(z1 + p)));
      v128.store(a + p, f32x4.pmax(f32x4.add(x, f32x4.mul(c2, v128.load(z2 + p))), zero));
    }
  } else {
    for (let p: usize = 0; p < tileBytes; p += VECTOR) {
      const x = f32x4.add(f32x4.mul(c0, v128.load(z0 + p)), f32x4.mul(c1, v128.load(z1 + p)));
      v128.store(a + p, activate(kind, f32x4.add(x, f32x4.mul(c2, v128.load(z2 + p)))));
    }
  }
}

/** The index of the only coefficient in which two points differ; −1 if there are none or more. */
function onlyChange(c: usize, d: usize, count: u32): i32 {
  let found = -1;
  for (let k: u32 = 0; k < count; k++) {
    const at = (k as usize) << 2;
    if (load<f32>(c + at) == load<f32>(d + at)) continue;
    if (found >= 0) return -1;
    found = k;
  }
  return found;
}

/** base = Σ cₖ·zₖ over all anchors but one. */
function mixAllBut(m: i32, z: usize, tileBytes: usize, count: u32, c: usize, base: usize): void {
  for (let p: usize = 0; p < tileBytes; p += VECTOR) {
    let x = f32x4.splat(0);
    for (let k: usize = 0; k < count; k++) {
      if (k == m) continue;
      x = f32x4.add(x, f32x4.mul(splat(c + (k << 2)), v128.load(z + k * tileBytes + p)));
    }
    v128.store(base + p, x);
  }
}

/** a = f(base + c·z). */
function mixOne(plan: Plan, base: usize, z: usize, tileBytes: usize, c: usize, a: usize): void {
  const kind = plan.layers > 1 ? plan.kind : 0;
  const factor = splat(c);
  if (kind == 1) {
    const zero = f32x4.splat(0);
    for (let p: usize = 0; p < tileBytes; p += 4 * VECTOR) {
      const x0 = f32x4.add(v128.load(base + p), f32x4.mul(factor, v128.load(z + p)));
      const x1 = f32x4.add(v128.load(base + p, 16), f32x4.mul(factor, v128.load(z + p, 16)));
      const x2 = f32x4.add(v128.load(base + p, 32), f32x4.mul(factor, v128.load(z + p, 32)));
      const x3 = f32x4.add(v128.load(base + p, 48), f32x4.mul(factor, v128.load(z + p, 48)));
      v128.store(a + p, f32x4.pmax(x0, zero));
      v128.store(a + p, f32x4.pmax(x1, zero), 16);
      v128.store(a + p, f32x4.pmax(x2, zero), 32);
      v128.store(a + p, f32x4.pmax(x3, zero), 48);
    }
  } else {
    for (let p: usize = 0; p < tileBytes; p += VECTOR) {
      const x = f32x4.add(v128.load(base + p), f32x4.mul(factor, v128.load(z + p)));
      v128.store(a + p, activate(kind, x));
    }
  }
}

function mixMany(kind: i32, z: usize, tileBytes: usize, count: u32, c: usize, a: usize): void {
  for (let p: usize = 0; p < tileBytes; p += VECTOR) {
    let x = f32x4.splat(0);
    for (let k: usize = 0; k < count; k++) {
      x = f32x4.add(x, f32x4.mul(splat(c + (k << 2)), v128.load(z + k * tileBytes + p)));
    }
    v128.store(a + p, activate(kind, x));
  }
}

/** The logits of a tile, in one of the two buffers. */
function lastLayer(plan: Plan, w: usize, a: usize, b: usize): usize {
  if (plan.layers < 2) return a;
  const inputs = width(plan, 1);
  const outputs = width(plan, 2);
  const panel = (inputs as usize) * PANEL;
  const bias = w + panelBytes(plan, 2);
  let o: u32 = 0;
  for (; o + 2 <= outputs; o += 2) {
    const from = w + ((o / 16) as usize) * panel + ((o % 16) << 2);
    two(a, inputs, from, PANEL, bias + ((o as usize) << 2), 0, b + (o as usize) * TILE_BYTES);
  }
  if (o < outputs) {
    const from = w + ((o / 16) as usize) * panel + ((o % 16) << 2);
    one(a, inputs, from, PANEL, bias + ((o as usize) << 2), 0, b + (o as usize) * TILE_BYTES);
  }
  return b;
}

/** The logits of `rows` samples, row by row, in one of the two buffers. */
function laterLayers(
  plan: Plan, w: usize, rows: u32, all: bool, a: usize, b: usize,
  pairs: usize, step: usize, ends: usize,
): usize {
  for (let l: u32 = 2; l <= plan.layers; l++) {
    const inputs = width(plan, l - 1);
    const panels = panelsIn(width(plan, l));
    const row = (panels as usize) * PANEL;
    const panel = (inputs as usize) * PANEL;
    const bias = w + panelBytes(plan, l);
    pairsOfRows(a, ROWS_BYTES, PANEL, rows, inputs, all, pairs, step, ends);
    if (l < plan.layers) {
      multiplyPairs(pairs, step, ends, rows, w, panel, bias, PANEL, 0, panels, row, b, ROWS_BYTES, PANEL);
      const end = b + (panels as usize) * ROWS_BYTES;
      for (let p = b; p < end; p += VECTOR) v128.store(p, activate(plan.kind, v128.load(p)));
    } else {
      multiplyPairs(pairs, step, ends, rows, w, panel, bias, PANEL, 0, panels, row, b, PANEL, row);
    }
    w += anchorBytes(plan, l);
    const swap = a;
    a = b;
    b = swap;
  }
  return a;
}

/**
 * Two neurons of a tile: eight sums, which with four vectors of the tile and two weights are what
 * the sixteen registers hold. V8 loads all that a loop needs before it calculates.
 */
function two(a: usize, inputs: u32, w: usize, row: usize, b: usize, kind: i32, to: usize): void {
  let x0 = splat(b);
  let x1 = x0;
  let x2 = x0;
  let x3 = x0;
  let y0 = splat(b + 4);
  let y1 = y0;
  let y2 = y0;
  let y3 = y0;
  const end = a + (inputs as usize) * TILE_BYTES;
  for (let p = a, q = w; p < end; p += TILE_BYTES, q += row) {
    const s = splat(q);
    const t = splat(q + 4);
    const u0 = v128.load(p);
    const u1 = v128.load(p, 16);
    const u2 = v128.load(p, 32);
    const u3 = v128.load(p, 48);
    x0 = f32x4.add(x0, f32x4.mul(s, u0));
    x1 = f32x4.add(x1, f32x4.mul(s, u1));
    x2 = f32x4.add(x2, f32x4.mul(s, u2));
    x3 = f32x4.add(x3, f32x4.mul(s, u3));
    y0 = f32x4.add(y0, f32x4.mul(t, u0));
    y1 = f32x4.add(y1, f32x4.mul(t, u1));
    y2 = f32x4.add(y2, f32x4.mul(t, u2));
    y3 = f32x4.add(y3, f32x4.mul(t, u3));
  }
  v128.store(to, activate(kind, x0));
  v128.store(to, activate(kind, x1), 16);
  v128.store(to, activate(kind, x2), 32);
  v128.store(to, activate(kind, x3), 48);
  v128.store(to, activate(kind, y0), 64);
  v128.store(to, activate(kind, y1), 80);
  v128.store(to, activate(kind, y2), 96);
  v128.store(to, activate(kind, y3), 112);
}

function one(a: usize, inputs: u32, w: usize, row: usize, b: usize, kind: i32, to: usize): void {
  let x0 = splat(b);
  let x1 = x0;
  let x2 = x0;
  let x3 = x0;
  let p = a;
  let q = w;
  for (let k: u32 = 0; k < inputs; k++) {
    const s = splat(q);
    x0 = f32x4.add(x0, f32x4.mul(s, v128.load(p)));
    x1 = f32x4.add(x1, f32x4.mul(s, v128.load(p, 16)));
    x2 = f32x4.add(x2, f32x4.mul(s, v128.load(p, 32)));
    x3 = f32x4.add(x3, f32x4.mul(s, v128.load(p, 48)));
    p += TILE_BYTES;
    q += row;
  }
  v128.store(to, activate(kind, x0));
  v128.store(to, activate(kind, x1), 16);
  v128.store(to, activate(kind, x2), 32);
  v128.store(to, activate(kind, x3), 48);
}

/** Adds a tile's losses and right answers, or puts the classes that win at `wins`. */
function judge(
  plan: Plan, data: Sparse, sample: u32, valid: u32, logits: usize, sum: Totals, wins: usize,
): void {
  if (wins == 0) {
    score(plan, logits, data.labels + sample, valid, sum);
    return;
  }
  for (let s: u32 = 0; s < valid; s++) {
    store<u8>(wins + s, winnerOf(plan, logits + ((s as usize) << 2)) as u8);
  }
}

/**
 * Adds a tile's losses and right answers. A loss is top − z[label] + log(1 + rest) with the sum
 * `rest` of exp(z − top) over the classes but the winner; the logarithms of a tile are taken as
 * one, of the product in double precision, where no rest above 1e-16 is lost beside the 1. The
 * operations of one exponential wait for each other, and a processor looks only so far ahead for
 * others, so those of sixteen samples are written out in turn. What comes of them goes behind the
 * logits, where a panel has room for sixty-four rows.
 */
function score(plan: Plan, logits: usize, labels: usize, valid: u32, sum: Totals): void {
  const end = logits + (width(plan, plan.layers) as usize) * TILE_BYTES;
  const zero = f32x4.splat(0);
  let t0 = v128.load(logits);
  let t1 = v128.load(logits, 16);
  let t2 = v128.load(logits, 32);
  let t3 = v128.load(logits, 48);
  for (let z = logits + TILE_BYTES; z < end; z += TILE_BYTES) {
    t0 = f32x4.pmax(t0, v128.load(z));
    t1 = f32x4.pmax(t1, v128.load(z, 16));
    t2 = f32x4.pmax(t2, v128.load(z, 32));
    t3 = f32x4.pmax(t3, v128.load(z, 48));
  }
  let s0 = zero, s1 = zero, s2 = zero, s3 = zero;
  // How many others are as large as the largest.
  let e0 = i32x4.splat(-1), e1 = e0, e2 = e0, e3 = e0;
  for (let z = logits; z < end; z += TILE_BYTES) {
    const x0 = f32x4.sub(v128.load(z), t0);
    const x1 = f32x4.sub(v128.load(z, 16), t1);
    const x2 = f32x4.sub(v128.load(z, 32), t2);
    const x3 = f32x4.sub(v128.load(z, 48), t3);
    const b0 = notBelow(x0), b1 = notBelow(x1), b2 = notBelow(x2), b3 = notBelow(x3);
    const n0 = wholeOf(b0), n1 = wholeOf(b1), n2 = wholeOf(b2), n3 = wholeOf(b3);
    const r0 = restOf(b0, n0), r1 = restOf(b1, n1), r2 = restOf(b2, n2), r3 = restOf(b3, n3);
    let y0 = f32x4.splat(P0), y1 = y0, y2 = y0, y3 = y0;
    y0 = horner(y0, r0, P1), y1 = horner(y1, r1, P1), y2 = horner(y2, r2, P1), y3 = horner(y3, r3, P1);
    y0 = horner(y0, r0, P2), y1 = horner(y1, r1, P2), y2 = horner(y2, r2, P2), y3 = horner(y3, r3, P2);
    y0 = horner(y0, r0, P3), y1 = horner(y1, r1, P3), y2 = horner(y2, r2, P3), y3 = horner(y3, r3, P3);
    y0 = horner(y0, r0, P4), y1 = horner(y1, r1, P4), y2 = horner(y2, r2, P4), y3 = horner(y3, r3, P4);
    y0 = horner(y0, r0, P5), y1 = horner(y1, r1, P5), y2 = horner(y2, r2, P5), y3 = horner(y3, r3, P5);
    const q0 = f32x4.eq(x0, zero), q1 = f32x4.eq(x1, zero), q2 = f32x4.eq(x2, zero), q3 = f32x4.eq(x3, zero);
    s0 = f32x4.add(s0, v128.andnot(expOf(y0, r0, n0), q0));
    s1 = f32x4.add(s1, v128.andnot(expOf(y1, r1, n1), q1));
    s2 = f32x4.add(s2, v128.andnot(expOf(y2, r2, n2), q2));
    s3 = f32x4.add(s3, v128.andnot(expOf(y3, r3, n3), q3));
    e0 = i32x4.sub(e0, q0), e1 = i32x4.sub(e1, q1), e2 = i32x4.sub(e2, q2), e3 = i32x4.sub(e3, q3);
  }
  storeFour(end, t0, t1, t2, t3);
  // An infinite top makes the loss NaN.
  const rests = end + TILE_BYTES;
  storeFour(
    rests, f32x4.add(s0, f32x4.sub(t0, t0)), f32x4.add(s1, f32x4.sub(t1, t1)),
    f32x4.add(s2, f32x4.sub(t2, t2)), f32x4.add(s3, f32x4.sub(t3, t3)),
  );
  storeFour(rests + TILE_BYTES, e0, e1, e2, e3);
  tally(plan, logits, end, labels, valid, sum);
}

/**
 * Adds up what the logits' largest, the sums beside them and how many others are as large say, a row of a
 * tile each, from `tops` on.
 */
function tally(plan: Plan, logits: usize, tops: usize, labels: usize, valid: u32, sum: Totals): void {
  const rests = tops + TILE_BYTES;
  const ties = rests + TILE_BYTES;
  let product: f64 = 1;
  let losing: f64 = 0;
  let correct: u32 = 0;
  for (let s: usize = 0; s < valid; s++) {
    const label = load<u8>(labels + s) as usize;
    const at = logits + (s << 2);
    const top = load<f32>(tops + (s << 2));
    const behind = top - load<f32>(at + label * TILE_BYTES);
    const others = load<i32>(ties + (s << 2));
    product *= 1 + ((load<f32>(rests + (s << 2)) + (others as f32)) as f64);
    losing += behind as f64;
    correct += u32(behind == 0 && others == 0);
    if (others != 0 && behind == 0 && firstAtTop(at, label, top)) correct++;
  }
  if (product != product) correct = correctBesideNaN(plan, logits, labels, valid);
  sum.loss += NativeMath.log(product) + losing;
  sum.correct += correct as f64;
}

@inline
function storeFour(to: usize, x0: v128, x1: v128, x2: v128, x3: v128): void {
  v128.store(to, x0);
  v128.store(to, x1, 16);
  v128.store(to, x2, 32);
  v128.store(to, x3, 48);
}

/** Whether no class before the label reaches the top as well: of equals the first wins. */
function firstAtTop(z: usize, label: usize, top: f32): bool {
  for (let c: usize = 0; c < label; c++) {
    if (load<f32>(z + c * TILE_BYTES) == top) return false;
  }
  return true;
}

/** The right answers of a tile some of whose logits are NaN, of which the first then wins. */
function correctBesideNaN(plan: Plan, logits: usize, labels: usize, valid: u32): u32 {
  let correct: u32 = 0;
  for (let s: usize = 0; s < valid; s++) {
    if (winnerOf(plan, logits + (s << 2)) == (load<u8>(labels + s) as usize)) correct++;
  }
  return correct;
}

/** Which class of a tile's sample at `z` is the largest: of equals the first, and NaN above all. */
function winnerOf(plan: Plan, z: usize): usize {
  const classes = width(plan, plan.layers) as usize;
  let winner: usize = 0;
  let top = load<f32>(z);
  for (let c: usize = 1; c < classes && top == top; c++) {
    const value = load<f32>(z + c * TILE_BYTES);
    if (!(value <= top)) {
      top = value;
      winner = c;
    }
  }
  return winner;
}
