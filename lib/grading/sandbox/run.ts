import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { projectRoot } from '../../root';
import { descriptorsFor } from './descriptors';
import type { Isolation, Limits, Place, Program } from './isolation';
import { placeOf } from './place';
import { BEGUN, linesOf } from './runner/protocol';
import { killGroup, watchLimits } from './watchLimits';

/** How a run in the sandbox ended. */
export interface Ending {
  readonly lines: string[];
  /** The limit that it went over. */
  readonly stopped?: string;
}

/** A submission could not be carried out or kept: that is this machine's doing, not the submission's. */
export class NoSandbox extends Error {}

const RUNNER = join(projectRoot, 'lib', 'dist', 'grading', 'sandbox', 'runner', 'runnerMain.js');

/**
 * Runs the runner in the sandbox until it ends or goes over a limit; then every process of it is
 * killed. Gives the lines that it wrote.
 *
 * @param input the first line that it reads
 * @param answer what it reads next when it has written a line, if anything
 * @throws NoSandbox when the runner has not begun
 */
export async function runInSandbox(
  isolation: Isolation,
  input: string,
  answer: (line: string) => string | undefined,
  given: Pick<Program, 'environment' | 'files'>,
  limits: Limits,
): Promise<Ending> {
  const program = { command: [realpathSync(process.execPath), RUNNER], ...given };
  const place = madePlace(isolation, program, limits);
  const child = startIn(place);
  const limit = watchLimits(child, limits);
  const lines: string[] = [];
  const listen = async () => {
    const tooMuch = () => limit.stop(`it printed more than ${limits.outputMB} MB`);
    for await (const line of linesOf(within(child.stdout!, limits.outputMB * 1e6, tooMuch))) {
      lines.push(line);
      const reply = answer(line);
      if (reply !== undefined) child.stdin!.write(`${reply}\n`);
    }
  };
  const heard = listen();
  let complaints = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    if (complaints.length < 1000) complaints += text;
  });
  child.stdin!.on('error', () => undefined);
  child.stdin!.write(`${input}\n`);
  const how = await endOf(child);
  await heard;
  const stopped = limit.end();
  place.leave();
  const first = lines.shift();
  if (first !== BEGUN) {
    throw new NoSandbox(`the sandbox did not begin: ${stopped ?? how} ${complaints.trim()}`.trim());
  }
  const early = `its runner ended early: ${how} ${complaints.trim()}`.trim();
  const why = stopped ?? (how === 'exit code 0' ? undefined : early);
  return { lines, ...(why !== undefined && { stopped: why }) };
}

/** @throws NoSandbox where this machine has no room for it, or a file has gone meanwhile */
function madePlace(...of: Parameters<typeof placeOf>): Place {
  try {
    return placeOf(...of);
  } catch (error) {
    throw new NoSandbox(`no place for it could be made: ${error}`);
  }
}

function startIn(place: Place): ChildProcess {
  const [command, ...args] = place.command;
  const nothing = openSync('/dev/null', 'r');
  const child = spawn(command!, args, {
    ...place.options,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe', ...descriptorsFor(place.descriptors, nothing)],
  });
  closeSync(nothing);
  child.on('exit', () => killGroup(child));
  return child;
}

/** How a process ended, in words, once all that it wrote was read. */
async function endOf(child: ChildProcess): Promise<string> {
  return await new Promise((resolve) => {
    child.on('close', (code, signal) => resolve(signal ?? `exit code ${code}`));
    child.on('error', (error) => resolve(error.message));
  });
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
