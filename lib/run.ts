import { spawn } from 'node:child_process';
import type { Lock } from './lock';

/** How a program ended. */
export interface Ran {
  /** Its exit code; none where it was killed, or could not be started. */
  readonly code: number | null;
  /** What it printed, or why it could not be started. */
  readonly said: string;
}

/**
 * Runs a program with its arguments to its end, quietly.
 *
 * @param hold keeps a lock for the program too, which may outlive this process
 */
export function run(
  [program = '', ...args]: readonly string[],
  { cwd, hold }: { readonly cwd: string; readonly hold: Lock['hold'] },
): Promise<Ran> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    hold(child.pid);
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
    }
    child.on('error', ({ message }) => resolve({ code: null, said: message }));
    child.on('close', (code) => resolve({ code, said: said.trim() }));
  });
}
