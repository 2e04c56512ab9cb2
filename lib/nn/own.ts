import { inspect } from 'node:util';
import * as tf from '@tensorflow/tfjs';
import { InputError, requireInteger } from '../errors';
import { sizeOf } from '../shape';
import { isBuffer, mapStateDict, type StateDict, tensorOf } from '../weights';
import {
  type LayerDefinition,
  type LayerKind,
  layerKind,
  NATIVE_OPERATIONS,
  type Shape,
} from './kind';

/** A layer of a kind of one's own, made by what `defineLayer` gives. */
export interface OwnLayer<S = unknown> {
  readonly kind: 'own';
  /** What errors call it. */
  readonly name: string;
  readonly settings: S;
  readonly definition: LayerDefinition<S>;
}

/**
 * A kind of layer of one's own: gives what makes layers of it, each with its settings S. They go
 * into `sequential` and residual blocks beside the built-in ones, on every engine: tfjs carries them
 * out and differentiates through `apply`, unless `native` says that the native engine has the same.
 *
 * A layer carries its definition with it, so nothing is registered and two definitions may have one
 * name. A checkpoint tells them apart by settings and by the text of the functions, as it does with
 * losses: what a function takes from outside of itself belongs into the settings. JSON has no
 * functions: a network that went through it is to be made anew.
 *
 * - `outputShape(settings, shape)`: the shape [h, w, …] of what it makes of a sample of that shape,
 *   the batch left out; throws where it cannot take such samples.
 * - `apply(settings, tensors, x)`: what it makes of a batch x of shape [n, …], by tfjs. What it makes
 *   on the way is disposed.
 * - `tensors(settings)`: the shapes of its tensors by name, in the order that PyTorch has them in;
 *   those called `running_mean`, `running_var` and `num_batches_tracked` are buffers, no coordinates.
 * - `initial(settings, random)`: the tensors before any training, float32.
 * - `train(settings, tensors, x, pass)`: as `apply`, where it differs while the network learns;
 *   `pass.random` draws, `pass.keep` is given new buffers.
 * - `native`: `relu`, `sigmoid`, `tanh`, `keep` (the same numbers in the same order) or `dense` (with
 *   `weight` and `bias`). The native engine tries it once beside `apply`, and refuses what differs.
 *
 * @param name what errors call it
 * @param definition its functions of settings
 * @throws InputError when a function is missing that the others need
 * @example
 * ```ts
 * const swish = defineLayer<{ beta: number }>('swish', {
 *   outputShape: (_, shape) => shape,
 *   apply: ({ beta }, _, x) => x.mul(x.mul(beta).sigmoid()),
 * });
 * const swishing = sequential([4], [
 *   { kind: 'dense', inputs: 4, outputs: 8 },
 *   swish({ beta: 1.5 }),
 *   { kind: 'dense', inputs: 8, outputs: 3 },
 * ]);
 * countParameters(swishing); // → 67
 * ```
 */
export function defineLayer<S = void>(
  name: string,
  definition: LayerDefinition<S>,
): (settings: S) => OwnLayer<S> {
  const refuse = (what: string) => new InputError(`defineLayer: ${name} ${what}`);
  if (typeof name !== 'string' || name === '') {
    throw new InputError(`defineLayer: expected a name, a text, got ${name}`);
  }
  for (const needed of ['outputShape', 'apply'] as const) {
    if (typeof definition?.[needed] !== 'function') throw refuse(`lacks the function ${needed}`);
  }
  if ((definition.tensors === undefined) !== (definition.initial === undefined)) {
    throw refuse(
      'has one of tensors and initial, their shapes and their numbers; give both or none',
    );
  }
  if (definition.native !== undefined && !NATIVE_OPERATIONS.includes(definition.native)) {
    const known = NATIVE_OPERATIONS.join(', ');
    throw refuse(
      `has native '${definition.native}', and there are ${known}; take one or leave it out`,
    );
  }
  if (definition.native !== undefined && definition.train !== undefined) {
    throw refuse(
      'learns otherwise than it evaluates, which native layers do not; leave out native',
    );
  }
  return (settings) => ({ kind: 'own', name, settings, definition });
}

/** Hands all on to a layer's definition, and holds what that gives to what it says. */
export const own: LayerKind<OwnLayer> = layerKind<OwnLayer>({
  outputShape(layer, shape) {
    const { name, settings } = layer;
    const given = definitionOf(layer).outputShape(settings, shape);
    if (!Array.isArray(given)) {
      throw new InputError(`${name}: outputShape should give a list of sizes, got ${given}`);
    }
    for (const size of given) requireInteger(`${name}: outputShape`, 'a size', size, 1);
    return given;
  },
  tensors: (layer) => definitionOf(layer).tensors?.(layer.settings) ?? {},
  initial(layer, random) {
    const { name, settings } = layer;
    const definition = definitionOf(layer);
    const given = definition.initial?.(settings, random) ?? {};
    requireTensors(name, definition.tensors?.(settings) ?? {}, given);
    return given;
  },
  apply: (layer, tensors, x) =>
    checked(layer, x, definitionOf(layer).apply(layer.settings, tensors, x)),
  train(layer, tensors, x, pass) {
    const { definition, settings } = layer;
    if (definition.train === undefined) return own.apply(layer, tensors, x);
    const keep: typeof pass.keep = (buffers) => pass.keep(requireBuffers(layer, tensors, buffers));
    return checked(layer, x, definition.train(settings, tensors, x, { ...pass, keep }), 'train');
  },
  multiplications: ({ settings, definition }, shape) =>
    definition.multiplications?.(settings, shape) ?? 0,
  smallestBatch: ({ settings, definition }, shape) =>
    definition.smallestBatch?.(settings, shape) ?? 1,
  sizes: (layer, shape) =>
    layer.definition.sizes?.(layer.settings, shape) ?? [sizeOf(own.outputShape(layer, shape))],
});

/** @throws InputError where JSON has taken the functions away */
function definitionOf({ name, definition }: OwnLayer): OwnLayer['definition'] {
  if (typeof definition?.apply === 'function' && typeof definition.outputShape === 'function')
    return definition;
  throw new InputError(
    `the layer ${name} has lost its definition, as it does on the way through JSON; make it by ` +
      'what defineLayer gives',
  );
}

function requireTensors(
  layer: string,
  expected: Readonly<Record<string, Shape>>,
  given: StateDict,
): void {
  const say = (shape: Shape | undefined) =>
    shape === undefined ? 'nothing' : `shape [${shape.join(', ')}]`;
  for (const name of new Set([...Object.keys(expected), ...Object.keys(given)])) {
    const tensor: unknown = given[name];
    if (tensor !== undefined && !(tensor instanceof tf.Tensor)) {
      throw new InputError(
        `${layer}: initial should give a tensor for '${name}', got ${inspect(tensor, { depth: 0 })}; ` +
          'make one by tf.tensor',
      );
    }
    if (tensor && tensor.dtype !== 'float32' && !isBuffer(name)) {
      throw new InputError(
        `${layer}: initial gives '${name}' as ${tensor.dtype}, and weights are float32; cast it`,
      );
    }
    const [wanted, got] = [say(expected[name]), say(tensor?.shape)];
    if (wanted === got) continue;
    throw new InputError(
      `${layer}: '${name}' has ${wanted} in tensors and ${got} in initial; make them agree`,
    );
  }
}

/**
 * What a layer keeps, as tensors of their own: the old buffers are disposed where the new ones come.
 * Anything but a buffer would go beyond the optimizer.
 */
function requireBuffers({ name }: OwnLayer, tensors: StateDict, kept: StateDict): StateDict {
  const say = (tensor: unknown) =>
    tensor instanceof tf.Tensor ? `${tensor.dtype} [${tensor.shape.join(', ')}]` : 'no tensor';
  for (const [buffer, tensor] of Object.entries(kept)) {
    const old = isBuffer(buffer) ? tensorOf(tensors, buffer) : undefined;
    if (old !== undefined && say(old) === say(tensor)) continue;
    throw new InputError(
      `${name}: pass.keep was given '${buffer}', ${say(tensor)}, where the layer's buffer is ` +
        `${say(old)}; keep its own buffers only, in their type and shape`,
    );
  }
  return mapStateDict(kept, (tensor) => tensor.clone());
}

/** What a layer has made of x, which is a tensor beside x and has the shape that it says. */
function checked(layer: OwnLayer, x: tf.Tensor, y: unknown, by = 'apply'): tf.Tensor {
  const { name } = layer;
  if (!(y instanceof tf.Tensor)) {
    throw new InputError(`${name}: ${by} should give a tensor, got ${typeof y}; return one`);
  }
  const expected = [x.shape[0]!, ...own.outputShape(layer, x.shape.slice(1))].join(', ');
  if (y.shape.join(', ') !== expected) {
    throw new InputError(
      `${name}: ${by} gave shape [${y.shape.join(', ')}], and outputShape says [${expected}]; ` +
        'make them agree',
    );
  }
  return y === x ? x.clone() : y;
}
