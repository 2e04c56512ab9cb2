import * as tf from '@tensorflow/tfjs';
import { breathe } from '../cancellation';
import { type Dataset, dataLoader } from '../data';
import { chooseBackend } from '../engine/tfjs/backend';
import { type Layer, type Network, valueSizes } from '../nn';
import { applyLayer } from '../nn/apply';
import { LAYERS } from '../nn/network';
import { unprefixed } from '../nn/stack';
import type { StateDict } from '../weights';

/** What a layer takes and gives, and the prefix of its tensors' names. */
export interface Step {
  readonly name: string;
  readonly layer: Layer;
  readonly input: tf.Tensor;
  readonly output: tf.Tensor;
}

/**
 * Carries a network out and shows each layer, those inside of residual blocks too, in the order of
 * data, until `visit` gives false. For use in `tf.tidy`.
 */
export function trace(
  { layers }: Network,
  weights: StateDict,
  x: tf.Tensor,
  visit: (step: Step) => boolean,
): void {
  follow(layers, LAYERS, weights, x, visit);
}

/** What the layers make of x; nothing where `visit` has stopped them. */
function follow(
  layers: readonly Layer[],
  prefix: string,
  weights: StateDict,
  x: tf.Tensor,
  visit: (step: Step) => boolean,
): tf.Tensor | undefined {
  let input = x;
  for (const [i, layer] of layers.entries()) {
    const name = `${prefix}${i}`;
    const way = (own: string, of: readonly Layer[]) =>
      follow(of, `${name}.${own}.`, weights, input, visit);
    let output: tf.Tensor;
    if (layer.kind === 'residual') {
      const body = way('body', layer.body);
      const shortcut = body && way('shortcut', layer.shortcut ?? []);
      if (body === undefined || shortcut === undefined) return undefined;
      output = body.add(shortcut);
    } else {
      output = applyLayer(layer, unprefixed(`${name}.`, weights), input);
    }
    if (!visit({ name, layer, input, output })) return undefined;
    input = output;
  }
  return input;
}

/** Numbers that a pass may hold at once: those of all layers, for all samples of a batch. */
const VALUES = 2e7;
const LARGEST_BATCH = 500;

/** Hands a dataset's images to `take` in batches that leave room for all values of a pass. */
export async function inBatches(
  network: Network,
  dataset: Dataset,
  signal: AbortSignal | undefined,
  take: (x: tf.Tensor4D) => void,
): Promise<void> {
  await chooseBackend();
  const values = valueSizes(network).reduce((sum, size) => sum + size, 0);
  const batchSize = Math.max(1, Math.min(LARGEST_BATCH, Math.floor(VALUES / values)));
  for (const { x } of dataLoader(dataset, { batchSize })) {
    await breathe(signal);
    tf.tidy(() => take(x));
  }
}
