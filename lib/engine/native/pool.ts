import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { InputError } from '../../errors';
import { projectRoot } from '../../root';
import type { Job } from './jobs';
import { memory } from './memory';

/**
 * The threads of the native engine, started when first needed: as many as the machine has cores, or
 * as `LAB_THREADS` says.
 */

const built = join(projectRoot, 'lib', 'dist', 'engine', 'native');

const MOST_THREADS = 256;

interface Thread {
  readonly worker: Worker;
  /** Jobs given and not done. */
  waiting: number;
  last: Promise<void>;
  /** Rejects when the thread ends by an error. */
  readonly broken: Promise<never>;
}

let threads: Thread[] | undefined;

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

function pool(): Thread[] {
  threads ??= start();
  return threads;
}

function start(): Thread[] {
  let bytes: Buffer;
  try {
    bytes = readFileSync(join(built, 'kernels.wasm'));
  } catch {
    throw new InputError(`the native engine is not built in ${built}; run npm run build`);
  }
  const compiled = new WebAssembly.Module(new Uint8Array(bytes));
  return Array.from({ length: threadCount }, (_, index) => {
    const worker = new Worker(join(built, 'worker.js'), {
      workerData: { compiled, memory, index },
      execArgv: [],
    });
    worker.unref();
    const broken = new Promise<never>((_, reject) => worker.on('error', reject));
    broken.catch(() => undefined);
    return { worker, waiting: 0, last: Promise.resolve(), broken };
  });
}

/** Has one thread do a job: the one that has least to do. */
export function runOnOne(job: Job): Promise<void> {
  const [idlest] = [...pool()].sort((a, b) => a.waiting - b.waiting);
  return give(idlest!, job);
}

/** Has all threads work at a job together. */
export async function runOnAll(job: Job): Promise<void> {
  await Promise.all(pool().map((thread) => give(thread, job)));
}

function give(thread: Thread, job: Job): Promise<void> {
  thread.waiting++;
  const done = thread.last.then(() => Promise.race([carryOut(thread.worker, job), thread.broken]));
  thread.last = done.catch(() => undefined);
  return done.finally(() => {
    thread.waiting--;
  });
}

function carryOut(worker: Worker, job: Job): Promise<void> {
  return new Promise((resolve, reject) => {
    // A process waits for its threads only while they work.
    worker.ref();
    worker.once('message', ({ error }: { error?: string }) => {
      worker.unref();
      if (error === undefined) resolve();
      else reject(new Error(error));
    });
    worker.postMessage(job);
  });
}
