import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { InputError } from '../../errors';
import { projectRoot } from '../../root';
import type { Job } from './jobs';
import { memory } from './memory';
import { makeThreads, type Threads } from './threads';

/**
 * The threads of the native engine, started when first needed: as many as the machine has cores, or
 * as `LAB_THREADS` says.
 */

const built = join(projectRoot, 'lib', 'dist', 'engine', 'native');

const MOST_THREADS = 256;

/** How many threads there are. */
export const threadCount = readThreads(process.env.LAB_THREADS);

function readThreads(wanted: string | undefined): number {
  if (!wanted) return Math.max(1, availableParallelism());
  const count = Number(wanted);
  if (Number.isInteger(count) && count >= 1 && count <= MOST_THREADS) return count;
  throw new InputError(
    `LAB_THREADS must be a number of threads from 1 to ${MOST_THREADS}, got ${wanted}`,
  );
}

let threads: Threads<Job> | undefined;

function started(): Threads<Job> {
  if (threads) return threads;
  let bytes: Buffer;
  try {
    bytes = readFileSync(join(built, 'kernels.wasm'));
  } catch {
    throw new InputError(`the native engine is not built in ${built}; run npm run build`);
  }
  const compiled = new WebAssembly.Module(new Uint8Array(bytes));
  threads = makeThreads(threadCount, (index) => {
    const workerData = { compiled, memory, index };
    return new Worker(join(built, 'worker.js'), { workerData, execArgv: [] });
  });
  return threads;
}

/** Has one thread do a job: the one that has least to do. Settles when it has ended the job. */
export async function runOnOne(job: Job): Promise<void> {
  await started().one(job);
}

/** Has all threads work at a job together. Settles when all of them have ended it. */
export async function runOnAll(job: Job): Promise<void> {
  await started().all(job);
}
