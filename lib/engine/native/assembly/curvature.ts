import { crossEntropy, Totals, winnerOf } from './crossEntropy';
import { activateAll, columnSums, multiply, outer, transpose } from './dense';
import { slope, VECTOR } from './math';
import { multiplyPairs, packRows, PAIR, PANEL, pairsOfImage, panelsIn } from './panels';
import { bytesFrom, layerBytes, matrixBytes, padded, Plan, width } from './plan';
import { Sparse } from './sparse';
import { addByColumn, fillColumns } from './tileOfImages';

/**
 * Products with the Hessian and the Gauss–Newton matrix, forward over reverse, on samples in tiles
 * of 64 rows. What does not depend on the vector is made once, by `prepareCurvature`, and kept a tile
 * after the other: the hidden layers' values a₁ …, the derivatives d₁ … of the mean loss by what
 * each layer has before its nonlinearity f, softmax p, and f″∘∂L/∂a where f is curved. Padded numbers
 * are 0 throughout.
 */
const ROWS: u32 = 64;

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
 * Of samples [from, to), `from` a multiple of 64, keeps what products need, and adds their part of
 * the mean loss's gradient over `samples` samples to `gradient`, their losses to `totals`. `order` has
 * 0, 1, 2, …; `scratch` has room for a tile's pixels as pairs, for the first layer's matrix in panels, for
 * the later layers' weights twice and for two of the widest tile.
 */
export function prepareCurvature(
  plan: Plan, data: Sparse, order: usize, from: u32, to: u32, samples: u32,
  weights: usize, kept: usize, starts: usize, entries: usize, gradient: usize, scratch: usize,
  totals: Totals,
): void {
  const layers = plan.layers;
  const pairs = scratch;
  const panels = pairs + pairsBytes(plan);
  scratch = packFirst(plan, weights, panels);
  const later = bytesFrom(plan, 2);
  const own = scratch + later;
  const e = own + later;
  const z = e + widestTile(plan);
  const hidden = hiddenBytes(plan, layers);
  const classes = padded(plan, layers);
  transposeLater(plan, weights, scratch);
  // Where a layer's transposed matrix is, less where the layer is in the weights.
  const transposed = scratch - layerBytes(plan, 1);
  for (let first = from; first < to; first += ROWS) {
    const n = min(ROWS, to - first);
    const rows = (n + 3) & ~3;
    const values = kept + ((first / ROWS) as usize) * keptBytes(plan);
    const slopes = values + hidden;
    const p = slopes + hidden + tileOf(plan, layers);
    const bends = p + tileOf(plan, layers);

    // Forward.
    const columns = starts + ((first / ROWS) as usize) * columnsBytes(plan);
    fillColumns(data, first, n, padded(plan, 0), columns, entries);
    intoFirst(plan, data, first, n, rows, panels, weights, pairs, layers > 1 ? values : z);
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
    addFirst(plan, data, columns, entries, rows, d, pairs, gradient, e);
  }
}

/**
 * Adds what samples [from, to) give of H·direction, or of the Gauss–Newton product, to `product`.
 * `kept` is as `prepareCurvature` left it; `scratch` has room for pairs and panels as there, for the later
 * layers' weights three times, for two of all layers' tiles and three of the widest.
 */
export function curvatureProduct(
  plan: Plan, data: Sparse, order: usize, from: u32, to: u32, samples: u32,
  weights: usize, kept: usize, starts: usize, entries: usize, product: usize, scratch: usize,
  direction: usize, ofNetwork: bool,
): void {
  const layers = plan.layers;
  const pairs = scratch;
  const panels = pairs + pairsBytes(plan);
  scratch = packFirst(plan, direction, panels);
  const later = bytesFrom(plan, 2);
  const own = scratch + 2 * later;
  const hidden = hiddenBytes(plan, layers);
  const last = tileOf(plan, layers);
  const moved = own + later;
  const activated = moved + hidden + last;
  const e = activated + hidden + last;
  const f = e + widestTile(plan);
  const q = f + widestTile(plan);
  transposeLater(plan, weights, scratch);
  if (ofNetwork) transposeLater(plan, direction, scratch + later);
  const transposed = scratch - layerBytes(plan, 1);
  const tileBytes = keptBytes(plan);
  for (let first = from; first < to; first += ROWS) {
    const values = kept + ((first / ROWS) as usize) * tileBytes;
    const slopes = values + hidden;
    const n = min(ROWS, to - first);
    const rows = (n + 3) & ~3;

    // R{values}, forward.
    intoFirst(plan, data, first, n, rows, panels, direction, pairs, moved);
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
        multiply(d, rows, outputs, transposed + later + at, 0, inputs, f);
        addTo(e, f, (count as usize) << 2);
      }
      sloped(plan.kind, values + below, e, count, q);
      if (ofNetwork && plan.kind > 1) addProduct(slopes + hidden + 2 * last + below, moved + below, count, q);
      at -= layerBytes(plan, l - 1);
    }
    const columns = starts + ((first / ROWS) as usize) * columnsBytes(plan);
    addFirst(plan, data, columns, entries, rows, q, pairs, product, e);
  }
}

/** Bytes of where each pixel's entries of a tile begin. */
@inline
function columnsBytes(plan: Plan): usize {
  return ((padded(plan, 0) + 1) as usize) << 2;
}

/** Bytes of a tile's pixels as pairs, a stretch an image, and of where each ends. */
@inline
function pairsBytes(plan: Plan): usize {
  return ((ROWS * padded(plan, 0)) as usize) * PAIR + ((ROWS as usize) << 2);
}

/** Bytes of a panel of the first layer's matrix. */
@inline
function panelBytes(plan: Plan): usize {
  return (padded(plan, 0) as usize) * PANEL;
}

/** The first layer's matrix in panels, of which one stays in the nearest cache for a tile; their end. */
function packFirst(plan: Plan, w: usize, panels: usize): usize {
  const p1 = padded(plan, 1);
  const last = panelsIn(p1);
  packRows(w, (p1 as usize) << 2, 0, padded(plan, 0), 0, last, panels, panelBytes(plan));
  return panels + (last as usize) * panelBytes(plan);
}

/** The first layer before its nonlinearity of a tile's samples; 0 in the rows beyond them. */
function intoFirst(
  plan: Plan, data: Sparse, first: u32, n: u32, rows: u32, panels: usize, w: usize, pairs: usize,
  to: usize,
): void {
  const p1 = padded(plan, 1);
  const row = (p1 as usize) << 2;
  const step = (padded(plan, 0) as usize) * PAIR;
  const ends = pairs + (ROWS as usize) * step;
  let at = pairs;
  for (let s: u32 = 0; s < n; s++, at += step) {
    store<u32>(ends + ((s as usize) << 2), pairsOfImage(data, first + s, at) as u32);
  }
  const bias = w + matrixBytes(plan, 1);
  multiplyPairs(
    pairs, step, ends, n, panels, panelBytes(plan), bias, PANEL, 0, panelsIn(p1), row, to, PANEL, row,
  );
  memory.fill(to + (n as usize) * row, 0, ((rows - n) as usize) * row);
}

/** g += the first layer's gradient of a tile's derivatives d; `room` holds a row. */
function addFirst(
  plan: Plan, data: Sparse, columns: usize, entries: usize, rows: u32, d: usize,
  pairs: usize, g: usize, room: usize,
): void {
  const p1 = padded(plan, 1);
  const row = (p1 as usize) << 2;
  addByColumn(padded(plan, 0), columns, entries, d, row, pairs, g);
  columnSums(d, rows, p1, room);
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
