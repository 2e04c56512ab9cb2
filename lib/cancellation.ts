/**
 * Long work in one thread stays polite by breathing: now and then it gives the event loop a turn,
 * so that a progress bar moves and an interrupt arrives, and stops where a signal says so.
 */

/** How long, in milliseconds, work may hold the thread before it gives the event loop a turn. */
const BREATH_MS = 40;

let lastBreath = 0;

/**
 * Gives the event loop a turn when the last one is more than 40 ms ago, then throws the signal's
 * reason if it has been aborted. Call it once a batch. Without a signal the running notebook
 * cell's is used, so the stop button ends a loop that was given none.
 *
 * @param signal stops the work when it is aborted
 * @throws the signal's reason once it has been aborted
 * @example
 * ```ts
 * let sum = 0;
 * for (let i = 0; i < 1000; i++) {
 *   await breathe();
 *   sum += i;
 * }
 * sum; // → 499500
 * ```
 */
export async function breathe(signal: AbortSignal | undefined = cellSignal()): Promise<void> {
  signal?.throwIfAborted();
  if (performance.now() - lastBreath < BREATH_MS) return;
  await new Promise((resolve) => setImmediate(resolve));
  lastBreath = performance.now();
  signal?.throwIfAborted();
}

/** The signal of the notebook cell that is running, where there is a kernel that offers one. */
export function cellSignal(): AbortSignal | undefined {
  const hooks = globalThis as { [KERNEL]?: { signal?(): AbortSignal } };
  return hooks[KERNEL]?.signal?.();
}

const KERNEL = Symbol.for('Jupyter.kernel');
