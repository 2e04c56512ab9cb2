import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { projectRoot } from '../../root';
import { descriptorsFor } from './descriptors';
import type { Isolation, Limits, Place, Program } from './isolation';
import { placeOf } from './place';
import { BEGUN, linesOf } from './protocol';
import { watchUsage } from './usage';

/** How a run in the sandbox ended. */
export interface Ending {
  readonly lines: string[];
  /** The limit that it went over. */
  readonly stopped?: string;
}

/** A submission could not be carried out or kept: that is this machine's doing, not the submission's. */
export class NoSandbox extends Error {}

/**
 * Runs a Node script of lib in the sandbox until it ends or goes over a limit; then every process
 * of it is killed. Gives the lines that it wrote.
 *
 * @param input the first line that it reads
 * @param answer what it reads next when it has written a line, if anything
 * @throws NoSandbox when the script has not begun
 */
export async function runInSandbox(
  isolation: Isolation,
  script: string,
  input: string,
  answer: (line: string) => string | undefined,
  given: Pick<Program, 'environment' | 'files'>,
  limits: Limits,
): Promise<Ending> {
  const program = [realpathSync(process.execPath), join(projectRoot, 'lib', 'dist', script)];
  const place = madePlace(isolation, { command: program, ...given }, limits);
  const [command, ...args] = place.command;
  const nothing = openSync('/dev/null', 'r');
  const child = spawn(command!, args, {
    ...place.options,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe', ...descriptorsFor(place.descriptors, nothing)],
  });
  closeSync(nothing);
  const [stdin, stdout, stderr] = [child.stdin!, child.stdout!, child.stderr!];
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
  const lines: string[] = [];
  const listen = async () => {
    const most = limits.outputMB * 1e6;
    const tooMuch = () => stop(`it printed more than ${limits.outputMB} MB`);
    for await (const line of linesOf(within(stdout, most, tooMuch))) {
      lines.push(line);
      const reply = answer(line);
      if (reply !== undefined) stdin.write(`${reply}\n`);
    }
  };
  const heard = listen();
  let complaints = '';
  stderr.setEncoding('utf8').on('data', (text: string) => {
    if (complaints.length < 1000) complaints += text;
  });
  child.on('exit', () => killAll(child));
  stdin.on('error', () => undefined);
  stdin.write(`${input}\n`);
  const how = await new Promise<string>((resolve) => {
    child.on('close', (code, signal) => resolve(signal ?? `exit code ${code}`));
    child.on('error', (error) => resolve(error.message));
  });
  await heard;
  clearTimeout(late);
  watch.end();
  place.leave();
  const first = lines.shift();
  if (first !== BEGUN) {
    throw new NoSandbox(`the sandbox did not begin: ${stopped ?? how} ${complaints.trim()}`.trim());
  }
  if (how !== 'exit code 0')
    stopped ??= `its runner ended early: ${how} ${complaints.trim()}`.trim();
  return { lines, ...(stopped !== undefined && { stopped }) };
}

/** @throws NoSandbox where this machine has no room for it, or a file has gone meanwhile */
function madePlace(...of: Parameters<typeof placeOf>): Place {
  try {
    return placeOf(...of);
  } catch (error) {
    throw new NoSandbox(`no place for it could be made: ${error}`);
  }
}

/** A stream as long as it keeps within measure. */
async function* within(
  stream: Readable,
  most: number,
  tooMuch: () => void,
): AsyncGenerator<string> {
  let bytes = 0;
  for await (const chunk of stream.setEncoding('utf8') as AsyncIterable<string>) {
    bytes += Buffer.byteLength(chunk);
    if (bytes > most) return tooMuch();
    yield chunk;
  }
}

/** The first process of a PID namespace takes all others with it; a group ends as far as it is one. */
function killAll(child: ChildProcess): void {
  try {
    process.kill(-child.pid!, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
