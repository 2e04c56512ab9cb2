import * as tf from '@tensorflow/tfjs';
import { areAsBefore, leavesOf } from '../../checks/given';
import { InputError } from '../../errors';
import { pack, unpack } from './pack';

/**
 * A student's function is called in the student's process only, where each outcome is recorded;
 * the same check then runs in the grader's process on the outcomes. As a check is a function of
 * its seed and of what the answer returns, both runs make the same calls in the same order.
 */

// biome-ignore lint/suspicious/noExplicitAny: any function of a student's can be recorded
type AnyFunction = (...args: any[]) => unknown;

/** What one call came to. */
export interface Call {
  /** What it returned, packed. */
  readonly value?: string;
  readonly thrown?: string;
  /** It came by a promise. */
  readonly later?: boolean;
  /** The places of arguments in which it replaced or disposed something. */
  readonly changed?: readonly number[];
  /** What it told the functions among its arguments, packed, in order. */
  readonly told?: readonly Told[];
}

interface Told {
  readonly place: number;
  readonly said: string;
}

const MOST_TOLD = 1000;
/** What is recorded of a call until it ends. */
const UNENDED = 'it did not end';

export function isCall(value: unknown): value is Call {
  if (typeof value !== 'object' || value === null) return false;
  const { value: packed, thrown, changed = [], told = [] } = value as Record<string, unknown>;
  // Places of arguments, of which no answer has many.
  const places = Array.isArray(changed) && changed.length <= 8 && new Set(changed).size;
  return (
    typeof (packed ?? thrown) === 'string' &&
    places === (changed as unknown[]).length &&
    Array.isArray(told) &&
    told.every((one) => typeof one?.place === 'number' && typeof one?.said === 'string')
  );
}

/** The function itself, the outcome of each call being kept in `calls`, in their order. */
export function recorded(f: AnyFunction, calls: Call[]): AnyFunction {
  return (...args) => {
    const before = args.map((arg) => leavesOf(arg));
    const told: Told[] = [];
    const heard = args.map((arg, i) =>
      typeof arg !== 'function'
        ? arg
        : (...said: unknown[]) => {
            if (told.length < MOST_TOLD) told.push({ place: i, said: pack(said) });
            return arg(...said);
          },
    );
    const place = calls.push({ thrown: UNENDED }) - 1;
    const keep = (outcome: Call) => {
      const changed = before.flatMap((leaves, i) => (areAsBefore(leaves) ? [] : [i]));
      calls[place] = {
        ...outcome,
        ...(changed.length > 0 && { changed }),
        ...(told.length > 0 && { told }),
      };
    };
    const keepError = (error: unknown, later = false) =>
      keep({
        thrown: error instanceof Error ? error.message : String(error),
        ...(later && { later }),
      });
    try {
      const value = f(...heard);
      if (!(value instanceof Promise)) {
        keep({ value: pack(value) });
        return value;
      }
      calls[place] = { thrown: UNENDED, later: true };
      const settled = value.then(
        (settled) => {
          try {
            keep({ value: pack(settled), later: true });
          } catch (error) {
            // Of a check that did not wait for it, and has disposed the tensors in it.
            keepError(error, true);
          }
          return settled;
        },
        (error) => {
          keepError(error, true);
          throw error;
        },
      );
      // A check that expects no promise awaits none; that is a finding, and no error of the cell.
      settled.catch(() => undefined);
      return settled;
    } catch (error) {
      keepError(error);
      throw error;
    }
  };
}

/**
 * A function that does again what was recorded, call by call: what it changed in its arguments is
 * then something else, whatever it was. The tensors that it returns, and those that it puts in the
 * place of arguments', are in `made` as well.
 */
export function replayed(calls: readonly Call[], made: tf.Tensor[]): AnyFunction {
  let next = 0;
  return (...args) => {
    const call = calls[next++];
    if (call === undefined) throw new InputError('it was not called this often in its own process');
    for (const i of call.changed ?? []) {
      for (const { holder, name, value } of leavesOf(args[i])) {
        const isTensor = value instanceof tf.Tensor;
        const other = isTensor ? tf.keep(value.clone()) : undefined;
        if (other) made.push(other);
        holder[name] = other;
      }
    }
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

/** Whatever a function says to it was heard in the student's process. */
function tell(listener: unknown, said: unknown): void {
  if (typeof listener !== 'function' || !Array.isArray(said)) return;
  try {
    listener(...said);
  } catch {
    // As it did there.
  }
}
