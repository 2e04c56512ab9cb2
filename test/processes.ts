import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

interface Running {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** Those that have not ended. One whose end nobody has asked about stays in the list, for good in a container. */
function running(): readonly Running[] {
  const columns = 'pid=,ppid=,stat=,args=';
  const { stdout } = spawnSync('ps', ['-A', '-ww', '-o', columns], { encoding: 'utf8' });
  return stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , state]) => !state!.startsWith('Z'))
    .map(([pid, parent, , ...args]) => {
      return { pid: Number(pid), parent: Number(parent), command: args.join(' ') };
    });
}

/** Those of them that have not ended. */
export const stillRunning = (pids: readonly number[]): readonly Running[] =>
  running().filter(({ pid }) => pids.includes(pid));

/** A process and all that it has started, and those in turn. */
export function treeOf(root: number): number[] {
  const all = running();
  const childrenOf = (pid: number): number[] =>
    all.filter(({ parent }) => parent === pid).flatMap((one) => [one.pid, ...childrenOf(one.pid)]);
  return [root, ...childrenOf(root)];
}

/** Waits until all of them have ended. */
export async function haveEnded(pids: readonly number[]): Promise<void> {
  while (stillRunning(pids).length > 0) await sleep(50);
}
