import type { ChildProcess } from 'node:child_process';
import { watchUsage } from './usage';

/** What a process and all that it starts may use together. */
interface Limits {
  /** Wall-clock time. */
  readonly seconds: number;
  /** Resident memory. */
  readonly memoryMB: number;
  readonly processes?: number;
}

/**
 * Kills a process that leads a group, and the group, at the first limit that it goes over.
 *
 * @param all what is told after a limit
 * @returns `stop` to do so for another reason; `end` to stop watching, which tells what it went over
 */
export function watchLimits(
  child: ChildProcess,
  { seconds, memoryMB, processes = Number.POSITIVE_INFINITY }: Limits,
  all = '',
): { stop(why: string): void; end(): string | undefined } {
  let stopped: string | undefined;
  const stop = (why: string) => {
    stopped ??= why;
    killGroup(child);
  };
  const late = setTimeout(() => stop(`it took longer than ${seconds} s${all}`), seconds * 1000);
  const watch = watchUsage(child.pid!, (used) => {
    if (used.megabytes > memoryMB) stop(`it took more than ${memoryMB} MB of memory${all}`);
    if (used.processes > processes) stop(`it started more than ${processes} processes${all}`);
  });
  const end = () => {
    clearTimeout(late);
    watch.end();
    return stopped;
  };
  return { stop, end };
}

/** The first process of a PID namespace takes all others with it; a group ends as far as it is one. */
export function killGroup(child: ChildProcess): void {
  try {
    process.kill(-child.pid!, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
