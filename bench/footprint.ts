import { readFileSync } from 'node:fs';

/** What processes take together. */
export interface Footprint {
  readonly processes: number;
  /** In MB; pages that processes share are counted once, divided among them (Linux's PSS). */
  readonly memory: number;
  /** Of the processor, in seconds, of those that have not ended. */
  readonly seconds: number;
}

const TICKS_PER_SECOND = 100;

/** Measures processes, on Linux; those that have ended are left out. */
export function footprint(pids: readonly number[]): Footprint {
  let [processes, memory, seconds] = [0, 0, 0];
  for (const pid of pids) {
    try {
      const pss = /^Pss: +(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'));
      // After the name, which may hold anything; the 12th and 13th are ticks of user and system.
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
      memory += (Number(pss![1]) * 1024) / 1e6;
      seconds += (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
      processes++;
    } catch {
      // It has ended meanwhile.
    }
  }
  return { processes, memory, seconds };
}
