import * as tf from '@tensorflow/tfjs';
import type { Dataset } from '../data';
import type { AtPoint } from '../engine';
import { requireDataset } from '../engine/guard';
import { InputError } from '../errors';
import { type Network, requireWeightsOf } from '../nn';
import { hasBuffers } from '../nn/network';
import { clone, disposeStateDict, type StateDict } from '../weights';
import { neuronGroups } from './groups';
import { inBatches, trace } from './trace';

/** What one layer's neurons say over some samples: each one's mean and standard deviation. */
interface Moments {
  readonly mean: Float64Array;
  readonly deviation: Float64Array;
}

/** A deviation that is so small a share of the mean is float32's rounding. */
const ROUNDING = 1e-6;

/**
 * REPAIR (Jordan et al. 2023, arXiv 2211.08403): between two networks the neurons' values vary less
 * than at either end, layer after layer. It gives each hidden neuron, before its nonlinearity, the
 * mean and standard deviation that the anchors' have, combined as the weights are:
 *
 *     µ = Σₖ cₖ·µₖ,    σ = Σₖ cₖ·σₖ,    W ← (σ/σ′)·W,    b ← (σ/σ′)·(b − µ′) + µ,
 *
 * with µ′ and σ′ what the neuron has at the point, one layer after the other, each behind those that
 * are repaired already. In images every pixel counts as a sample. A neuron that always says the same
 * (σ′ at most 10⁻⁶·|µ′|) is moved alone. At an anchor itself the very weights come back, bit for bit. The logits
 * are left as they are.
 *
 * The function that it gives is an engine's `atPoint`: from the weights at a point and its
 * coefficients it makes fresh weights, which the caller disposes. It makes as many passes as there
 * are hidden layers.
 *
 * @param network one without BatchNorm, whose statistics `evaluatePath` makes anew by itself
 * @param anchors the weights that the points are combinations of, the neurons of all in one order
 * @param dataset what the values are measured on; some thousands of samples are enough
 * @throws InputError with BatchNorm, with a hidden layer that has no bias, without an anchor, on weights
 *   or samples that do not fit, or when the dataset is empty
 * @example
 * ```ts
 * const repaired = await repair(network, [w1, w2], small);
 * const middle = interpolateBetweenStateDicts(0.5, w1, w2);
 * const better = await repaired(middle, [0.5, 0.5]);
 * const there = nativeEngine.evaluator(network, [better], small);
 * (await there.evaluate([[1]])).length; // → 1
 * there.dispose();
 * disposeStateDict(middle, better);
 * ```
 */
export async function repair(
  network: Network,
  anchors: readonly StateDict[],
  dataset: Dataset,
  { signal }: { signal?: AbortSignal | undefined } = {},
): Promise<AtPoint> {
  if (anchors.length === 0) {
    throw new InputError('repair: there is no anchor; give the ends of the path');
  }
  for (const anchor of anchors) requireWeightsOf(network, anchor);
  if (dataset.length === 0) {
    throw new InputError('repair: the dataset is empty; give it at least one sample');
  }
  requireDataset(network, dataset);
  const layers = hiddenLayers(network, anchors);
  const measure = (weights: StateDict, some: readonly string[]) =>
    momentsAt(network, weights, some, dataset, signal);
  const known: Map<string, Moments>[] = [];
  for (const anchor of anchors) known.push(await measure(anchor, layers));
  return async (weights, point) => {
    requireWeightsOf(network, weights);
    if (point.length !== anchors.length) {
      throw new InputError(
        `repair: expected a coefficient for each of ${anchors.length} anchors, got ${point.length}`,
      );
    }
    if (point.some((c, k) => c === 1 && point.every((other, j) => j === k || other === 0))) {
      return clone(weights);
    }
    let current = clone(weights);
    try {
      for (const layer of layers) {
        const now = (await measure(current, [layer])).get(layer)!;
        const own = known.map((moments) => moments.get(layer)!);
        const wanted = combined(own, point);
        const rescaled = rescale(current, layer, now, wanted);
        tf.dispose([current[`${layer}.weight`]!, current[`${layer}.bias`]!]);
        current = { ...current, ...rescaled };
      }
      return current;
    } catch (error) {
      disposeStateDict(current);
      throw error;
    }
  };
}

/** The layers that make hidden neurons, in the order of data. */
function hiddenLayers(network: Network, anchors: readonly StateDict[]): string[] {
  if (hasBuffers(network)) {
    throw new InputError(
      'repair: the network has BatchNorm, whose statistics do this; evaluatePath recomputes them',
    );
  }
  const makers = neuronGroups(network)
    .flatMap(({ places }) => places)
    .filter(({ name, axis }) => axis === 0 && anchors[0]?.[name]?.rank !== 1)
    .map(({ name }) => name.replace(/\.weight$/, ''));
  const bare = makers.find((name) => anchors.some((anchor) => !(`${name}.bias` in anchor)));
  if (bare === undefined) return makers;
  throw new InputError(`repair: ${bare} has no bias, so no mean can be given; give it one`);
}

function combined(moments: readonly Moments[], point: readonly number[]): Moments {
  const sum = (of: (one: Moments) => Float64Array) =>
    of(moments[0]!).map((_, i) =>
      moments.reduce((all, one, k) => all + point[k]! * of(one)[i]!, 0),
    );
  return { mean: sum(({ mean }) => mean), deviation: sum(({ deviation }) => deviation) };
}

/** The layer's weights with which its neurons have the wanted moments instead of those of now. */
function rescale(weights: StateDict, layer: string, now: Moments, wanted: Moments): StateDict {
  const factors = now.deviation.map((deviation, i) =>
    deviation <= ROUNDING * Math.abs(now.mean[i]!) ? 1 : wanted.deviation[i]! / deviation,
  );
  const [weight, bias] = [weights[`${layer}.weight`]!, weights[`${layer}.bias`]!];
  const rows = [-1, ...weight.shape.slice(1).map(() => 1)];
  const moved = [...bias.dataSync()].map(
    (b, i) => factors[i]! * (b - now.mean[i]!) + wanted.mean[i]!,
  );
  return {
    [`${layer}.weight`]: tf.tidy(() => weight.mul(tf.tensor1d([...factors]).reshape(rows))),
    [`${layer}.bias`]: tf.tensor1d(moved),
  };
}

/** The moments of some layers' neurons over a dataset, in one pass. */
async function momentsAt(
  network: Network,
  weights: StateDict,
  layers: readonly string[],
  dataset: Dataset,
  signal: AbortSignal | undefined,
): Promise<Map<string, Moments>> {
  const tallies = new Map(layers.map((name) => [name, tally()]));
  await inBatches(network, dataset, signal, (x) => {
    let left = layers.length;
    trace(network, weights, x, ({ name, output }) => {
      const own = tallies.get(name);
      if (own === undefined) return true;
      own.add(output);
      return --left > 0;
    });
  });
  return new Map([...tallies].map(([name, { moments }]) => [name, moments()]));
}

/** Means and squares over batches, put together in double precision (Chan et al. 1979). */
function tally() {
  let count = 0;
  let mean = new Float64Array();
  let squares = new Float64Array();
  return {
    add(output: tf.Tensor): void {
      const neurons = output.shape.at(-1)!;
      const n = output.size / neurons;
      const values = output.dataSync();
      const means = sumsOver(values, neurons, (v) => v).map((sum) => sum / n);
      const own = sumsOver(values, neurons, (v, i) => (v - means[i]!) ** 2);
      if (count === 0) [mean, squares] = [new Float64Array(neurons), new Float64Array(neurons)];
      for (let i = 0; i < neurons; i++) {
        const step = means[i]! - mean[i]!;
        mean[i]! += (step * n) / (count + n);
        squares[i]! += own[i]! + (step * step * count * n) / (count + n);
      }
      count += n;
    },
    moments: (): Moments => ({ mean, deviation: squares.map((s) => Math.sqrt(s / count)) }),
  };
}

/** Σ f(v, i) over the values of each neuron i, which are the last dimension. */
function sumsOver(
  values: ArrayLike<number>,
  neurons: number,
  f: (value: number, neuron: number) => number,
): Float64Array {
  const sums = new Float64Array(neurons);
  for (let at = 0; at < values.length; at += neurons) {
    for (let i = 0; i < neurons; i++) sums[i]! += f(values[at + i]!, i);
  }
  return sums;
}
