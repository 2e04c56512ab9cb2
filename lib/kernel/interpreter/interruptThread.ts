import { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { parentPort, workerData } from 'node:worker_threads';
import type { Shared } from './interrupts';

/**
 * A thread beside the one that runs cells. It reads from the launcher which cell to interrupt and
 * leaves its id where loops look for it, which the cells' own thread is too busy to do.
 */
const { running, interrupted } = workerData as Shared;
const interrupts = new Socket({ fd: 4, readable: true, writable: false });

createInterface({ input: interrupts })
  .on('line', (line) => {
    const id = Number(line);
    if (id !== Atomics.load(running, 0)) return;
    Atomics.store(interrupted, 0, id);
    parentPort?.postMessage(id);
  })
  // The launcher is gone; a cell that never rests would not notice.
  .on('close', () => process.kill(process.pid, 'SIGKILL'));
