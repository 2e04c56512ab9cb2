/**
 * Calls back for the latest of many values: one call at a time, and of the values that come while
 * one runs, only the last. What is returned settles when no value waits any more.
 */
export function latest<T>(callback: (value: T) => unknown): (value: T) => Promise<void> {
  let next: { readonly value: T } | undefined;
  let running: Promise<void> | undefined;
  const work = async () => {
    for (let one = next; one; one = next) {
      next = undefined;
      await callback(one.value);
    }
  };
  return (value) => {
    next = { value };
    running ??= work().finally(() => {
      running = undefined;
    });
    return running;
  };
}
