import { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { parentPort, workerData } from 'node:worker_threads';
import { clock, type Shared } from './interrupts';

/**
 * A thread beside the one that runs cells. It reads from the launcher which cell to interrupt and
 * leaves its id where loops look for it, which the cells' own thread is too busy to do.
 */
const { running, interrupted, program } = workerData as Shared;
/** How long a program may take to be there, in milliseconds. */
const STARTING = 100;
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
    const tellPrograms = () => process.kill(-process.pid, 'SIGINT');
    tellPrograms();
    // One that has only just begun may not have heard it.
    const began = Atomics.load(program, 0);
    if (began === 0 || clock() - began > STARTING) return;
    setTimeout(() => {
      if (Atomics.load(program, 0) === began) tellPrograms();
    }, STARTING);
  })
  // The launcher is gone, which a cell that never rests would not notice; its programs go as well.
  .on('close', () => process.kill(-process.pid, 'SIGKILL'));
