import { areAsBefore, leavesOf } from '../../checks/given';
import type { AnyFunction, Call, Told } from './call';
import { pack } from './pack';

const MOST_TOLD = 1000;
/** What is recorded of a call until it ends. */
const UNENDED = 'it did not end';

/**
 * Among students: the function itself, the outcome of each call being kept in `calls`, in their
 * order. What the function throws is recorded, and thrown.
 */
export function recorded(f: AnyFunction, calls: Call[]): AnyFunction {
  return (...args) => {
    const { heard, outcome } = watched(args);
    const place = calls.push({ thrown: UNENDED }) - 1;
    const keep = (call: Call) => {
      calls[place] = outcome(call);
    };
    try {
      const value = f(...heard);
      if (value instanceof Promise) {
        calls[place] = { thrown: UNENDED, later: true };
        return settling(value, keep);
      }
      keep({ value: pack(value) });
      return value;
    } catch (error) {
      keep(failure(error));
      throw error;
    }
  };
}

/** The arguments of one call, and how its outcome is told: with what it did to them and told them. */
function watched(args: readonly unknown[]): {
  heard: unknown[];
  outcome: (call: Call) => Call;
} {
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
  const outcome = (call: Call): Call => {
    const changed = before.flatMap((leaves, i) => (areAsBefore(leaves) ? [] : [i]));
    return {
      ...call,
      ...(changed.length > 0 && { changed }),
      ...(told.length > 0 && { told }),
    };
  };
  return { heard, outcome };
}

/** The promise as it is, its outcome being kept. */
function settling(promise: Promise<unknown>, keep: (call: Call) => void): Promise<unknown> {
  const settled = promise.then(
    (value) => {
      try {
        keep({ value: pack(value), later: true });
      } catch (error) {
        // Of a check that did not wait for it, and has disposed the tensors in it.
        keep({ ...failure(error), later: true });
      }
      return value;
    },
    (error) => {
      keep({ ...failure(error), later: true });
      throw error;
    },
  );
  // A check that expects no promise awaits none; that is a finding, and no error of the cell.
  settled.catch(() => undefined);
  return settled;
}

function failure(error: unknown): Call {
  return { thrown: error instanceof Error ? error.message : String(error) };
}
