import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

/**
 * How far apart two cores are: microseconds, by the clock, that a number takes from one thread to
 * another and back. A virtual machine's cores may be moved while it runs; where they no longer share a cache,
 * what threads do together takes longer, with the same processor time. Undefined on one core.
 */
export async function coresApart(): Promise<number | undefined> {
  if (availableParallelism() < 2) return undefined;
  const workerData = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const other = new Worker(ANSWERS, { eval: true, workerData });
  const ended = new Promise((resolve) => other.once('exit', resolve));
  const ping = (i: number) => {
    Atomics.store(workerData, 0, 2 * i + 1);
    while (Atomics.load(workerData, 0) !== 2 * i + 2);
  };
  // Half of them, in which both sides are compiled, do not count.
  for (let i = 0; i < TRIPS; i++) ping(i);
  const begun = performance.now();
  for (let i = TRIPS; i < 2 * TRIPS; i++) ping(i);
  const time = performance.now() - begun;
  await ended;
  return (time / TRIPS) * 1000;
}

const TRIPS = 50_000;

/** The other thread: answers each odd number with the next. */
const ANSWERS = `
  const { workerData } = require('node:worker_threads');
  for (let i = 0; i < ${2 * TRIPS}; i++) {
    while (Atomics.load(workerData, 0) !== 2 * i + 1);
    Atomics.store(workerData, 0, 2 * i + 2);
  }`;
