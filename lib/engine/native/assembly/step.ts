import { crossEntropy, Totals } from './crossEntropy';
import { activateAll, columnSums, multiply, outer, timesSlope, transpose } from './dense';
import { layerBytes, matrixBytes, padded, Plan, width } from './plan';
import { firstLayer, firstLayerGradient, Sparse } from './sparse';

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
  const outputs = padded(plan, layers);
  crossEntropy(data, indices, n, rows, width(plan, layers), outputs, a, d, totals);

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
  firstLayerGradient(data, indices, n, d, p1, gradient);
  columnSums(d, rows, p1, gradient + matrixBytes(plan, 1));
}
