import * as tf from '@tensorflow/tfjs';
import { leavesOf } from '../../checks/given';
import { InputError } from '../../errors';
import type { AnyFunction, Call } from './call';
import { unpack } from './pack';

/**
 * Among judges: a function that does again what was recorded, call by call. What it changed in its
 * arguments is then something else, whatever it was. The tensors that it returns, and those that it
 * puts in the place of arguments', are in `made` as well, for the caller to dispose.
 *
 * @param heard told the arguments of each call, before anything is changed in them
 * @throws what was thrown, whenever the function is called; InputError where a call was not recorded
 *   or its value is damaged
 */
export function replayed(
  calls: readonly Call[],
  made: tf.Tensor[],
  heard: (args: readonly unknown[]) => void = () => undefined,
): AnyFunction {
  let next = 0;
  return (...args) => {
    heard(args);
    const call = calls[next++];
    if (call === undefined) throw new InputError('it was not called this often in its own process');
    for (const i of call.changed ?? []) changeLeaves(args[i], made);
    for (const { place, said } of call.told ?? []) tell(args[place], unpack(said, made));
    if (call.value === undefined) {
      const error = new Error(call.thrown);
      if (!call.later) throw error;
      const rejected = Promise.reject(error);
      rejected.catch(() => undefined);
      return rejected;
    }
    const value = unpack(call.value, made);
    return call.later ? Promise.resolve(value) : value;
  };
}

/** Puts another tensor in the place of each, and nothing in that of anything else. */
function changeLeaves(argument: unknown, made: tf.Tensor[]): void {
  for (const { holder, name, value } of leavesOf(argument)) {
    const other = value instanceof tf.Tensor ? tf.keep(value.clone()) : undefined;
    if (other) made.push(other);
    holder[name] = other;
  }
}

/** Whatever a function says to it was heard in the student's process. */
function tell(listener: unknown, said: unknown): void {
  if (typeof listener !== 'function' || !Array.isArray(said)) return;
  try {
    listener(...said);
  } catch {
    // As it did there.
  }
}
