import { crossEntropy, Totals, winnerOf } from './crossEntropy';
import { activateAll, columnSums, multiply, outer, transpose } from './dense';
import { slope, VECTOR } from './math';
import { PAIR } from './pairs';
import { PANEL, panelsIn } from './panels';
import { bytesFrom, layerBytes, matrixBytes, padded, Plan, width } from './plan';
import { Sparse } from './sparse';
import { backwardByPixel, BLOCK, fillColumns, forwardByImage, packInk, ROWS } from './tileOfImages';

/**
 * Products with the Hessian and the Gauss–Newton matrix, forward over reverse, on samples in blocks
 * for the first layer, and in tiles of them for the later ones. What does not depend on the vector is
 * made once, by `prepareCurvature`, and kept a tile after the other: the hidden layers' values a₁ …, the
 * derivatives d₁ … of the mean loss by what each layer has before its nonlinearity f, softmax p, and
 * f″∘∂L/∂a where f is curved. Padded numbers are 0 throughout.
 */

/** Bytes of a tile's numbers of a layer. */
@inline
function tileOf(plan: Plan, layer: u32): usize {
  return ((ROWS * padded(plan, layer)) as usize) << 2;
}

/** Bytes of a tile's numbers of all hidden layers below one. */
function hiddenBytes(plan: Plan, layer: u32): usize {
  let bytes: usize = 0;
  for (let l: u32 = 1; l < layer; l++) bytes += tileOf(plan, l);
  return bytes;
}

/** Bytes that are kept of a tile. */
function keptBytes(plan: Plan): usize {
  const hidden = hiddenBytes(plan, plan.layers);
  return (plan.kind > 1 ? 3 : 2) * hidden + 2 * tileOf(plan, plan.layers);
}

function widestTile(plan: Plan): usize {
  let widest: usize = 0;
  for (let l: u32 = 1; l <= plan.layers; l++) widest = max(widest, tileOf(plan, l));
  return widest;
}

/** The later layers' matrices transposed, each where it stands in the weights behind the first. */
function transposeLater(plan: Plan, weights: usize, to: usize): void {
  let w = weights + layerBytes(plan, 1);
  for (let l: u32 = 2; l <= plan.layers; l++) {
    transpose(w, padded(plan, l - 1), padded(plan, l), to);
    w += layerBytes(plan, l);
    to += layerBytes(plan, l);
  }
}

/**
 * Of samples [from, to), `from` a multiple of a block, keeps what products need, and adds their part of
 * the mean loss's gradient over `samples` samples to `gradient`, their losses to `totals`. `order` has
 * 0, 1, 2, …; `scratch` has room for a block's pixels as pairs, for panels of the first layer's matrix
 * and of a block's derivatives, for the later layers' weights twice, for the widest tile and for a
 * block of the last layer.
 */
export function prepareCurvature(
  plan: Plan, data: Sparse, order: usize, from: u32, to: u32, samples: u32,
  weights: usize, kept: usize, starts: usize, entries: usize, gradient: usize, scratch: usize,
  totals: Totals,
): void {
  const layers = plan.layers;
  const panels = scratch + pairsBytes(plan);
  const derivatives = panels + panelsOf(plan, padded(plan, 0));
  const later = derivatives + panelsOf(plan, BLOCK);
  const own = later + bytesFrom(plan, 2);
  const e = own + bytesFrom(plan, 2);
  const z = e + widestTile(plan);
  const row = rowBytes(plan);
  const tileBytes = keptBytes(plan);
  const next = layers > 1 ? tileBytes : tileOf(plan, layers);
  packInk(weights, padded(plan, 0), row, panels, panelBytes(plan));
  transposeLater(plan, weights, later);
  for (let block = from; block < to; block += BLOCK) {
    const n = min(BLOCK, to - block);
    const columns = starts + ((block / BLOCK) as usize) * columnsBytes(plan);
    fillColumns(data, block, n, padded(plan, 0), columns, entries);
    let values = kept + ((block / ROWS) as usize) * tileBytes;
    let into = layers > 1 ? values : z;
    intoFirst(plan, data, block, n, scratch, panels, weights, into, next);
    for (let s: u32 = 0; s < n; s += ROWS, values += tileBytes, into += next) {
      const d = prepareTile(
        plan, data, order, block + s, min(ROWS, n - s), samples,
        weights, values, layers > 1 ? z : into, gradient, later, own, e, totals,
      );
      handFirst(plan, d, min(ROWS, n - s), derivatives + (s as usize) * PANEL, gradient, e);
    }
    backwardByPixel(padded(plan, 0), columns, entries, derivatives, row, scratch, gradient);
  }
}

/** The same of a tile whose first layer is there, but for the first layer's gradient: its derivatives. */
function prepareTile(
  plan: Plan, data: Sparse, order: usize, first: u32, n: u32, samples: u32,
  weights: usize, values: usize, z: usize, gradient: usize, later: usize, own: usize, e: usize,
  totals: Totals,
): usize {
  const layers = plan.layers;
  const rows = (n + 3) & ~3;
  const hidden = hiddenBytes(plan, layers);
  const classes = padded(plan, layers);
  const slopes = values + hidden;
  const p = slopes + hidden + tileOf(plan, layers);
  const bends = p + tileOf(plan, layers);
  // Where a layer's transposed matrix is, less where the layer is in the weights.
  const transposed = later - layerBytes(plan, 1);

  // Forward.
  let w = weights;
  let a = values;
  for (let l: u32 = 1; l < layers; l++) {
    activateAll(plan.kind, a, rows, width(plan, l), padded(plan, l));
    w += layerBytes(plan, l);
    const next = l + 1 < layers ? a + tileOf(plan, l) : z;
    multiply(a, rows, padded(plan, l), w, w + matrixBytes(plan, l + 1), padded(plan, l + 1), next);
    a = next;
  }
  let d = slopes + hidden;
  const indices = order + ((first as usize) << 2);
  crossEntropy(data, indices, n, rows, width(plan, layers), classes, z, d, totals);
  splitOff(data, first, n, rows, classes, samples, d, p);

  // Backward, from the last layer to the first.
  let at = w - weights;
  for (let l = layers; l > 1; l--) {
    const below = values + hiddenBytes(plan, l - 1);
    const count = rows * padded(plan, l - 1);
    outer(below, d, rows, padded(plan, l - 1), padded(plan, l), own);
    columnSums(d, rows, padded(plan, l), own + matrixBytes(plan, l));
    addTo(gradient + at, own, layerBytes(plan, l));
    multiply(d, rows, padded(plan, l), transposed + at, 0, padded(plan, l - 1), e);
    d = slopes + hiddenBytes(plan, l - 1);
    sloped(plan.kind, below, e, count, d);
    if (plan.kind > 1) bent(plan.kind, below, e, count, bends + hiddenBytes(plan, l - 1));
    at -= layerBytes(plan, l - 1);
  }
  return d;
}

/**
 * Adds what samples [from, to) give of H·direction, or of the Gauss–Newton product, to `product`.
 * `kept` is as `prepareCurvature` left it; `scratch` has room for pairs and panels as there, for a block
 * of all layers' numbers, for the later layers' weights three times, for a tile of all layers and
 * three of the widest.
 */
export function curvatureProduct(
  plan: Plan, data: Sparse, order: usize, from: u32, to: u32, samples: u32,
  weights: usize, kept: usize, starts: usize, entries: usize, product: usize, scratch: usize,
  direction: usize, ofNetwork: bool,
): void {
  const panels = scratch + pairsBytes(plan);
  const derivatives = panels + panelsOf(plan, padded(plan, 0));
  const moved = derivatives + panelsOf(plan, BLOCK);
  const next = hiddenBytes(plan, plan.layers) + tileOf(plan, plan.layers);
  const later = moved + ((BLOCK / ROWS) as usize) * next;
  const rest = later + 2 * bytesFrom(plan, 2);
  const row = rowBytes(plan);
  const tileBytes = keptBytes(plan);
  packInk(direction, padded(plan, 0), row, panels, panelBytes(plan));
  transposeLater(plan, weights, later);
  if (ofNetwork) transposeLater(plan, direction, later + bytesFrom(plan, 2));
  for (let block = from; block < to; block += BLOCK) {
    const n = min(BLOCK, to - block);
    intoFirst(plan, data, block, n, scratch, panels, direction, moved, next);
    let values = kept + ((block / ROWS) as usize) * tileBytes;
    let own = moved;
    for (let s: u32 = 0; s < n; s += ROWS, values += tileBytes, own += next) {
      const tile = min(ROWS, n - s);
      const q = productOfTile(plan, tile, samples, weights, values, product, own, direction, ofNetwork, later, rest);
      handFirst(plan, q, tile, derivatives + (s as usize) * PANEL, product, rest);
    }
    const columns = starts + ((block / BLOCK) as usize) * columnsBytes(plan);
    backwardByPixel(padded(plan, 0), columns, entries, derivatives, row, scratch, product);
  }
}

/** The same of a tile whose first layer has moved, but for the first layer's part: R{its derivatives}. */
function productOfTile(
  plan: Plan, n: u32, samples: u32, weights: usize, values: usize, product: usize,
  moved: usize, direction: usize, ofNetwork: bool, later: usize, scratch: usize,
): usize {
  const layers = plan.layers;
  const rows = (n + 3) & ~3;
  const hidden = hiddenBytes(plan, layers);
  const last = tileOf(plan, layers);
  const slopes = values + hidden;
  const own = scratch;
  const activated = own + bytesFrom(plan, 2);
  const e = activated + hidden + last;
  const f = e + widestTile(plan);
  const q = f + widestTile(plan);
  const transposed = later - layerBytes(plan, 1);

  // R{values}, forward.
  let at: usize = 0;
  for (let l: u32 = 1; l < layers; l++) {
    const inputs = padded(plan, l);
    const outputs = padded(plan, l + 1);
    const below = hiddenBytes(plan, l);
    const next = moved + below + tileOf(plan, l);
    sloped(plan.kind, values + below, moved + below, rows * inputs, activated + below);
    at += layerBytes(plan, l);
    multiply(activated + below, rows, inputs, weights + at, 0, outputs, next);
    const bias = direction + at + matrixBytes(plan, l + 1);
    multiply(values + below, rows, inputs, direction + at, bias, outputs, e);
    addTo(next, e, ((rows * outputs) as usize) << 2);
  }
  timesLossHessian(slopes + hidden + last, moved + hidden, n, rows, width(plan, layers), padded(plan, layers), samples, q);

  // R{slopes}, backward.
  for (let l = layers; l > 1; l--) {
    const inputs = padded(plan, l - 1);
    const outputs = padded(plan, l);
    const below = hiddenBytes(plan, l - 1);
    const d = slopes + hiddenBytes(plan, l);
    const count = rows * inputs;
    outer(values + below, q, rows, inputs, outputs, own);
    columnSums(q, rows, outputs, own + matrixBytes(plan, l));
    addTo(product + at, own, layerBytes(plan, l));
    multiply(q, rows, outputs, transposed + at, 0, inputs, e);
    if (ofNetwork) {
      outer(activated + below, d, rows, inputs, outputs, own);
      addTo(product + at, own, matrixBytes(plan, l));
      multiply(d, rows, outputs, transposed + bytesFrom(plan, 2) + at, 0, inputs, f);
      addTo(e, f, (count as usize) << 2);
    }
    sloped(plan.kind, values + below, e, count, q);
    if (ofNetwork && plan.kind > 1) addProduct(slopes + hidden + 2 * last + below, moved + below, count, q);
    at -= layerBytes(plan, l - 1);
  }
  return q;
}

/** Bytes of a row of the first layer. */
@inline
function rowBytes(plan: Plan): usize {
  return (padded(plan, 1) as usize) << 2;
}

/** Bytes of where each pixel's entries of a block begin. */
@inline
function columnsBytes(plan: Plan): usize {
  return ((padded(plan, 0) + 1) as usize) << 2;
}

/** Bytes of a block's pixels as pairs. */
@inline
function pairsBytes(plan: Plan): usize {
  return ((BLOCK * padded(plan, 0)) as usize) * PAIR;
}

/** Bytes of a panel of the first layer's matrix. */
@inline
function panelBytes(plan: Plan): usize {
  return (padded(plan, 0) as usize) * PANEL;
}

/** Bytes of so many rows of the first layer's width in panels. */
@inline
function panelsOf(plan: Plan, rows: u32): usize {
  return ((panelsIn(padded(plan, 1)) * rows) as usize) * PANEL;
}

/**
 * The first layer before its nonlinearity of a block's samples, a tile `next` bytes behind the other;
 * 0 in the rows beyond them.
 */
function intoFirst(
  plan: Plan, data: Sparse, first: u32, n: u32, pairs: usize, panels: usize, w: usize, to: usize,
  next: usize,
): void {
  const row = rowBytes(plan);
  const bias = w + matrixBytes(plan, 1);
  forwardByImage(data, first, n, pairs, panels, panelBytes(plan), bias, row, to, next);
  const end = to + ((n / ROWS) as usize) * next + ((n % ROWS) as usize) * row;
  if (n % 4 > 0) memory.fill(end, 0, ((4 - (n % 4)) as usize) * row);
}

/** A tile's derivatives by the first layer into their panels, and their sum to the bias's gradient. */
function handFirst(plan: Plan, d: usize, n: u32, panels: usize, g: usize, room: usize): void {
  const row = rowBytes(plan);
  packInk(d, n, row, panels, (BLOCK as usize) * PANEL);
  columnSums(d, n, padded(plan, 1), room);
  addTo(g + matrixBytes(plan, 1), room, row);
}

/** p = softmax, taken out of d = (p − onehot)/n, which becomes the derivatives of the mean of all. */
function splitOff(
  data: Sparse,
  first: u32,
  n: u32,
  rows: u32,
  classes: u32,
  samples: u32,
  d: usize,
  p: usize,
): void {
  const count = f32x4.splat(n as f32);
  const share = f32x4.splat((n as f32) / (samples as f32));
  const bytes = ((rows * classes) as usize) << 2;
  for (let at: usize = 0; at < bytes; at += VECTOR) {
    const x = v128.load(d + at);
    v128.store(p + at, f32x4.mul(x, count));
    v128.store(d + at, f32x4.mul(x, share));
  }
  for (let s: u32 = 0; s < n; s++) {
    const label = load<u8>(data.labels + first + s) as u32;
    const at = p + (((s * classes + label) as usize) << 2);
    store<f32>(at, load<f32>(at) + 1);
  }
}

/**
 * q = (p∘r − p·(p·r))/samples, row by row. The same for r less a number in all classes: less that of
 * the winner w, p·r has no p near 1 in it, and nothing cancels where a sample is almost sure.
 */
function timesLossHessian(
  p: usize,
  r: usize,
  n: u32,
  rows: u32,
  classes: u32,
  stride: u32,
  samples: u32,
  q: usize,
): void {
  const share: f32 = 1 / (samples as f32);
  const row = (stride as usize) << 2;
  for (let s: u32 = 0; s < n; s++) {
    const own = p + (s as usize) * row;
    const moved = r + (s as usize) * row;
    const to = q + (s as usize) * row;
    const top = load<f32>(moved + ((winnerOf(own, classes) as usize) << 2));
    let mean: f32 = 0;
    for (let c: usize = 0; c < row; c += 4) mean += load<f32>(own + c) * (load<f32>(moved + c) - top);
    for (let c: usize = 0; c < row; c += 4) {
      store<f32>(to + c, load<f32>(own + c) * (load<f32>(moved + c) - top - mean) * share);
    }
  }
  memory.fill(q + (n as usize) * row, 0, ((rows - n) as usize) * row);
}

/** to += x. */
function addTo(to: usize, x: usize, bytes: usize): void {
  for (let at: usize = 0; at < bytes; at += VECTOR) {
    v128.store(to + at, f32x4.add(v128.load(to + at), v128.load(x + at)));
  }
}

/** to = f′∘e where the nonlinearity has the values a. */
function sloped(kind: i32, a: usize, e: usize, count: u32, to: usize): void {
  const end = a + ((count as usize) << 2);
  for (; a < end; a += VECTOR, e += VECTOR, to += VECTOR) {
    v128.store(to, f32x4.mul(slope(kind, v128.load(a)), v128.load(e)));
  }
}

/** to = f″∘e where the nonlinearity, sigmoid or tanh, has the values a. */
function bent(kind: i32, a: usize, e: usize, count: u32, to: usize): void {
  const one = f32x4.splat(1);
  for (let at: usize = 0; at < (count as usize) << 2; at += VECTOR) {
    const y = v128.load(a + at);
    const twice = f32x4.add(y, y);
    const factor = kind == 2 ? f32x4.sub(one, twice) : f32x4.neg(twice);
    const bend = f32x4.mul(slope(kind, y), factor);
    v128.store(to + at, f32x4.mul(bend, v128.load(e + at)));
  }
}

/** to += x∘y. */
function addProduct(x: usize, y: usize, count: u32, to: usize): void {
  for (let at: usize = 0; at < (count as usize) << 2; at += VECTOR) {
    const product = f32x4.mul(v128.load(x + at), v128.load(y + at));
    v128.store(to + at, f32x4.add(v128.load(to + at), product));
  }
}
