import type { Worker } from 'node:worker_threads';

/** Threads that take jobs, each one after the other. */
export interface Threads<Job> {
  /** Has the thread do a job that has least to do. */
  one(job: Job): Promise<void>;
  /**
   * Has threads with nothing to do work at a job together, at most `most`, and no more than are left
   * beside the other jobs of this kind: each does its part of so many. Where there are less than two, one
   * thread does all. Errors come as from `all`.
   */
  some(most: number, part: (thread: number, threads: number) => Job): Promise<void>;
  /**
   * Has all threads work at a job. When some fail, the first one's error comes once all have ended the
   * job: no thread touches anything of it any more.
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
 * that ends instead, or does not start, fails its job, and is replaced by a new one for the next. Of
 * each part that fails `onFailure` is told at once, for others may wait for it.
 */
export function makeThreads<Job>(
  count: number,
  start: (index: number) => Worker,
  onFailure: (job: Job) => void = () => undefined,
): Threads<Job> {
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
    thread.last = done.catch(() => onFailure(job));
    return done.finally(() => {
      thread.waiting--;
    });
  }

  function one(job: Job): Promise<void> {
    const waiting = threads.map((thread) => thread.waiting);
    return give(waiting.indexOf(Math.min(...waiting)), job);
  }

  /** How many jobs of `some` there are. */
  let sharing = 0;

  return {
    one,
    async some(most, part) {
      sharing++;
      try {
        // Others that are asked for at the same time are counted first.
        await new Promise(setImmediate);
        const idle = [...threads.keys()].filter((index) => threads[index]!.waiting === 0);
        const chosen = idle.slice(0, Math.floor(Math.min(most, count / sharing)));
        if (chosen.length < 2) await one(part(0, 1));
        else await ended(chosen.map((index, i) => give(index, part(i, chosen.length))));
      } finally {
        sharing--;
      }
    },
    all: (job) => ended(threads.map((_, index) => give(index, job))),
  };
}

async function ended(jobs: readonly Promise<void>[]): Promise<void> {
  try {
    await Promise.all(jobs);
  } finally {
    await Promise.allSettled(jobs);
  }
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
