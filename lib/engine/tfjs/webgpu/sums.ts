import * as tf from '@tensorflow/tfjs';
import { sizeOf } from '../../../shape';
import { type Recorder, run } from './run';
import { replaceKernel } from './shader';

/** A tensor seen as [outer, terms, inner], of which the terms are added up. */
export interface Block {
  readonly outer: number;
  readonly terms: number;
  readonly inner: number;
}

/** What is added up: at each place `at` an expression in WGSL, in which `column` counts `inner`. */
export interface Summand {
  /** Names it among the compiled ones. */
  readonly name: string;
  readonly reads: readonly string[];
  readonly values: readonly string[];
  /** Whether each sum is divided by the number of its terms. */
  readonly isMean?: boolean;
}

/** Terms that one thread adds, where there are threads enough, and how many are. */
const TERMS = 64;
const MOST_THREADS = 65536;

/** How many threads share the terms of one sum. */
export function lanesOf({ outer, terms, inner }: Block): number {
  let lanes = 1;
  while (lanes * TERMS < terms && lanes * outer * inner < MOST_THREADS) lanes *= 2;
  return lanes;
}

/**
 * Σ of each of a summand's values over a block's terms, or their mean: tensors of `shape`. Where the
 * terms are many some threads share them, and a second shader adds what they got. The first of the
 * inputs is the block.
 */
export function sums(
  backend: Recorder,
  summand: Summand,
  inputs: readonly tf.TensorInfo[],
  block: Block,
  shape: readonly number[],
): tf.TensorInfo[] {
  const { outer, inner } = block;
  const { reads, isMean = false } = summand;
  const lanes = lanesOf(block);
  const each = (line: (name: string, value: string) => string) =>
    summand.values.map((value, k) => line(`sum${k}`, value)).join('\n');
  const kernel = {
    name: `sums ${summand.name} ${isMean} ${inner} ${lanes}`,
    reads,
    makes: summand.values.map((_, k) => `sum${k}`),
    body: `
      if (i >= arrayLength(&sum0)) { return; }
      let terms = arrayLength(&${reads[0]}) / (arrayLength(&sum0) / ${lanes}u);
      let column = i % ${inner}u;
      let lane = i / ${inner}u % ${lanes}u;
      var at = (i / ${inner * lanes}u * terms + lane) * ${inner}u + column;
      ${each((name) => `var ${name}Here = 0.0;`)}
      for (var term = lane; term < terms; term += ${lanes}u) {
        ${each((name, value) => `${name}Here += ${value};`)}
        at += ${lanes * inner}u;
      }
      ${each((name) => `${name}[i] = ${name}Here${isMean ? ' / f32(terms)' : ''};`)}`,
  };
  const shapes = summand.values.map(() => (lanes === 1 ? shape : [outer, lanes, inner]));
  const made = run(backend, kernel, inputs, shapes, outer * lanes * inner);
  if (lanes === 1) return made;
  const again = {
    name: `${made.length}`,
    reads: made.map((_, k) => `part${k}`),
    values: made.map((_, k) => `part${k}[at]`),
  };
  const whole = sums(backend, again, made, { outer, terms: lanes, inner }, shape);
  for (const { dataId } of made) backend.disposeData(dataId);
  return whole;
}

/** Σ, or the mean, of a tensor's own numbers. */
export function sum(
  backend: Recorder,
  x: tf.TensorInfo,
  block: Block,
  shape: readonly number[],
  isMean = false,
): tf.TensorInfo {
  const itself = { name: 'x', reads: ['x'], values: ['x[at]'], isMean };
  return sums(backend, itself, [x], block, shape)[0]!;
}

/** Sums and means over neighbouring axes without the transposing that tfjs does before. */
export function supplySums(): void {
  for (const kernelName of ['Sum', 'Mean']) {
    replaceKernel(kernelName, (args, theirs) => {
      const x = args.inputs.x as tf.TensorInfo;
      const { axis, keepDims } = args.attrs as unknown as {
        axis: number | number[];
        keepDims: boolean;
      };
      const axes = tf.util.parseAxisParam(axis, [...x.shape]).sort((a, b) => a - b);
      const first = axes[0] ?? 0;
      const end = first + axes.length;
      const areNeighbours = axes.every((one, i) => one === first + i);
      if (x.dtype !== 'float32' || !areNeighbours || sizeOf(x.shape) === 0) return theirs(args);
      const [before, over, after] = [
        x.shape.slice(0, first),
        x.shape.slice(first, end),
        x.shape.slice(end),
      ];
      const block = { outer: sizeOf(before), terms: sizeOf(over), inner: sizeOf(after) };
      const shape = [...before, ...(keepDims ? over.map(() => 1) : []), ...after];
      return sum(args.backend as Recorder, x, block, shape, kernelName === 'Mean');
    });
  }
}
