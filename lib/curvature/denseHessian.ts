import { addBent, addSloped, type Pass } from '../engine/double/pass';
import { addBackward, addForward } from '../engine/double/rows';
import { timesLossHessian } from '../engine/double/softmax';
import type { DenseStep } from '../engine/double/steps';

/**
 * The Hessian itself, row-major. A weight of layer l from input k to neuron o moves the loss by way
 * of that neuron alone: with R{·} the derivative by the neuron's value before its nonlinearity,
 *
 *     H[(l, o, k), ·] = Σₛ xₛ[k]·R{∇Lₛ},
 *
 * so one pass a neuron makes all rows of its weights. The weights of lower layers follow by symmetry.
 */
export function denseHessian(pass: Pass): Float64Array {
  const size = pass.weights.length;
  const matrix = new Float64Array(size * size);
  for (const [i, step] of pass.steps.entries()) {
    if (step.kind !== 'dense') continue;
    for (let neuron = 0; neuron < step.outputs; neuron++) addRows(pass, i, step, neuron, matrix);
  }
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < row; column++) {
      matrix[row * size + column] = matrix[column * size + row]!;
    }
  }
  return matrix;
}

/** The rows of one neuron's weights, from its first weight to the end. */
function addRows(
  pass: Pass,
  layer: number,
  step: DenseStep,
  neuron: number,
  matrix: Float64Array,
): void {
  const { steps, values, slopes, n, weights } = pass;
  const size = weights.length;
  const moved = movedBy(pass, layer, step, neuron);
  const own = movedSlopes(pass, layer, moved);
  const { inputs, bias } = step;
  const first = step.matrix + neuron * inputs;
  const images = values[layer]!;
  // R{∇L} of one sample; the matrix of this layer's neurons before is left to symmetry.
  const row = new Float64Array(size);
  for (let s = 0; s < n; s++) {
    for (let j = layer; j < steps.length; j++) {
      const dense = steps[j]!;
      if (dense.kind !== 'dense') continue;
      const [x, r, d, q] = [values[j]!, moved[j]!, slopes[j + 1]!, own[j + 1]!];
      const at = s * dense.inputs;
      for (let p = 0; p < dense.outputs; p++) {
        const [dp, qp] = [d[s * dense.outputs + p]!, q[s * dense.outputs + p]!];
        row[dense.bias + p] = qp;
        if (j === layer && p < neuron) continue;
        const to = dense.matrix + p * dense.inputs;
        for (let k = 0; k < dense.inputs; k++) row[to + k] = qp * x[at + k]! + dp * r[at + k]!;
      }
    }
    for (let k = 0; k <= inputs; k++) {
      const factor = k === inputs ? 1 : images[s * inputs + k]!;
      if (factor === 0) continue;
      const to = (k === inputs ? bias + neuron : first + k) * size;
      for (let c = first; c < size; c++) matrix[to + c] = matrix[to + c]! + factor * row[c]!;
    }
  }
}

/** R{values} from a layer's input on, which stays, when a neuron of it moves. */
function movedBy(
  { steps, values, weights, n }: Pass,
  layer: number,
  { outputs }: DenseStep,
  neuron: number,
): Float64Array[] {
  const moved: Float64Array[] = [];
  moved[layer] = new Float64Array(values[layer]!.length);
  moved[layer + 1] = new Float64Array(n * outputs);
  for (let s = 0; s < n; s++) moved[layer + 1]![s * outputs + neuron] = 1;
  for (let j = layer + 1; j < steps.length; j++) {
    const step = steps[j]!;
    const own = new Float64Array(values[j + 1]!.length);
    if (step.kind === 'dense') addForward(step, weights, moved[j]!, own, false);
    else addSloped(step, values[j]!, values[j + 1]!, moved[j]!, own);
    moved[j + 1] = own;
  }
  return moved;
}

/** R{slopes} from behind a layer on. */
function movedSlopes(pass: Pass, layer: number, moved: readonly Float64Array[]): Float64Array[] {
  const { steps, values, slopes, weights, p, classes } = pass;
  const own: Float64Array[] = [];
  own[steps.length] = timesLossHessian(p, moved.at(-1)!, classes);
  for (let j = steps.length - 1; j > layer; j--) {
    const step = steps[j]!;
    const below = new Float64Array(values[j]!.length);
    if (step.kind === 'dense') addBackward(step, weights, own[j + 1]!, below);
    else {
      addSloped(step, values[j]!, values[j + 1]!, own[j + 1]!, below);
      addBent(step, values[j]!, values[j + 1]!, moved[j]!, slopes[j + 1]!, below);
    }
    own[j] = below;
  }
  return own;
}
