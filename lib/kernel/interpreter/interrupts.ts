import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

/** What the cells' thread and the one that waits for interrupts share: one number each. */
export interface Shared {
  /** The id of the cell that runs; 0 for none. */
  readonly running: Int32Array;
  /** The id of the cell that was interrupted last; 0 for an interrupt while none ran. */
  readonly interrupted: Int32Array;
  /** When the program began that the cells' thread waits for, by `clock`; 0 for none. */
  readonly program: Int32Array;
}

const NEVER = -1;

const number = () => new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
const shared: Shared = {
  running: number(),
  interrupted: number().fill(NEVER),
  program: number(),
};
let running = 0;
/** The id of the cell that began last. */
let latest = 0;
/** Whether what runs has been stopped already, and may tidy up now. */
let isHeard = false;
let isWatching = false;

/**
 * Calls `take` with the id of a cell that is to stop, as soon as its thread has a moment. To be called
 * when there is something to stop, each time: the thread that waits for it takes 8 MB.
 */
export function watchForInterrupts(take: (id: number) => void): void {
  if (isWatching) return;
  isWatching = true;
  const worker = new Worker(join(__dirname, 'interruptThread.js'), {
    workerData: shared,
    execArgv: [],
  });
  worker.unref();
  worker.on('message', take);
}

/** Says which cell runs, 0 for none; an interrupt that was meant for another does nothing. */
export function announce(id: number): void {
  running = id;
  isHeard = false;
  latest = Math.max(latest, id);
  // A cell can have been interrupted before it begins.
  const last = Atomics.load(shared.interrupted, 0);
  if (id !== 0 && last !== id) Atomics.compareExchange(shared.interrupted, 0, last, NEVER);
  Atomics.store(shared.running, 0, id);
}

/** Milliseconds, the same for all threads, never 0. */
export const clock = () => (Date.now() % 2 ** 30) + 1;

/** Says that the cells' thread waits for a program from now on. */
export function programBegins(): void {
  Atomics.store(shared.program, 0, clock());
}

export function programHasEnded(): void {
  Atomics.store(shared.program, 0, 0);
}

/** Says that work begins while no cell runs: an interrupt from before is not meant for it. */
export function forgetInterrupt(): void {
  if (running === 0) Atomics.compareExchange(shared.interrupted, 0, 0, NEVER);
}

/**
 * Whether what runs now was interrupted, or keeps a cell that was from its beginning; a thread that
 * never rests can ask as well.
 */
export function interrupted(): boolean {
  const id = Atomics.load(shared.interrupted, 0);
  return id === running || (running === 0 && id > latest);
}

/** Says that what runs now knows of its interrupt. */
export function hearInterrupt(): void {
  isHeard = true;
}

/** Whether what runs now was interrupted and does not know it yet. */
export function interruptedUnheard(): boolean {
  return interrupted() && !isHeard;
}
