import * as tf from '@tensorflow/tfjs';
import { InputError } from '../errors';
import type { StateDict } from '../weights';
import type { Rule } from './rule';

/** What is remembered of one weight: how often it was stepped, and its slots. */
export interface Memory {
  readonly step: number;
  readonly slots: readonly tf.Tensor[];
}

export type Memories = ReadonlyMap<string, Memory>;

/** The name of the number of steps in a `state()`. */
export const STEP = 'step';

/** What is remembered as a `state()`, whose tensors are clones. */
export function stateOf({ slots: names }: Rule, memories: Memories): StateDict {
  const state: StateDict = {};
  for (const [weight, { step, slots }] of memories) {
    names.forEach((slot, i) => {
      state[`${weight}.${slot}`] = slots[i]!.clone();
    });
    state[`${weight}.${STEP}`] = tf.scalar(step, 'int32');
  }
  return state;
}

/** The memories that a `state()` holds, as clones. Checks everything before it makes a clone. */
export function memoriesFrom({ name, slots }: Rule, state: StateDict): Memories {
  const wanted = slots.length === 0 ? [] : [...slots, STEP];
  const weights = new Set<string>();
  for (const key of Object.keys(state)) {
    const dot = key.lastIndexOf('.');
    if (dot <= 0 || !wanted.includes(key.slice(dot + 1))) {
      const expected = wanted.length === 0 ? 'no state' : `<weight>.${wanted.join(', <weight>.')}`;
      throw new InputError(
        `${name}: its state holds ${expected}, got '${key}'; load a state of the same optimizer`,
      );
    }
    weights.add(key.slice(0, dot));
  }
  const found = [...weights].map((weight) => {
    const tensors = wanted.map((slot) => state[`${weight}.${slot}`]);
    const missing = wanted.find((_, i) => tensors[i] === undefined);
    const step = tensors.at(-1)?.dataSync()[0];
    if (missing !== undefined || !Number.isInteger(step) || step! < 1) {
      throw new InputError(
        `${name}: the state of '${weight}' must hold ${wanted.join(', ')} with a step of at ` +
          `least 1, got ${missing === undefined ? `step ${step}` : `no ${missing}`}; load a whole state`,
      );
    }
    return [weight, { step: step!, tensors: tensors.slice(0, -1) as tf.Tensor[] }] as const;
  });
  return new Map(
    found.map(([weight, { step, tensors }]) => [
      weight,
      { step, slots: tensors.map((tensor) => tf.keep(tensor.clone())) },
    ]),
  );
}

/** @throws InputError unless everything remembered belongs to a weight of the same shape */
export function requireMemoriesOf(
  where: string,
  weights: StateDict,
  memories: Iterable<readonly [weight: string, Pick<Memory, 'slots'>]>,
): void {
  for (const [name, { slots }] of memories) {
    for (const slot of slots) {
      const [got, remembered] = [describe(weights[name]), describe(slot)];
      if (got !== remembered) {
        throw new InputError(
          `${where}: it has stepped '${name}' as ${remembered} before, got ${got} now; use an ` +
            'optimizer of its own for every training',
        );
      }
    }
  }
}

/** `float32 [10, 64]`. */
export function describe(tensor: tf.Tensor | undefined): string {
  return tensor === undefined ? 'nothing' : `${tensor.dtype} [${tensor.shape.join(', ')}]`;
}
