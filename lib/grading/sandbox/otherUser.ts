import { spawnSync } from 'node:child_process';
import type { OtherUser } from './isolation';

/** Whether anything runs as this user; what has ended may still be listed, as a zombie. */
export function hasProcesses({ uid }: OtherUser): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-u', String(uid)], { encoding: 'utf8' });
  return (stdout ?? '').split('\n').some((state) => /^[^Z]/.test(state));
}

/**
 * Ends all that runs as this user, at once: what it has started may lead groups of its own, and would
 * live on as its folder is removed. Sent as that user, who reaches nobody else.
 */
export function endProcesses(user: OtherUser): void {
  spawnSync(process.execPath, ['-e', "process.kill(-1, 'SIGKILL')"], { ...user, env: {} });
}
