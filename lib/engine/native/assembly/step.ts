import { activateAll, columnSums, multiply, outer, timesSlope, transpose } from './dense';
import { exp4, sum4, VECTOR } from './math';
import { layerBytes, matrixBytes, padded, Plan, width } from './plan';
import { firstLayer, firstLayerGradient, Sparse } from './sparse';

/** What an epoch adds up. */
@unmanaged
export class Totals {
  loss: f64;
  correct: f64;
}

/**
 * Loss, right answers and gradient of a batch: the loss is Σ −log softmax(z)[label], the gradient
 * that of its mean. `rows` is `n` rounded up to a multiple of four; `scratch` has room for the
 * layers' values, two of the widest layer's derivatives and the largest transposed matrix.
 */
export function lossAndGradient(
  plan: Plan,
  data: Sparse,
  indices: usize,
  n: u32,
  rows: u32,
  weights: usize,
  gradient: usize,
  scratch: usize,
  totals: Totals,
): void {
  const layers = plan.layers;
  let widest: u32 = 0;
  let room = scratch;
  for (let l: u32 = 1; l <= layers; l++) {
    widest = max(widest, padded(plan, l));
    room += ((rows * padded(plan, l)) as usize) << 2;
  }
  let d = room;
  let e = d + (((rows * widest) as usize) << 2);
  const transposed = e + (((rows * widest) as usize) << 2);

  // Forward.
  const p1 = padded(plan, 1);
  const b1 = weights + matrixBytes(plan, 1);
  for (let s: u32 = 0; s < n; s++) {
    const z = scratch + (((s * p1) as usize) << 2);
    firstLayer(data, load<u32>(indices + ((s as usize) << 2)), weights, b1, p1, z);
  }
  memory.fill(scratch + (((n * p1) as usize) << 2), 0, (((rows - n) * p1) as usize) << 2);
  let a = scratch;
  let w = weights;
  for (let l: u32 = 1; l < layers; l++) {
    activateAll(plan.kind, a, rows, width(plan, l), padded(plan, l));
    w += layerBytes(plan, l);
    const next = a + (((rows * padded(plan, l)) as usize) << 2);
    multiply(a, rows, padded(plan, l), w, w + matrixBytes(plan, l + 1), padded(plan, l + 1), next);
    a = next;
  }
  crossEntropy(plan, data, indices, n, rows, a, d, totals);

  // Backward, from the last layer to the first.
  let g = gradient + (w - weights);
  for (let l = layers; l > 1; l--) {
    const outputs = padded(plan, l);
    const inputs = padded(plan, l - 1);
    const below = a - (((rows * inputs) as usize) << 2);
    outer(below, d, rows, inputs, outputs, g);
    columnSums(d, rows, outputs, g + matrixBytes(plan, l));
    transpose(w, inputs, outputs, transposed);
    multiply(d, rows, outputs, transposed, 0, inputs, e);
    timesSlope(plan.kind, below, e, rows * inputs);
    const swap = d;
    d = e;
    e = swap;
    a = below;
    w -= layerBytes(plan, l - 1);
    g -= layerBytes(plan, l - 1);
  }
  memory.fill(gradient, 0, matrixBytes(plan, 1));
  for (let s: u32 = 0; s < n; s++) {
    const i = load<u32>(indices + ((s as usize) << 2));
    firstLayerGradient(data, i, d + (((s * p1) as usize) << 2), p1, gradient);
  }
  columnSums(d, rows, p1, gradient + matrixBytes(plan, 1));
}

/** The loss of logits z, and d = (softmax(z) − onehot)/n; rows beyond n get 0. */
function crossEntropy(
  plan: Plan,
  data: Sparse,
  indices: usize,
  n: u32,
  rows: u32,
  z: usize,
  d: usize,
  totals: Totals,
): void {
  const classes = width(plan, plan.layers);
  const stride = padded(plan, plan.layers);
  const share: f32 = 1 / (n as f32);
  for (let s: u32 = 0; s < n; s++) {
    const row = z + (((s * stride) as usize) << 2);
    const to = d + (((s * stride) as usize) << 2);
    const label = load<u8>(data.labels + load<u32>(indices + ((s as usize) << 2))) as u32;
    let winner: u32 = 0;
    let top = load<f32>(row);
    // NaN is above all, of equals the first wins.
    for (let c: u32 = 1; c < classes && top == top; c++) {
      const value = load<f32>(row + ((c as usize) << 2));
      if (!(value <= top)) {
        top = value;
        winner = c;
      }
    }
    const losing = top - load<f32>(row + ((label as usize) << 2));
    const shift = f32x4.splat(top);
    for (let c: usize = 0; c < (stride as usize) << 2; c += VECTOR) {
      v128.store(to + c, exp4(f32x4.sub(v128.load(row + c), shift)));
    }
    // The winner's 1 is left out of the sum, so that a small rest is not lost beside it.
    store<f32>(to + ((winner as usize) << 2), 0);
    for (let c = classes; c < stride; c++) store<f32>(to + ((c as usize) << 2), 0);
    // NaN where the top is infinite, which then is the loss.
    let rest: f32 = top - top;
    for (let c: usize = 0; c < (stride as usize) << 2; c += VECTOR) rest += sum4(v128.load(to + c));
    totals.loss += NativeMath.log1p(rest as f64) + (losing as f64);
    if (winner == label) totals.correct += 1;
    const scale = f32x4.splat(share / (1 + rest));
    for (let c: usize = 0; c < (stride as usize) << 2; c += VECTOR) {
      v128.store(to + c, f32x4.mul(v128.load(to + c), scale));
    }
    store<f32>(to + ((winner as usize) << 2), share / (1 + rest));
    const at = to + ((label as usize) << 2);
    // For a sample that is right, p − 1 = −rest/(1 + rest) without cancellation.
    store<f32>(at, winner == label ? -share * (rest / (1 + rest)) : load<f32>(at) - share);
  }
  memory.fill(d + (((n * stride) as usize) << 2), 0, (((rows - n) * stride) as usize) << 2);
}
