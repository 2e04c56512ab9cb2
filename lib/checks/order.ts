import * as tf from '@tensorflow/tfjs';
import { InputError } from '../errors';
import { permute } from '../matching';
import { apply, ClassifierFC } from '../nn';
import { generator, permutation } from '../random';
import { disposeStateDict, type StateDict } from '../weights';
import { type Check, check, tidily } from './check';
import { asList, type Candidates, compareFigures, type Tolerance } from './figures';
import { AS_BEFORE, leavesAsBefore, watch } from './given';
import { away, ROUNDING, randomPoints } from './points';

/** Task 4.2a's function: the same net with its hidden neurons in another order. */
export type PermuteNeurons = (weights: StateDict, order: number[]) => StateDict;

/** Task 4.2b's function: what it costs to put neuron j of w₂ in the place of neuron i of w₁. */
export type MatchingCosts = (w1: StateDict, w2: StateDict) => number[][];

/** The network that `randomPoints` are of. */
const NETWORK = ClassifierFC({
  inputShape: [1, 1, 7],
  outputSize: 3,
  hiddenDim: 5,
  numHidden: 1,
  nonlinearity: 'relu',
});
const HIDDEN = 'layers.1';
/** Products of a dozen float32 numbers of size 1. */
const OF_PRODUCTS: Tolerance = { absolute: 1e-4, relative: 1e-4 };

/**
 * Task 4.2a's function: place i gets the neuron that was in place order[i], and the net computes what
 * it did. Tried on a random net of five hidden neurons.
 *
 * @param answer the student's function
 * @param seed seed of the net and the order that the answer is tried on
 * @example
 * ```ts
 * const net = ClassifierFC({ inputShape: [1, 1, 7], outputSize: 3, hiddenDim: 5, numHidden: 1, nonlinearity: 'relu' });
 * const { findings } = await checkPermutation((w, order) => permute(net, w, { 'layers.1': order }));
 * findings.every(({ verdict }) => verdict === 'holds'); // → true
 * ```
 */
export async function checkPermutation(answer: PermuteNeurons, seed = 1): Promise<Check> {
  const [weights] = randomPoints(1, seed) as [StateDict];
  const order = orderUnlikeItsInverse(seed);
  const given = [...order];
  const inverse = order.map((_, i) => order.indexOf(i));
  const right = permute(NETWORK, weights, { [HIDDEN]: order });
  const other = permute(NETWORK, weights, { [HIDDEN]: inverse });
  const changed = watch({ 'the state dict': weights, 'the order': given });
  const kept = { ...weights };
  const is = (name: string, what: string) =>
    tidily(() => {
      const got = answer(weights, given);
      const off = (point: StateDict) => away(got, { [name]: point[name]! });
      const d = off(right);
      if (typeof d === 'string') return d;
      if (d <= ROUNDING) return undefined;
      if (Number(off(kept)) <= ROUNDING) return `${what} are as they were`;
      if (Number(off(other)) <= ROUNDING) {
        return `${what} went to place order[i]; place i is to get what was in place order[i]`;
      }
      return `${what} are not those of order[0], order[1], …`;
    });
  const x = tf.randomUniform([20, 1, 1, 7], -1, 1, 'float32', seed);
  try {
    return await check(
      { task: '4.2a', name: 'checkPermutation' },
      {
        'the weights that come in go along': is(`${HIDDEN}.weight`, 'the rows of the first layer'),
        'the biases go along': is(`${HIDDEN}.bias`, 'the biases of the hidden neurons'),
        'the weights that go out go along': is(
          'layers.3.weight',
          'the columns of the second layer',
        ),
        'the logits are what they were': tidily(() => {
          const got = answer(weights, given);
          const d = away(got, right);
          if (typeof d === 'string') return d;
          const off = apply(NETWORK, got, x)
            .sub(apply(NETWORK, kept, x))
            .abs()
            .max();
          const most = off.dataSync()[0]!;
          return most < 1e-4 ? undefined : `they differ by up to ${most.toPrecision(2)}`;
        }),
        [AS_BEFORE]: leavesAsBefore(changed),
      },
    );
  } finally {
    disposeStateDict(kept, right, other);
    x.dispose();
  }
}

/** Five places, in an order whose inverse is another one. */
function orderUnlikeItsInverse(seed: number): number[] {
  for (let attempt = 0; ; attempt++) {
    const order = [...permutation(5, generator(seed, attempt))];
    if (order.every((from, i) => order[from] !== i)) return order;
  }
}

/**
 * Task 4.2b's function: minus the inner product of all that belongs to neuron i of w₁, coming in,
 * bias and going out, with all that belongs to neuron j of w₂. Tried on random nets.
 *
 * @param answer the student's function
 * @param seed seed of the nets that the answer is tried on
 * @example
 * ```ts
 * const { findings } = await checkMatchingCosts((...both) => {
 *   const [a, b] = both.map((w) =>
 *     tf.concat2d([w['layers.1.weight'].as2D(5, 7), w['layers.1.bias'].as2D(5, 1), w['layers.3.weight'].transpose().as2D(5, 3)], 1),
 *   );
 *   return tf.matMul<tf.Tensor2D>(a, b, false, true).neg().arraySync();
 * });
 * findings.every(({ verdict }) => verdict === 'holds'); // → true
 * ```
 */
export async function checkMatchingCosts(answer: MatchingCosts, seed = 1): Promise<Check> {
  const [w1, w2] = randomPoints(2, seed) as [StateDict, StateDict];
  const kept = [{ ...w1 }, { ...w2 }] as const;
  const changed = watch({ 'the state dict at w₁': w1, 'that at w₂': w2 });
  const parts = partsOf(...kept);
  const of = (...names: (keyof typeof parts)[]) =>
    parts.in.map((_, k) => -names.reduce((sum, name) => sum + parts[name][k]!, 0));
  const right = of('in', 'bias', 'out');
  const mistakes: Candidates = {
    'the gains: what is most alike must cost least': right.map((cost) => -cost),
    'without the biases': of('in', 'out'),
    'without the weights that go out': of('in', 'bias'),
    'without the weights that come in': of('bias', 'out'),
    'of the weights that come in alone': of('in'),
    'with w₁ and w₂ exchanged: row i is of neuron i of w₁': transposed(right),
  };
  try {
    return await check(
      { task: '4.2b', name: 'checkMatchingCosts' },
      {
        'it is a row of five numbers for each of five neurons': () => {
          const rows = listsOf(answer(w1, w2));
          const fit =
            rows.length === 5 && rows.every((row) => Array.isArray(row) && row.length === 5);
          return fit ? undefined : 'take as many rows and columns as there are hidden neurons';
        },
        'a cost is minus the inner product of all that two neurons have': () => {
          const got = listsOf(answer(w1, w2)).flat();
          const place = (k: number) => `at [${Math.floor(k / 5)}][${k % 5}]`;
          const words = { these: 'these are', wanted: 'it should be' };
          return compareFigures(got, right, mistakes, place, OF_PRODUCTS, words);
        },
        [AS_BEFORE]: leavesAsBefore(changed),
      },
    );
  } finally {
    disposeStateDict(...kept);
  }
}

/** The rows of costs, also where each is a typed array. */
function listsOf(costs: unknown): unknown[] {
  if (Array.isArray(costs)) return costs.map(asList);
  throw new InputError('it is no list of lists; tensors have arraySync()');
}

/** The inner products of all pairs of neurons, row by row, in what each of them has. */
function partsOf(w1: StateDict, w2: StateDict) {
  const products = (rows: (weights: StateDict) => tf.Tensor) =>
    tf.tidy(() => [...tf.matMul(rows(w1), rows(w2), false, true).dataSync<'float32'>()]);
  return {
    in: products((w) => w[`${HIDDEN}.weight`]!),
    bias: products((w) => w[`${HIDDEN}.bias`]!.reshape([5, 1])),
    out: products((w) => w['layers.3.weight']!.transpose()),
  };
}

const transposed = (costs: readonly number[]) =>
  costs.map((_, k) => costs[(k % 5) * 5 + Math.floor(k / 5)]!);
