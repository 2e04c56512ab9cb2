import * as tf from '@tensorflow/tfjs';
import { InputError } from '../../errors';
import type { Network, OwnLayer } from '../../nn';
import { applyLayer } from '../../nn/apply';
import { kindOf, type Layer } from '../../nn/kinds';
import { generator } from '../../random';
import { sizeOf } from '../../shape';
import type { StateDict } from '../../weights';

const tried = new WeakSet<OwnLayer>();
const SAMPLES = 16;
/** Each sample's numbers reach so many times as far as those of the one before, from 2 to 300. */
const GROWTH = 1.4;
/** What float32 leaves of a sample's largest number where sums are taken in another order. */
const TOLERANCE = 1e-4;

/**
 * Tries once whether a layer of one's own does what it says that the native engine does for it: else
 * the engines would differ, and nothing would tell.
 *
 * @throws InputError when `apply` gives other numbers than the native operation
 */
export function requireSame(network: Network, layer: OwnLayer): void {
  if (tried.has(layer)) return;
  const at = network.layers.indexOf(layer);
  const shape = shapeBefore(network, at);
  const random = generator(1);
  const drawn = (shape: readonly number[], most: number) => {
    const draw = () => most * (2 * random.uniform() - 1);
    return tf.tensor(Float32Array.from({ length: sizeOf(shape) }, draw), [...shape]);
  };
  const off = tf.tidy(() => {
    const shapes = Object.entries(kindOf(layer).tensors(layer));
    const tensors = Object.fromEntries(shapes.map(([name, of]) => [name, drawn(of, 0.1)]));
    const reaches = Array.from({ length: SAMPLES }, (_, i) => 2 * GROWTH ** i);
    const x = tf.stack(reaches.map((reach) => drawn(shape, reach)));
    const y = applyLayer(layer, tensors, x);
    const wanted = nativeResult(layer, tensors, x, y.shape);
    const bySample = (of: tf.Tensor) => of.abs().reshape([SAMPLES, -1]).max(1);
    return bySample(y.sub(wanted)).div(bySample(wanted).add(1)).max().dataSync()[0]!;
  });
  if (!(off <= TOLERANCE)) {
    throw refusal(layer, `gives numbers that are up to ${off} of the largest away from it`);
  }
  tried.add(layer);
}

function shapeBefore({ inputShape, layers }: Network, at: number): readonly number[] {
  let shape = inputShape;
  for (const layer of layers.slice(0, at)) shape = kindOf(layer).outputShape(layer, shape);
  return shape;
}

/** What the native engine would make of x, by the built-in layer that it has the kernel from. */
function nativeResult(layer: OwnLayer, tensors: StateDict, x: tf.Tensor, shape: number[]) {
  const operation = layer.definition.native!;
  if (operation === 'keep') return x.reshape(shape);
  if (operation !== 'dense') return applyLayer({ kind: operation }, {}, x);
  const [inputs, outputs] = [x.shape[1]!, shape[1]!];
  const dense: Layer = { kind: 'dense', inputs, outputs };
  const wanted = JSON.stringify(kindOf(dense).tensors(dense));
  if (JSON.stringify(kindOf(layer).tensors(layer)) === wanted) return applyLayer(dense, tensors, x);
  throw refusal(layer, `has other tensors than ${wanted}`);
}

function refusal({ name, definition }: OwnLayer, what: string): InputError {
  return new InputError(
    `${name}: it says that the native engine's ${definition.native} does the same, but it ${what}; ` +
      'leave native out',
  );
}
