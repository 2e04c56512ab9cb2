import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { InputError } from '../../errors';
import { builtFile } from '../../root';
import type { Job } from './jobs';
import { integers, memory } from './memory';
import { requireFresh } from './stamp';
import { makeThreads, type Threads } from './threads';

/**
 * The threads of the native engine, started when first needed: as many as the machine has cores, or
 * as `useThreads` or `LAB_THREADS` says.
 */

const MOST_THREADS = 256;
/** A meeting's numbers, and which of them says that a thread has failed: see assembly/meet.ts. */
const [MEETING, BROKEN] = [4, 2];

let count = readThreads('LAB_THREADS', process.env.LAB_THREADS);
let threads: Threads<Job> | undefined;

/** How many threads there are, which from now on stays: memory is reserved for each of them. */
export function threadCount(): number {
  started();
  return count;
}

/**
 * On how many threads the native engine computes, instead of `LAB_THREADS` or one for each core. To be
 * called before it computes anything: its threads start then, and their number stays.
 *
 * @param wanted from 1 to 256
 * @throws InputError on another number, or when another number of threads has started
 * @example
 * ```ts
 * useThreads(2);
 * ```
 */
export function useThreads(wanted: number): void {
  const next = requireThreads('useThreads: count', wanted);
  if (threads !== undefined && next !== count) {
    throw new InputError(
      `useThreads: ${count} threads compute already, got ${next}; call it before anything is computed`,
    );
  }
  count = next;
}

function readThreads(where: string, wanted: string | undefined): number {
  if (!wanted) return Math.max(1, availableParallelism());
  return requireThreads(where, Number(wanted), wanted);
}

function requireThreads(where: string, number: number, given: unknown = number): number {
  if (Number.isInteger(number) && number >= 1 && number <= MOST_THREADS) return number;
  const got = typeof given === 'string' ? `'${given}'` : given;
  throw new InputError(
    `${where} must be a number of threads from 1 to ${MOST_THREADS}, got ${got}`,
  );
}

function started(): Threads<Job> {
  if (threads) return threads;
  const kernels = builtFile('engine/native/kernels.wasm');
  let bytes: Buffer;
  try {
    bytes = readFileSync(kernels);
  } catch {
    throw new InputError(`the native engine is not built, expected ${kernels}; run npm run build`);
  }
  requireFresh(kernels);
  const compiled = new WebAssembly.Module(new Uint8Array(bytes));
  const start = (index: number) => {
    const workerData = { compiled, memory, index };
    return new Worker(builtFile('engine/native/worker.js'), { workerData, execArgv: [] });
  };
  threads = makeThreads(count, start, (job) => {
    // The others must not wait for this one, which may be gone altogether.
    if ('meeting' in job) Atomics.store(integers(job.meeting, MEETING), BROKEN, 1);
  });
  return threads;
}

/**
 * Has threads that have nothing to do work at a job together, at most `most`, each with its part; one
 * where none is left. Settles when all of them have ended it.
 */
export async function runOnSome(
  most: number,
  part: (thread: number, threads: number) => Job,
): Promise<void> {
  await started().some(most, part);
}

/** Has all threads work at a job together. Settles when all of them have ended it. */
export async function runOnAll(job: Job): Promise<void> {
  await started().all(job);
}
