/** How cells are told to stop: by a signal, and by the rejection of what they await. */
export interface Stop {
  readonly signal: AbortSignal;
  /** Calls back when the stop comes; the result takes that back. */
  onStop(callback: (reason: Error) => void): () => void;
  /** Stops everything that was started under this. */
  now(): void;
}

/** The reason with which an interrupted cell fails. */
export function interruption(): Error {
  const error = new Error('the cell was stopped; what earlier cells defined is still there');
  error.name = 'Interrupted';
  return error;
}

/** One stop serves all cells up to the next interrupt, so that it also ends what they left running. */
export function newStop(): Stop {
  const controller = new AbortController();
  // Not the signal's own events: one listener an await would be slow, and warned of as a leak.
  const callbacks = new Set<(reason: Error) => void>();
  return {
    signal: controller.signal,
    onStop(callback) {
      callbacks.add(callback);
      return () => callbacks.delete(callback);
    },
    now() {
      const reason = interruption();
      controller.abort(reason);
      for (const callback of callbacks) callback(reason);
      callbacks.clear();
    },
  };
}

/**
 * What `await value` waits for in a cell: `value`, or the stop if that comes first.
 *
 * @throws Error the reason, when the stop has come already
 */
export function orStop<T>(value: T, stop: Stop): T | Promise<Awaited<T>> {
  stop.signal.throwIfAborted();
  if (typeof (value as { then?: unknown } | null | undefined)?.then !== 'function') return value;
  return new Promise((resolve, reject) => {
    const forget = stop.onStop(reject);
    Promise.resolve(value).then(resolve, reject).finally(forget);
  });
}

/** What `for await (… of values)` goes through in a cell: `values`, until the stop comes. */
export async function* eachOrStop<T>(
  values: AsyncIterable<T> | Iterable<T | Promise<T>>,
  stop: Stop,
): AsyncGenerator<Awaited<T>> {
  for await (const value of values) {
    stop.signal.throwIfAborted();
    yield value as Awaited<T>;
    stop.signal.throwIfAborted();
  }
}
