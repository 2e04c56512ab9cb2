import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

/** Those that have not ended. One whose end nobody has asked about stays in the list, for good in a container. */
function running(): { readonly pid: number; readonly parent: number }[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid=,stat='], { encoding: 'utf8' });
  return stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , state]) => !state!.startsWith('Z'))
    .map(([pid, parent]) => ({ pid: Number(pid), parent: Number(parent) }));
}

/** A process and all that it has started, and those in turn. */
export function treeOf(root: number): number[] {
  const all = running();
  const childrenOf = (pid: number): number[] =>
    all.filter(({ parent }) => parent === pid).flatMap((one) => [one.pid, ...childrenOf(one.pid)]);
  return [root, ...childrenOf(root)];
}

/** Waits until all of them have ended. */
export async function haveEnded(pids: readonly number[]): Promise<void> {
  while (running().some(({ pid }) => pids.includes(pid))) await sleep(50);
}
