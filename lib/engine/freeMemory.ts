import { readFileSync } from 'node:fs';
import { freemem, totalmem } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../errors';

/** Of the memory that is free, what a single job may take. */
const SHARE = 0.8;
/** What a notebook takes once it has its imports: it ends with up to 1.1 GB, and they take 0.4. */
const A_NOTEBOOK = 0.8e9;

/**
 * Bytes that a program can still have: of the machine, and of the control group, a container say, that
 * it is in. Files that the system keeps in memory make way, so they count as free.
 */
export function freeMemory(): number {
  // macOS tells only of what nothing is in, which is little wherever something has run for a while.
  if (process.platform === 'darwin') return totalmem();
  return Math.min(freemem(), process.availableMemory() + cachedFiles());
}

/** Bytes of files that a control group (version 2) counts as taken, and drops when it wants memory. */
export function cachedFiles(root = '/'): number {
  try {
    const groups = readFileSync(join(root, 'proc/self/cgroup'), 'utf8');
    const own = /^0::(.*)$/m.exec(groups)![1]!;
    const figures = readFileSync(join(root, 'sys/fs/cgroup', own, 'memory.stat'), 'utf8');
    return Number(/^inactive_file (\d+)$/m.exec(figures)![1]);
  } catch {
    return 0;
  }
}

/** What to say at the begin of a notebook for which there may not be memory; else undefined. */
export function scarceMemory(free = freeMemory()): string | undefined {
  if (free >= A_NOTEBOOK) return undefined;
  return (
    `${gigabytes(free)} GB of memory are free, and this notebook may take ${gigabytes(A_NOTEBOOK)} GB ` +
    'more: shut down kernels that nobody needs, or close other programs; npm run doctor tells what ' +
    'is free then'
  );
}

/**
 * @param available bytes that are free, by default what the system says
 * @throws InputError when a job would take more than four fifths of the memory that is free
 */
export function requireMemory(what: string, bytes: number, available = freeMemory()): void {
  if (bytes <= SHARE * available) return;
  throw new InputError(
    `${what} would take ${gigabytes(bytes)} GB, and ${gigabytes(available)} GB are free; take ` +
      'fewer samples or a narrower network, or close other programs',
  );
}

const gigabytes = (bytes: number) => (bytes / 1e9).toFixed(1);
