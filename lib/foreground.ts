import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { InputError } from './errors';

/**
 * Runs a program on this one's terminal to its end, and returns its exit code; 128 and the signal's
 * number where a signal ended it, as a shell has it. Ctrl-C reaches both: the program decides what it
 * means, and this one waits.
 *
 * @throws InputError when the program cannot be started
 */
export function runInForeground(
  program: string,
  args: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<number> {
  const child = spawn(program, args, { cwd, env, stdio: 'inherit' });
  const wait = () => undefined;
  const pass = () => child.kill('SIGTERM');
  process.on('SIGINT', wait).on('SIGTERM', pass);
  return new Promise<number>((resolve, reject) => {
    child.on('error', ({ message }) => reject(new InputError(`cannot start it: ${message}`)));
    child.on('close', (code, signal) => resolve(code ?? 128 + constants.signals[signal!]));
  }).finally(() => process.off('SIGINT', wait).off('SIGTERM', pass));
}
