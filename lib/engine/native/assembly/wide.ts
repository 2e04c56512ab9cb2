import { addUp, crossEntropy, Totals, TOTALS_BYTES } from './crossEntropy';
import { activate, slope, VECTOR } from './math';
import { meet, Meeting } from './meet';
import {
  areFinite, multiplyPairs, PAIR, pairsOfColumns, pairsOfImages, pairsOfPixels, pairsOfRows,
} from './pairs';
import { packRows, packTransposed, PANEL, panelsIn } from './panels';
import { layerBytes, matrixBytes, padded, Plan, width } from './plan';
import { fetchImages, Sparse } from './sparse';

/**
 * The step of step.ts, in the same order of sums and with two meetings, for layers so wide that it
 * pays to lay everything out in panels and to leave out all that is 0: pixels, what ReLU has set to
 * 0, and its derivative. A thread's neurons are whole panels.
 *
 * 1. Each thread packs the weights that it moved: into its neurons of the first layer, for itself, and
 *    out of its neurons of the others, for all; then the first layer's values of its neurons.
 * 2. The later layers, forward and back, of its samples; its share of the pixels, by pixel.
 * 3. The gradient of the weights that it moves.
 */

/** Rows that go past a panel together. */
const ROWS: u32 = 64;

/** Where a thread's share of `n` begins; the last one's ends at `threads`. */
@inline
function share(n: u32, thread: u32, threads: u32): u32 {
  return (n * thread) / threads;
}

/** A batch in a thread's hands: where everything lies. Values and derivatives are [panel][row][16]. */
@unmanaged
class Step {
  n: u32;
  most: u32;
  thread: u32;
  threads: u32;
  /** The first layer's matrix and bias in panels; then of each later one both, and it transposed. */
  packed: usize;
  values: usize;
  /** From a layer's values to the derivatives by what it has before its nonlinearity. */
  toDerivatives: usize;
  /** Whether all later weights that a thread packs are finite, a number each. */
  finite: usize;
  each: usize;
  /** For each pixel the samples that have it. */
  pixels: usize;
  pixelEnds: usize;
  pairs: usize;
  pairStep: usize;
  ends: usize;
}

/** Bytes of a layer's panels: the matrix that leads to it and its bias. */
@inline
function panelBytes(plan: Plan, layer: u32): usize {
  return ((padded(plan, layer - 1) + 1) as usize) * PANEL;
}

@inline
function packedBytes(plan: Plan, layer: u32): usize {
  return (panelsIn(padded(plan, layer)) as usize) * panelBytes(plan, layer);
}

@inline
function transposedBytes(plan: Plan, layer: u32): usize {
  return ((panelsIn(padded(plan, layer - 1)) * padded(plan, layer)) as usize) * PANEL;
}

/** Bytes of a layer's values, of all rows. */
@inline
function valueBytes(plan: Plan, layer: u32, most: u32): usize {
  return ((panelsIn(padded(plan, layer)) * most) as usize) * PANEL;
}

/** As `lossAndGradient`; `scratch` is as large as `wideScratch`, beside the threads, says. */
export function wideStep(
  plan: Plan, data: Sparse, indices: usize, n: u32, most: u32,
  weights: usize, gradient: usize, scratch: usize, totals: Totals,
  thread: u32, threads: u32, meeting: Meeting,
): void {
  const layers = plan.layers;
  const inputs = padded(plan, 0);
  let widest = inputs;
  let matrices: usize = packedBytes(plan, 1);
  let values: usize = valueBytes(plan, 1, most);
  for (let l: u32 = 2; l <= layers; l++) {
    widest = max(widest, padded(plan, l - 1));
    matrices += packedBytes(plan, l) + transposedBytes(plan, l);
    values += valueBytes(plan, l, most);
  }
  widest = max(widest, padded(plan, layers));
  const pairBytes = (max(ROWS * widest, 16 * most) as usize) * PAIR;
  // Each thread's own part: its pairs, where they end, its flag, and what is said here.
  const ownBytes = pairBytes + ((ROWS as usize) << 2) + 128;
  const each = scratch + matrices + 2 * values;
  const pixels = each + (most as usize) * TOTALS_BYTES;
  const pixelEnds = pixels + ((inputs * most) as usize) * PAIR;
  const flags = pixelEnds + (((inputs + 3) & ~3) << 2);
  const own = flags + (((threads + 3) & ~3) << 2) + (thread as usize) * ownBytes;
  const at = changetype<Step>(own + ownBytes - 128);
  at.n = n;
  at.most = most;
  at.thread = thread;
  at.threads = threads;
  at.packed = scratch;
  at.values = scratch + matrices;
  at.toDerivatives = values;
  at.finite = flags;
  at.each = each;
  at.pixels = pixels;
  at.pixelEnds = pixelEnds;
  at.pairs = own;
  at.pairStep = (widest as usize) * PAIR;
  at.ends = own + pairBytes;

  // Kept where pairs will be.
  store<u32>(own, fetchImages(data, indices, n));
  packOwn(plan, weights, at);
  firstLayer(plan, data, indices, at);
  meet(meeting, threads);

  const begin = min(n, share((n + 3) / 4, thread, threads) * 4);
  const end = min(n, share((n + 3) / 4, thread + 1, threads) * 4);
  pairsOfPixels(
    data, indices, n, share(inputs, thread, threads), share(inputs, thread + 1, threads),
    pixels, (most as usize) * PAIR, pixelEnds,
  );
  let all = false;
  for (let t: u32 = 0; t < threads; t++) all = all || load<u32>(flags + ((t as usize) << 2)) == 0;
  const z = forward(plan, at, begin, end, all);
  memory.fill(each + (begin as usize) * TOTALS_BYTES, 0, ((end - begin) as usize) * TOTALS_BYTES);
  const logits = 16 * panelsIn(padded(plan, layers));
  crossEntropy(
    data, indices, n, n, width(plan, layers), logits, z, z + values, changetype<Totals>(each),
    begin, end, TOTALS_BYTES,
  );
  backward(plan, at, z, begin, end, all);
  meet(meeting, threads);

  laterGradients(plan, at, gradient, z);
  firstGradient(plan, at, gradient);
  if (thread == 0) addUp(each, n, totals);
}

/** A thread's panels of a layer. */
@inline
function firstPanel(plan: Plan, layer: u32, thread: u32, threads: u32): u32 {
  return share(panelsIn(padded(plan, layer)), thread, threads);
}

function packOwn(plan: Plan, weights: usize, at: Step): void {
  const thread = at.thread;
  const threads = at.threads;
  const isLast = thread + 1 == threads;
  const row = (padded(plan, 1) as usize) << 2;
  // The bias lies behind the matrix, as one more row of it.
  packRows(
    weights, row, 0, padded(plan, 0) + 1, firstPanel(plan, 1, thread, threads),
    firstPanel(plan, 1, thread + 1, threads), at.packed, panelBytes(plan, 1),
  );
  let finite = true;
  let w = weights;
  let to = at.packed + packedBytes(plan, 1);
  for (let l: u32 = 2; l <= plan.layers; l++) {
    w += layerBytes(plan, l - 1);
    const inputs = padded(plan, l - 1);
    const outputs = padded(plan, l);
    const bytes = (outputs as usize) << 2;
    const first = firstPanel(plan, l - 1, thread, threads);
    const last = firstPanel(plan, l - 1, thread + 1, threads);
    const from = 16 * first;
    const end = min(inputs, 16 * last);
    packRows(w, bytes, from, end + (isLast ? 1 : 0), 0, panelsIn(outputs), to, panelBytes(plan, l));
    finite = finite && areFinite(w + (from as usize) * bytes, ((end - from) as usize) * bytes);
    to += packedBytes(plan, l);
    for (let p = first; p < last; p++) {
      packTransposed(w, inputs, outputs, p, to, (outputs as usize) * PANEL);
    }
    to += transposedBytes(plan, l);
  }
  store<u32>(at.finite + ((thread as usize) << 2), finite ? 1 : 0);
}

function firstLayer(plan: Plan, data: Sparse, indices: usize, at: Step): void {
  const first = firstPanel(plan, 1, at.thread, at.threads);
  const last = firstPanel(plan, 1, at.thread + 1, at.threads);
  const panel = panelBytes(plan, 1);
  const bias = at.packed + panel - PANEL;
  const bytes = (panelsIn(padded(plan, 1)) as usize) * PANEL;
  for (let s: u32 = 0; s < at.n; s += ROWS) {
    const n = min(ROWS, at.n - s);
    pairsOfImages(data, indices + ((s as usize) << 2), n, at.pairs, at.pairStep, at.ends);
    multiplyPairs(
      at.pairs, at.pairStep, at.ends, n, at.packed, panel, bias, panel, first, last, bytes,
      at.values + (s as usize) * PANEL, (at.most as usize) * PANEL, PANEL,
    );
  }
}

/** The values of the layers behind the first for rows [begin, end); where the logits begin, row by row. */
function forward(plan: Plan, at: Step, begin: u32, end: u32, all: bool): usize {
  const next = (at.most as usize) * PANEL;
  let a = at.values;
  let w = at.packed + packedBytes(plan, 1);
  for (let l: u32 = 2; l <= plan.layers; l++) {
    const below = panelsIn(padded(plan, l - 1));
    const panels = panelsIn(padded(plan, l));
    const row = (panels as usize) * PANEL;
    const out = a + valueBytes(plan, l - 1, at.most);
    const panel = panelBytes(plan, l);
    const isLast = l == plan.layers;
    for (let p: usize = 0; p < below; p++) {
      const to = a + p * next + (end as usize) * PANEL;
      for (let q = a + p * next + (begin as usize) * PANEL; q < to; q += VECTOR) {
        v128.store(q, activate(plan.kind, v128.load(q)));
      }
    }
    for (let s = begin; s < end; s += ROWS) {
      const n = min(ROWS, end - s);
      const from = a + (s as usize) * PANEL;
      pairsOfRows(from, next, PANEL, n, width(plan, l - 1), all, at.pairs, at.pairStep, at.ends);
      const outRow = isLast ? row : PANEL;
      multiplyPairs(
        at.pairs, at.pairStep, at.ends, n, w, panel, w + panel - PANEL, panel, 0, panels, row,
        out + (s as usize) * outRow, isLast ? PANEL : next, outRow,
      );
    }
    a = out;
    w += packedBytes(plan, l) + transposedBytes(plan, l);
  }
  return a;
}

/** The derivatives of the layers below the last, whose values are at `a`, for rows [begin, end). */
function backward(plan: Plan, at: Step, a: usize, begin: u32, end: u32, all: bool): void {
  const next = (at.most as usize) * PANEL;
  let w = at.values;
  for (let l = plan.layers; l > 1; l--) {
    w -= transposedBytes(plan, l);
    const isLast = l == plan.layers;
    const panels = panelsIn(padded(plan, l - 1));
    const bytes = (panels as usize) * PANEL;
    const row = isLast ? (panelsIn(padded(plan, l)) as usize) * PANEL : PANEL;
    const d = a + at.toDerivatives;
    a -= valueBytes(plan, l - 1, at.most);
    const e = a + at.toDerivatives;
    for (let s = begin; s < end; s += ROWS) {
      const n = min(ROWS, end - s);
      const from = d + (s as usize) * row;
      pairsOfRows(
        from, isLast ? PANEL : next, row, n, width(plan, l), all, at.pairs, at.pairStep, at.ends,
      );
      multiplyPairs(
        at.pairs, at.pairStep, at.ends, n, w, (padded(plan, l) as usize) * PANEL, 0, 0, 0, panels,
        bytes, e + (s as usize) * PANEL, next, PANEL,
      );
    }
    for (let p: usize = 0; p < panels; p++) {
      const to = p * next + (end as usize) * PANEL;
      for (let q = p * next + (begin as usize) * PANEL; q < to; q += VECTOR) {
        v128.store(e + q, f32x4.mul(v128.load(e + q), slope(plan.kind, v128.load(a + q))));
      }
    }
    w -= packedBytes(plan, l);
  }
}

/** sum[o] = Σₛ d[s][o] of a panel whose rows are `row` bytes apart; what lies beyond `bytes` is left. */
function sumRows(d: usize, row: usize, n: u32, sum: usize, bytes: usize): void {
  for (let o: usize = 0; o < min(PANEL, bytes); o += VECTOR) {
    let x = f32x4.splat(0);
    for (let s: usize = 0; s < n; s++) x = f32x4.add(x, v128.load(d + s * row + o));
    v128.store(sum + o, x);
  }
}

/** The gradient of the weights out of a thread's neurons; biases are the last one's. */
function laterGradients(plan: Plan, at: Step, gradient: usize, a: usize): void {
  const most = (at.most as usize) * PANEL;
  const step = (at.most as usize) * PAIR;
  let g = gradient;
  for (let l: u32 = 1; l < plan.layers; l++) g += layerBytes(plan, l);
  for (let l = plan.layers; l > 1; l--) {
    const inputs = padded(plan, l - 1);
    const bytes = (padded(plan, l) as usize) << 2;
    const panels = panelsIn(padded(plan, l));
    const isLast = l == plan.layers;
    const row = isLast ? (panels as usize) * PANEL : PANEL;
    const next = isLast ? PANEL : most;
    const d = a + at.toDerivatives;
    a -= valueBytes(plan, l - 1, at.most);
    let all = false;
    const parts: usize = isLast ? 1 : panels;
    for (let p: usize = 0; p < parts; p++) {
      all = all || !areFinite(d + p * next, (at.n as usize) * row);
    }
    const last = firstPanel(plan, l - 1, at.thread + 1, at.threads);
    for (let p: u32 = firstPanel(plan, l - 1, at.thread, at.threads); p < last; p++) {
      const k: u32 = 16 * p;
      const own: u32 = width(plan, l - 1) > k ? width(plan, l - 1) - k : 0;
      pairsOfColumns(a + (p as usize) * most, at.n, own, all, row as u32, at.pairs, step, at.ends);
      multiplyPairs(
        at.pairs, step, at.ends, min(16, inputs - k), d, next, 0, 0, 0, panels, bytes,
        g + (k as usize) * bytes, PANEL, bytes,
      );
    }
    if (at.thread + 1 == at.threads) {
      const bias = g + matrixBytes(plan, l);
      for (let p: usize = 0; p < panels; p++) {
        sumRows(d + p * next, row, at.n, bias + p * PANEL, bytes - p * PANEL);
      }
    }
    g -= layerBytes(plan, l - 1);
  }
}

/** The gradient of the weights into a thread's neurons of the first layer. */
function firstGradient(plan: Plan, at: Step, g: usize): void {
  const first = firstPanel(plan, 1, at.thread, at.threads);
  const last = firstPanel(plan, 1, at.thread + 1, at.threads);
  const bytes = (padded(plan, 1) as usize) << 2;
  const d = at.values + at.toDerivatives;
  const next = (at.most as usize) * PANEL;
  multiplyPairs(
    at.pixels, (at.most as usize) * PAIR, at.pixelEnds, padded(plan, 0), d, next, 0, 0, first, last,
    bytes, g, PANEL, bytes,
  );
  const bias = g + matrixBytes(plan, 1);
  for (let p = first as usize; p < last; p++) {
    sumRows(d + p * next, PANEL, at.n, bias + p * PANEL, bytes - p * PANEL);
  }
}
