import { setTimeout as sleep } from 'node:timers/promises';

export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Waits until processes have ended, for five seconds at most; those that have not. */
export async function gone(pids: readonly number[]): Promise<number[]> {
  for (let waited = 0; waited < 5000 && pids.some(isRunning); waited += 50) await sleep(50);
  return pids.filter(isRunning);
}
