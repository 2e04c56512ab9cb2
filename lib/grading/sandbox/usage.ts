import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

interface Row {
  readonly pid: number;
  readonly parent: number;
  /** Processor time, with that of its children which have ended and were waited for. */
  readonly processorSeconds: number;
  /** Looked up where it is asked for: most processes of a machine are nobody's here. */
  megabytes(): number;
}

/** Resident memory, number and processor time of a process and all that descend from it. */
export interface Usage {
  readonly megabytes: number;
  readonly processes: number;
  readonly processorSeconds: number;
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
  let [megabytes, processes, processorSeconds] = [0, 0, 0];
  const open = rows.filter(({ pid }) => pid === root);
  for (let row = open.pop(); row !== undefined; row = open.pop()) {
    megabytes += row.megabytes();
    processes++;
    processorSeconds += row.processorSeconds;
    open.push(...(children.get(row.pid) ?? []));
  }
  return { megabytes, processes, processorSeconds };
}

/** What Linux counts processor time in, on every machine that Node runs on. */
const TICKS_PER_SECOND = 100;

function processesOfLinux(): Row[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((name) => {
      const stat = read(`/proc/${name}/stat`);
      if (stat === '') return [];
      // Behind the program's name, in which anything may stand: state, parent and so on, see proc(5).
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
      return [
        {
          ...{ pid: Number(name), parent: Number(fields[1]) },
          processorSeconds: ticks / TICKS_PER_SECOND,
          megabytes: () => residentMB(name),
        },
      ];
    });
}

/** In kB there, where `stat` counts in pages, whose size is the machine's. */
function residentMB(pid: string): number {
  const kilobytes = /^VmRSS:\s*(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0;
  return (Number(kilobytes) * 1024) / 1e6;
}

/** Nothing of a process that has ended since it was listed. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Exported for its test: Linux has `ps` as well, macOS has nothing else. */
export function processesByPs(): Row[] {
  const { stdout } = spawnSync('ps', ['-axo', 'pid=,ppid=,rss=,time='], { encoding: 'utf8' });
  return (stdout ?? '')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [pid, parent, kilobytes, time] = line.trim().split(/\s+/) as [
        string,
        string,
        string,
        string,
      ];
      return {
        ...{ pid: Number(pid), parent: Number(parent) },
        processorSeconds: secondsOf(time),
        megabytes: () => (Number(kilobytes) * 1024) / 1e6,
      };
    });
}

/** Of `[days-][hours:]minutes:seconds`. */
function secondsOf(time: string): number {
  const [clock = '', days = '0'] = time.split('-').reverse();
  const ofDay = clock.split(':').reduce((sum, part) => 60 * sum + Number(part), 0);
  return 86_400 * Number(days) + ofDay;
}
