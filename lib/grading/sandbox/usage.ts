import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

interface Row {
  readonly pid: number;
  readonly parent: number;
  readonly megabytes: number;
}

/** Resident memory and number of a process and all that descend from it. */
export interface Usage {
  readonly megabytes: number;
  readonly processes: number;
}

/** Milliseconds between two looks, at the least. */
const INTERVAL = 100;
/** Of the time, what looking may take. */
const SHARE = 0.1;

const watched = new Map<number, (usage: Usage) => void>();
let looking = false;

/**
 * Tells ten times a second what a process and its descendants use, until `end` is called; more
 * seldom where there are so many processes that looking takes long. One look serves all who watch.
 */
export function watchUsage(root: number, tell: (usage: Usage) => void): { end(): void } {
  watched.set(root, tell);
  if (!looking) setTimeout(look, INTERVAL);
  looking = true;
  return { end: () => void watched.delete(root) };
}

function look(): void {
  looking = watched.size > 0;
  if (!looking) return;
  const begun = performance.now();
  const rows = processes();
  for (const [root, tell] of watched) tell(usageIn(rows, root));
  const took = performance.now() - begun;
  setTimeout(look, Math.max(INTERVAL, took / SHARE - took));
}

/** What a process and its descendants use now. */
export function usage(root: number): Usage {
  return usageIn(processes(), root);
}

function processes(): Row[] {
  return existsSync('/proc/self/stat') ? processesOfLinux() : processesByPs();
}

function usageIn(rows: readonly Row[], root: number): Usage {
  const children = new Map<number, Row[]>();
  for (const row of rows) children.set(row.parent, [...(children.get(row.parent) ?? []), row]);
  let [megabytes, processes] = [0, 0];
  const open = rows.filter(({ pid }) => pid === root);
  for (let row = open.pop(); row !== undefined; row = open.pop()) {
    megabytes += row.megabytes;
    processes++;
    open.push(...(children.get(row.pid) ?? []));
  }
  return { megabytes, processes };
}

function processesOfLinux(): Row[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((name) => {
      try {
        // In kB, where /proc/…/stat counts in pages, whose size is the machine's.
        const status = readFileSync(`/proc/${name}/status`, 'utf8');
        const of = (field: string) =>
          Number(new RegExp(`^${field}:\\s*(\\d+)`, 'm').exec(status)?.[1] ?? 0);
        return [{ pid: Number(name), parent: of('PPid'), megabytes: (of('VmRSS') * 1024) / 1e6 }];
      } catch {
        return []; // It has ended since it was listed.
      }
    });
}

/** Exported for its test: Linux has `ps` as well, macOS has nothing else. */
export function processesByPs(): Row[] {
  const { stdout } = spawnSync('ps', ['-axo', 'pid=,ppid=,rss='], { encoding: 'utf8' });
  return (stdout ?? '')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [pid, parent, kilobytes] = line.trim().split(/\s+/).map(Number);
      return { pid: pid!, parent: parent!, megabytes: (kilobytes! * 1024) / 1e6 };
    });
}
