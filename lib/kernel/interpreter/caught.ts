import { META, SCOPE } from '../given';

const THROUGH_SCOPE = new RegExp(`\\(0 , ${SCOPE}\\.([^)]*)\\)|\\b${SCOPE}\\.`, 'g');

/** A message like `(0 , __scope__.f) is not a function` without what the compiler put there. */
export function withoutScope(message: string): string {
  return message
    .replace(THROUGH_SCOPE, (_, name: string | undefined) => name ?? '')
    .replaceAll(META, 'import.meta');
}

/** What a cell caught, its message put right: V8 tells of what it ran. */
export function caught<T>(error: T): T {
  if (!(error instanceof Error)) return error;
  if (error instanceof AggregateError) error.errors.forEach(caught);
  const property = Object.getOwnPropertyDescriptor(error, 'message');
  const { value } = property ?? {};
  if (typeof value !== 'string' || !property?.configurable) return error;
  const plain = withoutScope(value);
  if (plain !== value) Object.defineProperty(error, 'message', { ...property, value: plain });
  return error;
}

/** The handler of a rejection, given the reason with its message put right. */
export function handler(handle: unknown): unknown {
  return typeof handle === 'function' ? (reason: unknown) => handle(caught(reason)) : handle;
}

/** Has `Promise.allSettled` give reasons whose messages are put right, as a `catch` does. */
export function tellReasons(): void {
  const { allSettled } = Promise;
  Promise.allSettled = function (this: PromiseConstructor, promises: Iterable<unknown>) {
    return allSettled.call(this, promises).then((results) => {
      for (const result of results) if (result.status === 'rejected') caught(result.reason);
      return results;
    });
  } as typeof allSettled;
}
