import assert from 'node:assert/strict';

/** Runs a task and fails if it wrote anything to the console: a warning is a mistake in a plot. */
export async function quietly<T>(task: () => Promise<T>): Promise<T> {
  const methods = ['log', 'info', 'debug', 'warn', 'error'] as const;
  const originals = methods.map((method) => console[method]);
  const written: string[] = [];
  for (const method of methods) {
    console[method] = (...message: unknown[]) => written.push(`${method}: ${message.join(' ')}`);
  }
  try {
    return await task();
  } finally {
    methods.forEach((method, k) => {
      console[method] = originals[k]!;
    });
    assert.deepEqual(written, []);
  }
}
