import * as tf from '@tensorflow/tfjs';
import { curvatureAt, measureCurvature } from '../curvature';
import { dot } from '../curvature/vectors';
import type { Dataset } from '../data';
import { initialize, type Network, parametersToVector } from '../nn';
import { disposeStateDict, type StateDict } from '../weights';
import { type Check, check } from './check';
import { AS_BEFORE, leavesAsBefore, watch } from './given';
import { asPoint } from './points';

/** Part 4.1's fourth function: how the weights move when one neuron is rescaled. */
export type RescalingDirection = (weights: StateDict, neuron: number) => StateDict;

/** What the loss does along a neuron's direction d. */
export interface Rescaled {
  readonly neuron: number;
  /** ∇L·d/|d|, in nats by length. */
  readonly slope: number;
  /** d·Hd/|d|²: the curvature along the straight line. */
  readonly straight: number;
  /**
   * The second derivative along the curve (α·in, out/α) itself, by |d|²: the curve bends, so ∇L adds
   * its part. 0 wherever L has second derivatives; where ∇L is 0, `straight` is the same.
   */
  readonly along: number;
  /** Whether weights of other neurons move. */
  readonly strays: boolean;
}

/**
 * What the loss does along each hidden neuron's direction of rescaling, in × α and out ÷ α.
 *
 * @param network one hidden layer
 * @param weights the point
 * @param dataset the samples; the loss is their mean
 * @param directionOf a neuron's direction; the tensors that it makes are disposed here
 * @throws InputError as `curvatureAt`, and where a direction is none of the network's
 * @example
 * ```ts
 * const [first] = await alongRescalings(network, w1, small, (weights) => clone(weights));
 * first.strays; // → true
 * ```
 */
export async function alongRescalings(
  network: Network,
  weights: StateDict,
  dataset: Dataset,
  directionOf: RescalingDirection,
): Promise<Rescaled[]> {
  const point = parametersToVector(network, weights);
  const curvature = await curvatureAt(network, weights, dataset);
  const { gradient, hessian } = curvature;
  const rows: Rescaled[] = [];
  try {
    for (const [neuron, own] of weightsByNeuron(weights).entries()) {
      const d = vectorOf(network, () => directionOf(weights, neuron));
      const square = dot(d, d);
      const product = await hessian(d);
      // in″ = in and out″ = out for α = eˢ, and c² times that for α = eᶜˢ, whose direction is c·d.
      const bend = point.map((x, i) => (own.has(i) ? x : 0));
      const faster = square / dot(bend, bend);
      rows.push({
        neuron,
        slope: dot(gradient, d) / Math.sqrt(square),
        straight: dot(d, product) / square,
        along: (dot(d, product) + faster * dot(gradient, bend)) / square,
        strays: d.some((x, i) => x !== 0 && !own.has(i)),
      });
    }
  } finally {
    curvature.dispose();
  }
  return rows;
}

/** The places in the vector of weights into each hidden neuron, of its bias, and of those out of it. */
function weightsByNeuron(weights: StateDict): Set<number>[] {
  const [into, , out] = Object.values(weights).map(({ shape }) => shape);
  const [neurons, inputs] = into as [number, number];
  const [outputs] = out as [number];
  const biases = neurons * inputs;
  return Array.from({ length: neurons }, (_, neuron) => {
    const from = (count: number, at: (k: number) => number) =>
      Array.from({ length: count }, (_, k) => at(k));
    return new Set([
      ...from(inputs, (k) => neuron * inputs + k),
      biases + neuron,
      ...from(outputs, (k) => biases + neurons + k * neurons + neuron),
    ]);
  });
}

/** Disposes only what an answer makes: it may return tensors that it was given, or keeps. */
function vectorOf(network: Network, direction: () => StateDict): Float64Array {
  let vector: Float64Array = new Float64Array();
  tf.tidy(() => {
    vector = parametersToVector(network, asPoint(network, direction()));
  });
  return vector;
}

/** Rounding of float32, beside |∇L| at a random point and beside the largest eigenvalue. */
const NO_SLOPE = 1e-4;
const NO_CURVATURE = 1e-4;

/**
 * Part 4.1's fourth function: the direction in which a neuron's weights move when those into it, with
 * its bias, are multiplied by α and those out of it divided, which leaves a ReLU network's function
 * alone. The loss must have no slope along it at random weights, and no curvature at the minimum.
 *
 * @param answer the student's function
 * @param at the network, a minimum of it, and the samples that the loss is the mean of
 * @param seed seed of the random weights
 * @example
 * ```ts
 * const { findings } = await checkRescaling(() => clone(w1), { network, minimum: w1, dataset: small });
 * findings.length; // → 4
 * ```
 */
export async function checkRescaling(
  answer: RescalingDirection,
  at: { readonly network: Network; readonly minimum: StateDict; readonly dataset: Dataset },
  seed = 1,
): Promise<Check> {
  const { network, minimum, dataset } = at;
  const changed = watch({ 'the weights': minimum });
  const count = weightsByNeuron(minimum).length;
  const start = initialize(network, seed);
  const named = (rows: readonly Rescaled[], isWrong: (row: Rescaled) => boolean, what: string) => {
    const wrong = rows.filter(isWrong).map(({ neuron }) => neuron);
    return wrong.length === 0 ? undefined : `${what} of neuron ${wrong.join(', ')}`;
  };
  const atStart = once(() => alongRescalings(network, start, dataset, answer));
  const all = `each of the ${count} directions, 0 to ${count - 1},`;
  try {
    return await check(
      { task: '4.1c', name: 'checkRescaling' },
      {
        [`${all} moves the weights of its neuron alone`]: async () =>
          named(
            await atStart(),
            ({ strays }) => strays,
            'other weights move, with the direction',
          ) ??
          named(
            await atStart(),
            ({ slope }) => Number.isNaN(slope),
            'nothing moves, with the direction',
          ),
        [`${all} has no slope, at random weights`]: async () => {
          const least = NO_SLOPE * (await scaleAt(network, start, dataset)).gradient;
          const isSteep = ({ slope }: Rescaled) => !(Math.abs(slope) <= least);
          return named(await atStart(), isSteep, 'the loss rises or falls along the direction');
        },
        [`${all} has curvature 0 at the minimum`]: async () => {
          const most = NO_CURVATURE * (await scaleAt(network, minimum, dataset)).largest;
          const isCurved = ({ along }: Rescaled) => !(Math.abs(along) <= most);
          const rows = await alongRescalings(network, minimum, dataset, answer);
          return named(rows, isCurved, 'the loss is curved along the direction');
        },
        [AS_BEFORE]: leavesAsBefore(changed),
      },
    );
  } finally {
    disposeStateDict(start);
  }
}

/** |∇L| and about the largest eigenvalue. */
async function scaleAt(network: Network, weights: StateDict, dataset: Dataset) {
  const curvature = await curvatureAt(network, weights, dataset);
  try {
    const options = { largest: 1, maxSteps: 8 };
    const { gradientNorm, largest } = await measureCurvature(curvature, options);
    return { gradient: gradientNorm, largest: largest[0]! };
  } finally {
    curvature.dispose();
  }
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
