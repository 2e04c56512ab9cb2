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
    // The cell can still be on its way to its thread: there is no other that has its id.
    if (id !== 0 || Atomics.load(running, 0) === 0) {
      Atomics.store(interrupted, 0, id);
      parentPort?.postMessage(id);
    }
    // After that, so that a cell whose program ends by it is known to be interrupted.
    process.kill(-process.pid, 'SIGINT');
  })
  // The launcher is gone, which a cell that never rests would not notice; its programs go as well.
  .on('close', () => process.kill(-process.pid, 'SIGKILL'));
