import * as tf from '@tensorflow/tfjs';
import { breathe } from '../../../cancellation';
import { type Batch, type Dataset, dataLoader } from '../../../data';
import { countParameters, type Network, valueSizes } from '../../../nn';
import { LAYERS } from '../../../nn/network';
import { unprefixed } from '../../../nn/stack';
import { coordinatesOf, requireVector, vectorToParameters } from '../../../nn/vector';
import { clone, disposeStateDict, type StateDict } from '../../../weights';
import type { Curvature } from '../../curvature';
import { crossEntropyOf, timesLossHessian } from '../../double/softmax';
import { chooseBackend } from '../backend';
import type { Moving } from './moving';
import { inOrder } from './rules';

/** Numbers of all layers that a batch may make at once; each is kept with its rate and derivatives. */
const NUMBERS = 4e6;
const LARGEST_BATCH = 1000;

/** What is summed over the samples: the gradient, or a product with v. */
interface Task {
  readonly v?: Float64Array;
  /** Whether the network's own curvature counts, as in the Hessian. */
  readonly ofNetwork: boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Products by tfjs, forward over reverse, a batch after the other, in float32; batches are summed in
 * double precision. Each product passes over the samples anew: what it could share with others is too
 * much to keep. Layers are as in evaluation: BatchNorm by its running statistics, nothing is dropped.
 */
export async function tfjsCurvature(
  network: Network,
  weights: StateDict,
  dataset: Dataset,
): Promise<Curvature> {
  const point = clone(weights);
  const sum = (task: Task) => sumOverBatches(network, point, dataset, task);
  const product = async (v: Float64Array, ofNetwork: boolean, signal?: AbortSignal) => {
    requireVector('curvature', network, v);
    const largest = v.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
    if (largest === 0) return new Float64Array(v.length);
    // What float32 holds is no matter of the direction's length.
    const unit = v.map((x) => x / largest);
    const { sums } = await sum({ v: unit, ofNetwork, signal });
    return sums.map((x) => x * largest);
  };
  try {
    await chooseBackend();
    const { loss, sums } = await sum({ ofNetwork: true });
    return {
      loss,
      gradient: sums,
      hessian: (v, signal) => product(v, true, signal),
      gaussNewton: (v, signal) => product(v, false, signal),
      dispose: () => disposeStateDict(point),
    };
  } catch (error) {
    disposeStateDict(point);
    throw error;
  }
}

/** The mean loss of all samples, and the sum of what a task asks for. */
async function sumOverBatches(
  network: Network,
  point: StateDict,
  dataset: Dataset,
  { v, ofNetwork, signal }: Task,
) {
  // Copies: a product that runs goes on when the point is disposed.
  const weights = clone(point);
  const direction = v && vectorToParameters(network, v);
  const tensors = {
    values: unprefixed(LAYERS, weights),
    rates: direction && unprefixed(LAYERS, direction),
  };
  const sums = new Float64Array(countParameters(network));
  let loss = 0;
  try {
    for (const batch of dataLoader(dataset, { batchSize: batchSizeOf(network) })) {
      await breathe(signal);
      const labels = Uint32Array.from(batch.indices, (i) => dataset.labels[i]!);
      const share = batch.size / dataset.length;
      loss += tf.tidy(() => {
        const passed = inOrder(network.layers, tensors, { value: batch.x });
        const { loss, derivative } = lossOf(passed.output, batch, labels, share);
        const { value, rate } = derivative;
        const { gradient } = passed.backward({ value: ofNetwork ? value : undefined, rate });
        addTo(sums, network, gradient, v ? 'rate' : 'value');
        return loss * share;
      });
    }
  } finally {
    disposeStateDict(weights, direction ?? {});
  }
  return { loss, sums };
}

/** A batch's mean loss, and the derivative of its share in the whole mean by the logits. */
function lossOf(
  logits: Moving,
  { size }: Batch,
  labels: ArrayLike<number>,
  share: number,
): { loss: number; derivative: Moving } {
  const classes = logits.value!.shape[1]!;
  const numbers = (t: tf.Tensor) => Float64Array.from(t.dataSync());
  const shared = (x: Float64Array) =>
    tf.tensor2d(
      Float32Array.from(x, (one) => one * share),
      [size, classes],
    );
  const { loss, p, d } = crossEntropyOf(numbers(logits.value!), labels, classes);
  const rate = logits.rate && shared(timesLossHessian(p, numbers(logits.rate), classes));
  return { loss, derivative: { value: shared(d), rate } };
}

function addTo(
  sums: Float64Array,
  network: Network,
  gradient: Readonly<Record<string, Moving>>,
  which: keyof Moving,
): void {
  const named = (name: string) => gradient[name.slice(LAYERS.length)]?.[which]?.dataSync();
  let at = 0;
  for (const [name, shape] of coordinatesOf(network)) {
    const values = named(name);
    const size = tf.util.sizeFromShape([...shape]);
    for (let i = 0; values && i < size; i++) sums[at + i] = sums[at + i]! + values[i]!;
    at += size;
  }
}

function batchSizeOf(network: Network): number {
  const numbers = valueSizes(network).reduce((sum, size) => sum + size, 0);
  return Math.max(1, Math.min(LARGEST_BATCH, Math.floor(NUMBERS / numbers)));
}
