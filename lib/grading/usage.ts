import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';

interface Row {
  readonly pid: number;
  readonly parent: number;
  readonly megabytes: number;
}

/** Resident memory and number of a process and all that descend from it. */
export function usage(root: number): { megabytes: number; processes: number } {
  const rows = existsSync('/proc/self/stat') ? processesOfLinux() : processesByPs();
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
