import { crossEntropy, Totals, TOTALS_BYTES } from './crossEntropy';
import { activateAll, columnSums, multiply, outer, timesSlope, transpose } from './dense';
import { meet, Meeting } from './meet';
import { layerBytes, matrixBytes, padded, Plan, width } from './plan';
import { clear, fetchImages, firstLayer, firstLayerGradient, Sparse } from './sparse';

/**
 * A thread's part of a step of a fully connected network, between two meetings. Each number is one
 * thread's alone and summed in the same order, so that figures are the same for any threads:
 *
 * 1. The first layer's values, of the thread's own neurons for all samples.
 * 2. All later layers, forward and back, for its own samples.
 * 3. The gradient of the weights into its own neurons of the first layer, and out of its own neurons
 *    of each layer, over all samples. Nobody else reads or moves these weights but in 2.
 */

/** Where a thread's share of `n` begins; the last one's ends at `threads`. */
@inline
function share(n: u32, thread: u32, threads: u32): u32 {
  return (n * thread) / threads;
}

/** Bytes of so many numbers. */
@inline
function floats(n: u32): usize {
  return (n as usize) << 2;
}

/**
 * Loss, right answers and gradient of a batch: the loss is Σ −log softmax(z)[label], the gradient
 * that of its mean. `rows` is `n` rounded up to a multiple of four; `scratch` has room for `most` rows
 * of the layers' values and of their derivatives, the later matrices transposed, and each sample's
 * totals. That all is at the same places in each step, as one thread may be ahead of another.
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

  const p1 = padded(plan, 1);
  const row = floats(p1);
  const first = (share(p1 / 4, thread, threads) as usize) << 4;
  const last = (share(p1 / 4, thread + 1, threads) as usize) << 4;
  const bias = weights + matrixBytes(plan, 1);
  // Kept where the layer's own first values go.
  if (first < last) store<u32>(scratch + first, fetchImages(data, indices, n));
  for (let s: usize = 0; s < n; s++) {
    const i = load<u32>(indices + (s << 2));
    firstLayer(data, i, weights, bias, p1, scratch + s * row, first, last);
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
  const e = scratch + toDerivatives;
  clear(gradient, padded(plan, 0), row, first, last);
  firstLayerGradient(data, indices, n, e, p1, gradient, first, last);
  columnSums(e, rows, p1, gradient + matrixBytes(plan, 1), first, last);
  if (thread > 0) return;
  for (let s: usize = 0; s < n; s++) {
    const one = changetype<Totals>(each + s * TOTALS_BYTES);
    totals.loss += one.loss;
    totals.correct += one.correct;
  }
}

/** A thread's share of the later matrices, transposed. */
function transposeAll(plan: Plan, weights: usize, to: usize, thread: u32, threads: u32): void {
  let w = weights;
  for (let l: u32 = 2; l <= plan.layers; l++) {
    const inputs = padded(plan, l - 1);
    w += layerBytes(plan, l - 1);
    const first = share(inputs / 4, thread, threads);
    const last = share(inputs / 4, thread + 1, threads);
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
    const first = share(inputs / 4, thread, threads);
    const last = share(inputs / 4, thread + 1, threads);
    outer(a, d, rows, inputs, outputs, g, first, last);
    if (thread + 1 == threads) columnSums(d, rows, outputs, g + matrixBytes(plan, l));
    g -= layerBytes(plan, l - 1);
  }
}
