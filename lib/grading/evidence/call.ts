/**
 * A student's function is called in the student's process only, where each outcome is recorded;
 * the same check then runs in the judge's process on the outcomes. As a check is a function of its
 * seed and of what the answer returns, both runs make the same calls in the same order.
 */

/** A student's function. */
// biome-ignore lint/suspicious/noExplicitAny: any function of a student's can be recorded
export type AnyFunction = (...args: any[]) => unknown;

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

/** What an answer told a function among its arguments, a progress report say. */
export interface Told {
  readonly place: number;
  readonly said: string;
}

/** Whether a value from a student's process has the form of a call. */
export function isCall(value: unknown): value is Call {
  if (typeof value !== 'object' || value === null) return false;
  const { value: packed, thrown, changed = [], told = [] } = value as Record<string, unknown>;
  return (
    typeof (packed ?? thrown) === 'string' &&
    // Places of arguments, of which no answer has many.
    Array.isArray(changed) &&
    changed.length <= 8 &&
    new Set(changed).size === changed.length &&
    Array.isArray(told) &&
    told.every((one) => typeof one?.place === 'number' && typeof one?.said === 'string')
  );
}
