import type { ChildProcess } from 'node:child_process';
import { type Usage, watchUsage } from './usage';

/** What a process and all that it starts may use together. */
interface Limits {
  /** Wall-clock time. */
  readonly seconds: number;
  /** Resident memory. */
  readonly memoryMB: number;
  readonly processes?: number;
  /** Processor time. */
  readonly processorSeconds?: number;
  /** Wall-clock time in which all of them may use no processor time: who says anything uses some. */
  readonly silentSeconds?: number;
}

/**
 * Kills a process that leads a group, and the group, at the first limit that it goes over.
 *
 * @param all what is told after a limit
 * @returns `stop` to do so for another reason; `end` to stop watching, which tells what it went over
 */
export function watchLimits(
  child: ChildProcess,
  limits: Limits,
  all = '',
): { stop(why: string): void; end(): string | undefined } {
  const { seconds, memoryMB, processes = NO_LIMIT } = limits;
  const { processorSeconds = NO_LIMIT, silentSeconds = NO_LIMIT } = limits;
  let stopped: string | undefined;
  const stop = (why: string) => {
    stopped ??= why;
    killGroup(child);
  };
  const late = setTimeout(() => stop(`it took longer than ${seconds} s${all}`), seconds * 1000);
  const silent = silence();
  const watch = watchUsage(child.pid!, (used) => {
    if (used.megabytes > memoryMB) stop(`it took more than ${memoryMB} MB of memory${all}`);
    if (used.processes > processes) stop(`it started more than ${processes} processes${all}`);
    if (used.processorSeconds > processorSeconds) {
      stop(`it used more than ${processorSeconds} s of processor time${all}`);
    }
    if (silent(used) > silentSeconds) stop(`it did nothing for ${silentSeconds} s${all}`);
  });
  const end = () => {
    clearTimeout(late);
    watch.end();
    return stopped;
  };
  return { stop, end };
}

const NO_LIMIT = Number.POSITIVE_INFINITY;

/** For how many seconds no processor time was used, told what was used until now. */
function silence(): (used: Usage) => number {
  let [before, since] = [-1, 0];
  return ({ processorSeconds: now }) => {
    if (now !== before) [before, since] = [now, performance.now()];
    return (performance.now() - since) / 1000;
  };
}

/** The first process of a PID namespace takes all others with it; a group ends as far as it is one. */
export function killGroup(child: ChildProcess): void {
  try {
    process.kill(-child.pid!, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
