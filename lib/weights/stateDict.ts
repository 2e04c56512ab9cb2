import type * as tf from '@tensorflow/tfjs';
import { InputError } from '../errors';

/**
 * A named map of tensors: every number a network owns, by PyTorch's names (`layers.1.weight` of
 * shape [out, in], `layers.1.bias` of shape [out]). A point of weight space.
 */
export interface StateDict {
  [name: string]: tf.Tensor;
}

/** The tensor of that name, if the state dict has it: `constructor` may be one, and is there anyhow. */
export function tensorOf(stateDict: StateDict, name: string): tf.Tensor | undefined {
  return Object.hasOwn(stateDict, name) ? stateDict[name] : undefined;
}

/**
 * Throws unless both state dicts have the same names, in any order, each of the same type and shape.
 * Every operation on two state dicts calls it first, so tensors are paired by name, never by
 * position.
 *
 * @throws InputError with the name that differs and what either side has there
 */
export function requireSameStructure(where: string, a: StateDict, b: StateDict): void {
  for (const name of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const [left, right] = [a, b].map((s) => describeTensor(tensorOf(s, name)));
    if (left !== right) {
      throw new InputError(
        `${where}: the state dicts differ at '${name}': ${left} in the first, ${right} in the ` +
          'second; both must come from the same architecture',
      );
    }
  }
}

function describeTensor(tensor: tf.Tensor | undefined): string {
  return tensor === undefined ? 'nothing' : `${tensor.dtype} [${tensor.shape.join(', ')}]`;
}

/**
 * Whether a tensor of that name is no coordinate of weight space but a buffer: BatchNorm's running
 * statistics and counter, which follow from weights and data.
 *
 * @example
 * ```ts
 * isBuffer('layers.2.running_mean'); // → true
 * isBuffer('layers.2.weight'); // → false
 * ```
 */
export function isBuffer(name: string): boolean {
  return /(^|\.)(running_mean|running_var|num_batches_tracked)$/.test(name);
}

/**
 * The state dict with other buffers in the place of its own, which are disposed; it takes over the
 * tensors of both arguments.
 */
export function withBuffers(stateDict: StateDict, buffers: StateDict): StateDict {
  for (const name of Object.keys(buffers)) tensorOf(stateDict, name)?.dispose();
  return { ...stateDict, ...buffers };
}

/**
 * The names of the tensors that are coordinates of weight space, which is all but the buffers.
 *
 * @throws InputError when one of them is not float32: whole numbers can be no point of a path
 */
export function coordinates(where: string, stateDict: StateDict): string[] {
  const names = Object.keys(stateDict).filter((name) => !isBuffer(name));
  const other = names.find((name) => stateDict[name]!.dtype !== 'float32');
  if (other === undefined) return names;
  throw new InputError(
    `${where}: '${other}' should be float32, as every weight, and is ${stateDict[other]!.dtype}; ` +
      'cast it or leave it out',
  );
}

/** The number of scalars in a state dict but for buffers: the dimension of its weight space. */
export function parameterCount(stateDict: StateDict): number {
  return Object.entries(stateDict)
    .filter(([name]) => !isBuffer(name))
    .reduce((sum, [, tensor]) => sum + tensor.size, 0);
}

/**
 * Disposes every tensor of the state dicts.
 *
 * @param stateDicts whatever the caller owns; their tensors cannot be used afterwards
 * @example
 * ```ts
 * const doubled = scale(2, a);
 * disposeStateDict(doubled);
 * doubled.w.isDisposed; // → true
 * ```
 */
export function disposeStateDict(...stateDicts: StateDict[]): void {
  for (const stateDict of stateDicts) {
    for (const tensor of Object.values(stateDict)) tensor.dispose();
  }
}
