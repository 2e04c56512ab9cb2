import type { Worker } from 'node:worker_threads';

/** Threads that take jobs, each one after the other. */
export interface Threads<Job> {
  /** Has the thread do a job that has least to do. */
  one(job: Job): Promise<void>;
  /**
   * Has all threads work at a job. When one fails, its error comes once all have ended the job: no
   * thread touches anything of it any more.
   */
  all(job: Job): Promise<void>;
}

interface Thread {
  worker: Worker | undefined;
  /** Jobs given and not done. */
  waiting: number;
  last: Promise<void>;
}

/**
 * `count` threads, started when first needed. A worker answers each job by `{ error?: string }`; one
 * that ends instead fails its job, and is replaced by a new one for the next.
 */
export function makeThreads<Job>(count: number, start: (index: number) => Worker): Threads<Job> {
  const threads = Array.from(
    { length: count },
    (): Thread => ({ worker: undefined, waiting: 0, last: Promise.resolve() }),
  );

  function workerOf(index: number): Worker {
    const thread = threads[index]!;
    if (thread.worker) return thread.worker;
    const worker = start(index);
    thread.worker = worker;
    worker.on('error', () => undefined);
    worker.once('exit', () => {
      thread.worker = undefined;
    });
    return worker;
  }

  function give(index: number, job: Job): Promise<void> {
    const thread = threads[index]!;
    thread.waiting++;
    const done = thread.last.then(() => carryOut(workerOf(index), job));
    thread.last = done.catch(() => undefined);
    return done.finally(() => {
      thread.waiting--;
    });
  }

  return {
    async one(job) {
      const least = Math.min(...threads.map(({ waiting }) => waiting));
      await give(
        threads.findIndex(({ waiting }) => waiting === least),
        job,
      );
    },
    async all(job) {
      const ends = await Promise.allSettled(threads.map((_, index) => give(index, job)));
      for (const end of ends) if (end.status === 'rejected') throw end.reason;
    },
  };
}

function carryOut<Job>(worker: Worker, job: Job): Promise<void> {
  return new Promise((resolve, reject) => {
    let broken: unknown = new Error('a thread of the native engine ended in the middle of its job');
    const onError = (error: unknown) => {
      broken = error;
    };
    const onMessage = ({ error }: { error?: string }) => {
      settle();
      if (error === undefined) resolve();
      else reject(new Error(error));
    };
    const onExit = () => {
      settle();
      reject(broken);
    };
    // A process waits for its threads only while they work.
    worker.ref();
    worker.on('error', onError).on('message', onMessage).on('exit', onExit);
    worker.postMessage(job);

    function settle(): void {
      worker.off('error', onError).off('message', onMessage).off('exit', onExit);
      worker.unref();
    }
  });
}
