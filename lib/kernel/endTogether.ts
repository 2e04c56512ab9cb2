import { type ChildProcess, spawn } from 'node:child_process';

/** Waits for the end of what it reads, which an interrupt is not, and then ends a process. */
const WATCH = 'trap "" INT; read -r _; kill -9 "$1"';

/**
 * Has a process end when this one does, however that ends: one that is at work for long hears of
 * nothing. A shell beside it waits for a pipe to be closed, into which nobody writes.
 */
export function endTogether(child: ChildProcess): void {
  if (child.pid === undefined) return;
  const watch = spawn('/bin/sh', ['-c', WATCH, 'sh', String(child.pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  // Where there can be no shell, as in a sandbox, the process ends when it is done.
  watch.on('error', () => undefined);
  child.once('exit', () => watch.kill('SIGKILL'));
}
