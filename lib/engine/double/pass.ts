import { addBackward, addForward, addGradient } from './rows';
import { crossEntropyOf, timesLossHessian } from './softmax';
import type { PointwiseStep, Step } from './steps';

/** All that a pass forward and backward makes at a point, a row a sample. */
export interface Pass {
  readonly steps: readonly Step[];
  readonly weights: Float64Array;
  /** Samples, and classes. */
  readonly n: number;
  readonly classes: number;
  readonly loss: number;
  readonly gradient: Float64Array;
  /** What each step is given, the images first and the logits last. */
  readonly values: readonly Float64Array[];
  /** ∂L/∂values, but for the images. */
  readonly slopes: readonly Float64Array[];
  /** softmax of the logits. */
  readonly p: Float64Array;
}

/** Forward and backward at `weights`. */
export function passAt(
  steps: readonly Step[],
  weights: Float64Array,
  images: Float64Array,
  labels: ArrayLike<number>,
  classes: number,
): Pass {
  const n = labels.length;
  const values = [images];
  for (const step of steps) {
    const x = values.at(-1)!;
    if (step.kind === 'pointwise') values.push(x.map(step.value));
    else {
      const y = new Float64Array(n * step.outputs);
      addForward(step, weights, x, y, true);
      values.push(y);
    }
  }
  const { loss, p, d } = crossEntropyOf(values.at(-1)!, labels, classes);
  const gradient = new Float64Array(weights.length);
  const slopes: Float64Array[] = [];
  slopes[steps.length] = d;
  for (let i = steps.length - 1; i >= 0; i--) {
    const step = steps[i]!;
    const above = slopes[i + 1]!;
    if (step.kind === 'dense') addGradient(step, above, values[i]!, gradient, true);
    if (i === 0) break;
    const own = new Float64Array(values[i]!.length);
    if (step.kind === 'dense') addBackward(step, weights, above, own);
    else addSloped(step, values[i]!, values[i + 1]!, above, own);
    slopes[i] = own;
  }
  return { steps, weights, n, classes, loss, gradient, values, slopes, p };
}

/**
 * Hv, forward over reverse (Pearlmutter 1994, Neural Computation 6(1) 147): R{·}, the derivative
 * along v, of all that the pass made, forward and then backward. Without what comes of the
 * network's own curvature it is the Gauss–Newton product (Schraudolph 2002, ibid. 14(7) 1723).
 */
export function productWith(pass: Pass, v: Float64Array, ofNetwork: boolean): Float64Array {
  const { steps, weights, values, slopes, p, classes } = pass;
  const moved = movedValues(pass, v);
  const product = new Float64Array(v.length);
  let q = timesLossHessian(p, moved.at(-1)!, classes);
  for (let i = steps.length - 1; i >= 0; i--) {
    const step = steps[i]!;
    if (step.kind === 'dense') {
      addGradient(step, q, values[i]!, product, true);
      // The images stay where they are.
      if (ofNetwork && i > 0) addGradient(step, slopes[i + 1]!, moved[i]!, product, false);
    }
    if (i === 0) break;
    const own = new Float64Array(values[i]!.length);
    if (step.kind === 'dense') {
      addBackward(step, weights, q, own);
      if (ofNetwork) addBackward(step, v, slopes[i + 1]!, own);
    } else {
      addSloped(step, values[i]!, values[i + 1]!, q, own);
      if (ofNetwork) {
        addBent(step, values[i]!, values[i + 1]!, moved[i]!, slopes[i + 1]!, own);
      }
    }
    q = own;
  }
  return product;
}

/** R{values}: how the values move with the weights along v. The images stay. */
function movedValues({ steps, weights, values }: Pass, v: Float64Array): Float64Array[] {
  const moved = [new Float64Array(values[0]!.length)];
  for (const [i, step] of steps.entries()) {
    const own = new Float64Array(values[i + 1]!.length);
    if (step.kind === 'pointwise') {
      addSloped(step, values[i]!, values[i + 1]!, moved[i]!, own);
    } else {
      addForward(step, v, values[i]!, own, true);
      if (i > 0) addForward(step, weights, moved[i]!, own, false);
    }
    moved.push(own);
  }
  return moved;
}

/** to += f′(x)∘d, y being f(x). */
export function addSloped(
  step: PointwiseStep,
  x: Float64Array,
  y: Float64Array,
  d: Float64Array,
  to: Float64Array,
): void {
  for (let k = 0; k < x.length; k++) to[k] = to[k]! + step.slope(x[k]!, y[k]!) * d[k]!;
}

/** to += f″(x)∘r∘d, y being f(x). */
export function addBent(
  step: PointwiseStep,
  x: Float64Array,
  y: Float64Array,
  r: Float64Array,
  d: Float64Array,
  to: Float64Array,
): void {
  for (let k = 0; k < x.length; k++) to[k] = to[k]! + step.bend(x[k]!, y[k]!) * r[k]! * d[k]!;
}
