import type * as tf from '@tensorflow/tfjs';
import { pack, unpack } from './pack';

/**
 * A student's function is called in the student's process only, where each outcome is recorded;
 * the same check then runs in the grader's process on the outcomes. As a check is a function of
 * its seed and of what the answer returns, both runs make the same calls in the same order.
 */

// biome-ignore lint/suspicious/noExplicitAny: any function of a student's can be recorded
type AnyFunction = (...args: any[]) => unknown;

/** What a function returned or threw, in the order of its calls, packed. */
export type Calls = (string | { readonly thrown: string })[];

/** The function itself, each outcome being kept in `calls`. */
export function recorded(f: AnyFunction, calls: Calls): AnyFunction {
  return (...args) => {
    const place = calls.push({ thrown: 'it did not end' }) - 1;
    const keepError = (error: unknown) => {
      calls[place] = { thrown: error instanceof Error ? error.message : String(error) };
    };
    try {
      const value = f(...args);
      if (!(value instanceof Promise)) {
        calls[place] = pack(value);
        return value;
      }
      return value.then(
        (settled) => {
          calls[place] = pack(settled);
          return settled;
        },
        (error) => {
          keepError(error);
          throw error;
        },
      );
    } catch (error) {
      keepError(error);
      throw error;
    }
  };
}

/** A function that does again what was recorded, call by call; its tensors are put into `made`. */
export function replayed(calls: Calls, made: tf.Tensor[]): AnyFunction {
  let next = 0;
  return () => {
    const call = calls[next++];
    if (call === undefined) throw new Error('there is no evidence of this call');
    if (typeof call === 'string') return unpack(call, made);
    throw new Error(call.thrown);
  };
}
