import { addUp, crossEntropy, Totals, TOTALS_BYTES } from './crossEntropy';
import { activateAll, columnSums, multiply, outer, timesSlope, transpose } from './dense';
import { firstLayerGradient } from './firstGradient';
import { meet, Meeting } from './meet';
import { multiplyPairs, PAIR, pairsOfImages } from './pairs';
import { PANEL, panelsIn } from './panels';
import { layerBytes, matrixBytes, padded, Plan, width } from './plan';
import { fetchImages, Sparse } from './sparse';

/**
 * A thread's part of a step of a fully connected network, between four meetings. Each number is one
 * thread's alone and summed in the same order, so that figures are the same for any threads:
 *
 * 1. The pixels of its own samples, written out as pairs for all threads.
 * 2. The first layer's values, of the thread's own neurons for all samples.
 * 3. All later layers, forward and back, for its own samples.
 * 4. The gradient of the weights into its own neurons of the first layer, and out of its own neurons
 *    of each layer, over all samples. Nobody else reads or moves these weights but in 3.
 *
 * The first layer's width is padded to whole panels of sixteen neurons, its matrix is one panel behind
 * the other, [pixels][16], and a thread's neurons are whole panels. Were they neighbouring parts of the
 * same rows, each core would fetch the other's numbers ahead, and take them away from it.
 */

/** Room for so many pairs of pixels, which are kept from 1 to 4; larger batches go in parts. */
const MOST_PAIRS: u32 = 1 << 20;

/** Where a thread's share of `n` begins; the last one's ends at `threads`. */
@inline
function share(n: u32, thread: u32, threads: u32): u32 {
  return (n * thread) / threads;
}

/** Where a thread's share of a layer's neurons begins, in vectors: whole panels, as of the first layer. */
@inline
function vectors(neurons: u32, thread: u32, threads: u32): u32 {
  return min(neurons / 4, share(panelsIn(neurons), thread, threads) * 4);
}

/** Bytes of so many numbers. */
@inline
function floats(n: u32): usize {
  return (n as usize) << 2;
}

/**
 * Loss, right answers and gradient of a batch: the loss is Σ −log softmax(z)[label], the gradient
 * that of its mean. `rows` is `n` rounded up to a multiple of four; `scratch` has room for `most` rows
 * of the layers' values and of their derivatives, the later matrices transposed, each sample's totals,
 * and the pairs.
 */
export function lossAndGradient(
  plan: Plan, data: Sparse, indices: usize, n: u32, rows: u32, most: u32,
  weights: usize, gradient: usize, scratch: usize, totals: Totals,
  thread: u32, threads: u32, meeting: Meeting,
): void {
  const layers = plan.layers;
  let values: u32 = 0;
  let matrices: usize = 0;
  for (let l: u32 = 1; l <= layers; l++) {
    values += padded(plan, l);
    if (l > 1) matrices += matrixBytes(plan, l);
  }
  const toDerivatives = floats(most * values);
  const transposed = scratch + 2 * toDerivatives;
  const each = transposed + matrices;

  const row = floats(padded(plan, 1));
  const panels = panelsIn(padded(plan, 1));
  const first = share(panels, thread, threads);
  const last = share(panels, thread + 1, threads);
  const pairs = each + (most as usize) * TOTALS_BYTES;
  const part = partOf(plan, most);
  for (let s: u32 = 0; s < n; s += part) {
    sharePairs(plan, data, indices + floats(s), min(part, n - s), most, pairs, thread, threads, meeting);
    forwardFirst(plan, min(part, n - s), most, weights, scratch + (s as usize) * row, pairs, first, last);
  }
  transposeAll(plan, weights, transposed, thread, threads);
  meet(meeting, threads);

  const begin = share(rows / 4, thread, threads) * 4;
  const end = share(rows / 4, thread + 1, threads) * 4;
  memory.fill(each + (begin as usize) * TOTALS_BYTES, 0, ((end - begin) as usize) * TOTALS_BYTES);
  const beyond = max(n, begin);
  if (beyond < end) memory.fill(scratch + (beyond as usize) * row, 0, ((end - beyond) as usize) * row);
  const z = forward(plan, most, weights, scratch, begin, end);
  const outputs = padded(plan, layers);
  const d = z + toDerivatives;
  const own = changetype<Totals>(each);
  crossEntropy(
    data, indices, n, rows, width(plan, layers), outputs, z, d, own, begin, end, TOTALS_BYTES,
  );
  backward(plan, most, z, toDerivatives, transposed + matrices, begin, end);
  meet(meeting, threads);

  laterGradients(plan, rows, most, gradient, z, toDerivatives, thread, threads);
  const panelBytes = (padded(plan, 0) as usize) * PANEL;
  memory.fill(gradient + (first as usize) * panelBytes, 0, ((last - first) as usize) * panelBytes);
  for (let s: u32 = 0; s < n; s += part) {
    if (part < n) {
      sharePairs(plan, data, indices + floats(s), min(part, n - s), most, pairs, thread, threads, meeting);
    }
    const d = scratch + toDerivatives + (s as usize) * row;
    backwardFirst(plan, min(part, n - s), most, d, gradient, pairs, first, last);
  }
  columnSums(
    scratch + toDerivatives, rows, padded(plan, 1), gradient + matrixBytes(plan, 1),
    (first as usize) * PANEL, (last as usize) * PANEL,
  );
  if (thread == 0) addUp(each, n, totals);
}

/** Images of a part of a batch; of one as is usual all. */
@inline
function partOf(plan: Plan, most: u32): u32 {
  return min(most, max(MOST_PAIRS / padded(plan, 0), 1));
}

/** Bytes of the pairs of a part, behind which stands where each image's end. */
@inline
function pairBytes(plan: Plan, most: u32): usize {
  return (partOf(plan, most) as usize) * (padded(plan, 0) as usize) * PAIR;
}

/**
 * Writes the pixels of `n` images out as pairs, of which each thread does its share, once nobody needs
 * those before them any more.
 */
function sharePairs(
  plan: Plan, data: Sparse, indices: usize, n: u32, most: u32, pairs: usize,
  thread: u32, threads: u32, meeting: Meeting,
): void {
  const step = (padded(plan, 0) as usize) * PAIR;
  const first = share(n, thread, threads);
  const images = share(n, thread + 1, threads) - first;
  const own = indices + floats(first);
  const to = pairs + (first as usize) * step;
  const ends = pairs + pairBytes(plan, most) + floats(first);
  const kept = fetchImages(data, own, images);
  meet(meeting, threads);
  // Kept where the pairs begin.
  if (images > 0) store<u32>(to, kept);
  pairsOfImages(data, own, images, to, step, ends);
  meet(meeting, threads);
}

/** The first layer's values at `z`, of `n` samples for its panels [first, last). */
function forwardFirst(
  plan: Plan, n: u32, most: u32, weights: usize, z: usize, pairs: usize, first: u32, last: u32,
): void {
  const inputs = padded(plan, 0) as usize;
  const row = floats(padded(plan, 1));
  const bias = weights + matrixBytes(plan, 1);
  const ends = pairs + pairBytes(plan, most);
  multiplyPairs(
    pairs, inputs * PAIR, ends, n, weights, inputs * PANEL, bias, PANEL, first, last, row, z, PANEL, row,
  );
}

/** Adds to the gradient of the weights into its panels [first, last) what `n` samples have, of derivatives d. */
function backwardFirst(
  plan: Plan, n: u32, most: u32, d: usize, gradient: usize, pairs: usize, first: u32, last: u32,
): void {
  const inputs = padded(plan, 0) as usize;
  const row = floats(padded(plan, 1));
  const ends = pairs + pairBytes(plan, most);
  for (let panel: usize = first; panel < last; panel++) {
    const g = gradient + panel * inputs * PANEL;
    firstLayerGradient(pairs, inputs * PAIR, ends, n, d + panel * PANEL, row, g);
  }
}

/** A thread's share of the later matrices, transposed. */
function transposeAll(plan: Plan, weights: usize, to: usize, thread: u32, threads: u32): void {
  let w = weights;
  for (let l: u32 = 2; l <= plan.layers; l++) {
    const inputs = padded(plan, l - 1);
    w += layerBytes(plan, l - 1);
    const first = vectors(inputs, thread, threads);
    const last = vectors(inputs, thread + 1, threads);
    transpose(w, inputs, padded(plan, l), to, first, last);
    to += matrixBytes(plan, l);
  }
}

/** The values of the layers behind the first for rows [begin, end); where the logits begin. */
function forward(
  plan: Plan, most: u32, weights: usize, scratch: usize, begin: u32, end: u32,
): usize {
  let a = scratch;
  let w = weights;
  for (let l: u32 = 1; l < plan.layers; l++) {
    const inputs = padded(plan, l);
    const outputs = padded(plan, l + 1);
    const own = a + floats(begin * inputs);
    a += floats(most * inputs);
    w += layerBytes(plan, l);
    activateAll(plan.kind, own, end - begin, width(plan, l), inputs);
    multiply(own, end - begin, inputs, w, w + matrixBytes(plan, l + 1), outputs, a + floats(begin * outputs));
  }
  return a;
}

/** The derivatives of the layers below the last, whose values are at `a`, for rows [begin, end). */
function backward(
  plan: Plan, most: u32, a: usize, toDerivatives: usize, matrices: usize, begin: u32, end: u32,
): void {
  for (let l = plan.layers; l > 1; l--) {
    const inputs = padded(plan, l - 1);
    const outputs = padded(plan, l);
    const d = a + toDerivatives + floats(begin * outputs);
    a -= floats(most * inputs);
    matrices -= matrixBytes(plan, l);
    const below = a + floats(begin * inputs);
    multiply(d, end - begin, outputs, matrices, 0, inputs, below + toDerivatives);
    timesSlope(plan.kind, below, below + toDerivatives, (end - begin) * inputs);
  }
}

/** The gradient of a thread's share of the later weights; biases are the last one's. */
function laterGradients(
  plan: Plan, rows: u32, most: u32, gradient: usize, a: usize, toDerivatives: usize,
  thread: u32, threads: u32,
): void {
  let g = gradient;
  for (let l: u32 = 1; l < plan.layers; l++) g += layerBytes(plan, l);
  for (let l = plan.layers; l > 1; l--) {
    const inputs = padded(plan, l - 1);
    const outputs = padded(plan, l);
    const d = a + toDerivatives;
    a -= floats(most * inputs);
    const first = vectors(inputs, thread, threads);
    const last = vectors(inputs, thread + 1, threads);
    outer(a, d, rows, inputs, outputs, g, first, last);
    if (thread + 1 == threads) columnSums(d, rows, outputs, g + matrixBytes(plan, l));
    g -= layerBytes(plan, l - 1);
  }
}
