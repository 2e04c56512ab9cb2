import { Totals } from './crossEntropy';
import { activate, exp4, splat, VECTOR } from './math';
import { bytesFrom, layerBytes, matrixBytes, padded, Plan, width } from './plan';
import { firstLayer, Sparse } from './sparse';
import { combine } from './update';

/**
 * Many points of a linear family w(c) = Σ cₖ·anchorₖ on some samples. The first layer before its
 * nonlinearity is linear in c as well, so its product with the images is made once an anchor, not
 * once a point. Samples go in tiles of 16, whose values stay in the nearest cache while all points
 * are evaluated; within a tile a vector holds the same neuron of four samples.
 */
const TILE: u32 = 16;
const TILE_BYTES: usize = 64;

/**
 * Adds to `totals` (one a point) the losses and right answers of samples [from, to), or, unless
 * `winners` is 0, puts the class that wins there, a byte a point and sample. The anchors' addresses
 * are in `anchors`, the coefficients, `count` a point, in `coefficients`. `group` points at a time
 * have the weights of their later layers made, in `scratch`, which also has room for the first
 * layer of every anchor and sample, and for three of the widest layer of a tile.
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
): void {
  const p1 = padded(plan, 1);
  const tiles = (to - from + TILE - 1) / TILE;
  const later = bytesFrom(plan, 2);
  const tileBytes: usize = (p1 as usize) * TILE_BYTES;
  let widest: u32 = 0;
  for (let l: u32 = 1; l <= plan.layers; l++) widest = max(widest, padded(plan, l));
  const weights = scratch + (count as usize) * (tiles as usize) * tileBytes;
  const a = weights + (group as usize) * later;
  const b = a + (widest as usize) * TILE_BYTES;
  const base = b + (widest as usize) * TILE_BYTES;

  for (let k: u32 = 0; k < count; k++) {
    const anchor = load<u32>(anchors + ((k as usize) << 2)) as usize;
    const bias = anchor + matrixBytes(plan, 1);
    for (let i = from; i < to; i++) {
      const s = i - from;
      firstLayer(data, i, anchor, bias, p1, a);
      const tile = scratch + (((s / TILE) * count + k) as usize) * tileBytes;
      scatter(a, p1, tile + (((s % TILE) as usize) << 2));
    }
  }

  for (let first: u32 = 0; first < points; first += group) {
    const last = min(points, first + group);
    for (let j = first; j < last; j++) {
      const c = coefficients + (((j * count) as usize) << 2);
      const at = layerBytes(plan, 1);
      combine(weights + ((j - first) as usize) * later, later, count, anchors, c, at);
    }
    for (let t: u32 = 0; t < tiles; t++) {
      const z = scratch + ((t * count) as usize) * tileBytes;
      const sample = from + t * TILE;
      const valid = min(TILE, to - sample);
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
        const logits = laterLayers(plan, weights + ((j - first) as usize) * later, a, b);
        if (winners == 0) {
          const sum = changetype<Totals>(totals + ((j as usize) << 4));
          score(plan, logits, data.labels + sample, valid, sum);
        } else {
          const to = winners + (j as usize) * (data.length as usize) + (sample as usize);
          for (let s: u32 = 0; s < valid; s++) {
            store<u8>(to + s, winnerOf(plan, logits + ((s as usize) << 2)) as u8);
          }
        }
      }
    }
  }
}

function scatter(row: usize, n: u32, to: usize): void {
  for (let o: usize = 0; o < n; o++) store<f32>(to + o * TILE_BYTES, load<f32>(row + (o << 2)));
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
function laterLayers(plan: Plan, weights: usize, a: usize, b: usize): usize {
  let w = weights;
  for (let l: u32 = 2; l <= plan.layers; l++) {
    const inputs = width(plan, l - 1);
    const outputs = width(plan, l);
    const row = (padded(plan, l) as usize) << 2;
    const kind = l < plan.layers ? plan.kind : 0;
    const bias = w + matrixBytes(plan, l);
    let o: u32 = 0;
    for (; o + 2 <= outputs; o += 2) {
      two(a, inputs, w + ((o as usize) << 2), row, bias + ((o as usize) << 2), kind, b + (o as usize) * TILE_BYTES);
    }
    for (; o < outputs; o++) {
      one(a, inputs, w + ((o as usize) << 2), row, bias + ((o as usize) << 2), kind, b + (o as usize) * TILE_BYTES);
    }
    w += layerBytes(plan, l);
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

/**
 * Adds a tile's losses and right answers. A loss is top − z[label] + log(1 + rest) with the sum
 * `rest` of exp(z − top) over the classes but the winner; the logarithms of a tile are taken as
 * one, of the product in double precision, where no rest above 1e-16 is lost beside the 1.
 */
function score(plan: Plan, logits: usize, labels: usize, valid: u32, sum: Totals): void {
  const end = logits + (width(plan, plan.layers) as usize) * TILE_BYTES;
  const one = f32x4.splat(1);
  let product: f64 = 1;
  let losing: f64 = 0;
  let correct: u32 = 0;
  for (let part: u32 = 0; part < valid; part += 4) {
    const first = logits + ((part as usize) << 2);
    let top = v128.load(first);
    for (let z = first + TILE_BYTES; z < end; z += TILE_BYTES) top = f32x4.pmax(top, v128.load(z));
    let rest = f32x4.splat(0);
    let tops = f32x4.splat(0);
    for (let z = first; z < end; z += TILE_BYTES) {
      const value = v128.load(z);
      const best = f32x4.eq(value, top);
      rest = f32x4.add(rest, v128.andnot(exp4(f32x4.sub(value, top)), best));
      tops = f32x4.add(tops, v128.and(one, best));
    }
    // Classes that tie with the winner count as well; an infinite top makes the loss NaN.
    rest = f32x4.add(rest, f32x4.add(f32x4.sub(tops, one), f32x4.sub(top, top)));
    const n = min(valid - part, 4);
    for (let s: u32 = 0; s < n; s++) {
      const at = first + ((s as usize) << 2);
      const label = load<u8>(labels + ((part + s) as usize)) as usize;
      const behind = lane(top, s) - load<f32>(at + label * TILE_BYTES);
      product *= 1 + (lane(rest, s) as f64);
      losing += behind as f64;
      if (behind == 0 && firstAtTop(at, label, lane(top, s))) correct++;
    }
  }
  if (product != product) correct = correctBesideNaN(plan, logits, labels, valid);
  sum.loss += NativeMath.log(product) + losing;
  sum.correct += correct as f64;
}

@inline
function lane(v: v128, s: u32): f32 {
  if (s == 0) return f32x4.extract_lane(v, 0);
  if (s == 1) return f32x4.extract_lane(v, 1);
  if (s == 2) return f32x4.extract_lane(v, 2);
  return f32x4.extract_lane(v, 3);
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
