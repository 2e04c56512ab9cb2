import { integers } from './memory';

/** How often, in milliseconds, the main thread looks how far a job is. */
const LOOK_MS = 50;

/**
 * Waits for a job's end, looks at it on the way and at the end, and tells it to stop when the
 * signal comes: the first number at `control` is what the threads look at. A look that throws stops
 * the job as well, and its error comes when the job has ended.
 */
export async function watchJob(
  done: Promise<void>,
  control: number,
  signal: AbortSignal | undefined,
  look: (() => void) | undefined,
): Promise<void> {
  const stop = () => Atomics.store(integers(control, 1), 0, 1);
  const failures: unknown[] = [];
  const lookOrStop = () => {
    try {
      look?.();
    } catch (error) {
      failures.push(error);
      stop();
    }
  };
  signal?.addEventListener('abort', stop, { once: true });
  const timer = look && setInterval(lookOrStop, LOOK_MS);
  try {
    await done;
  } finally {
    clearInterval(timer);
    signal?.removeEventListener('abort', stop);
  }
  if (failures.length > 0) throw failures[0];
  if (!signal?.aborted) look?.();
}
