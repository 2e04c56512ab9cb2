import { type ChildProcess, spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../root';
import { type Isolation, type Limits, type Program, placeOf } from './isolation';
import { BEGUN } from './protocol';
import { watchUsage } from './usage';

/** How a run in the sandbox ended. */
export interface Ending {
  readonly lines: string[];
  /** The limit that it went over. */
  readonly stopped?: string;
}

/** The sandbox did not come about: that is this machine's doing, not the submission's. */
export class NoSandbox extends Error {}

/**
 * Runs a Node script of lib in the sandbox until it ends or goes over a limit; then every process
 * of it is killed. Gives the lines that it wrote.
 *
 * @throws NoSandbox when the script has not begun
 */
export async function runInSandbox(
  isolation: Isolation,
  script: string,
  input: string,
  given: Pick<Program, 'environment' | 'files'>,
  limits: Limits,
): Promise<Ending> {
  const program = [realpathSync(process.execPath), join(projectRoot, 'lib', 'dist', script)];
  const place = placeOf(isolation, { command: program, ...given }, limits);
  const [command, ...args] = place.command;
  const child = spawn(command!, args, {
    ...place.options,
    detached: true,
    stdio: 'pipe',
  });
  let stopped: string | undefined;
  const stop = (why: string) => {
    stopped ??= why;
    killAll(child);
  };
  const late = setTimeout(
    () => stop(`it took longer than ${limits.seconds} s`),
    limits.seconds * 1000,
  );
  const watch = watchUsage(child.pid!, ({ megabytes, processes }) => {
    if (megabytes > limits.memoryMB) stop(`it took more than ${limits.memoryMB} MB of memory`);
    if (processes > limits.processes) stop(`it started more than ${limits.processes} processes`);
  });
  const chunks: Buffer[] = [];
  let bytes = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > limits.outputMB * 1e6) stop(`it printed more than ${limits.outputMB} MB`);
    else chunks.push(chunk);
  });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (complaints.length < 1000) complaints += text;
  });
  child.on('exit', () => killAll(child));
  child.stdin.on('error', () => undefined);
  child.stdin.end(`${input}\n`);
  const how = await new Promise<string>((resolve) => {
    child.on('close', (code, signal) => resolve(signal ?? `exit code ${code}`));
    child.on('error', (error) => resolve(error.message));
  });
  clearTimeout(late);
  watch.end();
  place.leave();
  const [first, ...lines] = Buffer.concat(chunks).toString('utf8').split('\n');
  if (first !== BEGUN) {
    throw new NoSandbox(`the sandbox did not begin: ${stopped ?? how} ${complaints.trim()}`.trim());
  }
  if (how !== 'exit code 0')
    stopped ??= `its runner ended early: ${how} ${complaints.trim()}`.trim();
  return { lines, ...(stopped !== undefined && { stopped }) };
}

/** The first process of a PID namespace takes all others with it; a group ends as far as it is one. */
function killAll(child: ChildProcess): void {
  try {
    process.kill(-child.pid!, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
