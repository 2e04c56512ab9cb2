import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { CONDITION } from './given';
import { limited } from './limited';
import { MEMORY_FULL } from './memoryFull';
import type { CommOrder, Order, Outcome, Report, Task } from './messages';
import type { Setup } from './setup';
import type { Extras } from './wire';

/** How long, in milliseconds, what a process said last may take to arrive. */
const LAST_WORDS_MS = 20;

const PROGRAM = [`--conditions=${CONDITION}`, join(__dirname, 'interpreter', 'main.js')];

/** What the interpreter has to say between a task and its answer. */
export interface Listener {
  publish(id: number, type: string, content: object, extras?: Extras): void;
  ask(id: number, prompt: string, password: boolean): void;
  /** Text that came over the process's own streams, past the cells'. */
  print(name: 'stdout' | 'stderr', text: string): void;
}

/** The process that runs cells, seen from the launcher. */
export interface Interpreter {
  /** Whether the process has ended, and how; undefined while it lives. */
  death(): string | undefined;
  /** Has a task done. @throws Error when the process ends first, with how it ended */
  perform(id: number, task: Task): Promise<Outcome>;
  /** Passes a comm's message on; settles when it was dealt with, or the process has ended. */
  pass(order: CommOrder): Promise<void>;
  /** Loads packages, for the cell that comes next. */
  preload(packages: readonly string[]): void;
  /** Interrupts the task with that id, whatever older ones left running, and their programs. */
  interrupt(id: number): void;
  input(id: number, text: string): void;
  /** Ends the process, whatever it is doing, and the programs that cells have started. */
  close(): Promise<void>;
}

/** Starts it; tasks may be given at once. */
export function startInterpreter(listener: Listener, setup: Setup): Interpreter {
  const child = spawnInterpreter(setup);
  let death: string | undefined;
  let isClosed = false;
  const native = nativeStreams(child, listener);
  const ended = endOf(child, (how) => {
    const isForeign = how === 'by SIGKILL' && !isClosed;
    death = how + (native.ranOutOfMemory() ? ', out of memory' : isForeign ? MEMORY_FULL : '');
    return death;
  });
  ended.catch(() => undefined);
  const interrupts = child.stdio[4] as Writable;
  interrupts.on('error', () => undefined);
  let settle: ((outcome: Outcome) => void) | undefined;
  const handled = new Map<number, () => void>();
  child.on('message', (report: Report) => {
    if (report.kind === 'publish')
      listener.publish(report.id, report.type, report.content, extrasOf(report));
    else if (report.kind === 'handled') handled.get(report.id)?.();
    else if (report.kind === 'ask') listener.ask(report.id, report.prompt, report.password);
    else settle?.(report);
  });
  /** Whether there is something to interrupt; a later cell is not to be interrupted for it. */
  let hasBegun = false;
  const order = (message: Order) => {
    hasBegun = true;
    child.send(message, () => undefined);
  };
  return {
    death: () => death,
    async perform(id, task) {
      const answered = new Promise<Outcome>((resolve) => {
        settle = resolve;
      });
      order({ kind: 'task', id, task });
      const outcome = await Promise.race([answered, ended]);
      // What native code printed may still wait in the pipes.
      await turn();
      await turn();
      native.end();
      return outcome;
    },
    async pass(message) {
      const done = new Promise<void>((resolve) => handled.set(message.id, resolve));
      order(message);
      await Promise.race([done, ended]).catch(() => undefined);
      handled.delete(message.id);
    },
    preload: (packages) => order({ kind: 'preload', packages }),
    interrupt(id) {
      if (hasBegun) interrupts.write(`${id}\n`);
    },
    input: (id, text) => order({ kind: 'input', id, text }),
    async close() {
      isClosed = true;
      killGroup(child);
      await ended.catch(() => undefined);
    },
  };
}

function killGroup({ pid }: ChildProcess): void {
  try {
    process.kill(-pid!, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

function spawnInterpreter(setup: Setup): ChildProcess {
  return spawn(process.execPath, [...PROGRAM, JSON.stringify(setup)], {
    // 3: orders and reports. 4: interrupts, read by a thread that no cell can keep busy.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc', 'pipe'],
    // A process group of its own: the programs that cells start are interrupted and end with it.
    detached: true,
  });
}

/** Prints what comes over the process's own streams. */
function nativeStreams(child: ChildProcess, listener: Listener) {
  let outOfMemory = false;
  const streams = {
    stdout: limited((text) => listener.print('stdout', text)),
    stderr: limited((text) => listener.print('stderr', text)),
  };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      if (name === 'stderr') outOfMemory ||= /heap out of memory/.test(text);
      streams[name].write(text);
    });
  }
  return {
    /** Whether the process has said so. */
    ranOutOfMemory: () => outOfMemory,
    /** The cell is done: the next may print as much again. */
    end() {
      for (const stream of Object.values(streams)) stream.end();
    },
  };
}

function extrasOf({ extras }: Extract<Report, { kind: 'publish' }>): Extras | undefined {
  return (
    extras && { ...extras, buffers: extras.buffers.map((text) => Buffer.from(text, 'base64')) }
  );
}

/** Rejects when the process ends, with what `tell` makes of how. */
async function endOf(child: ChildProcess, tell: (how: string) => string): Promise<never> {
  const [code, signal] = await once(child, 'exit');
  // What it said last may still be in the pipes, which a program of a cell's may hold open.
  await sleep(LAST_WORDS_MS);
  throw new Error(tell(signal === null ? `exit code ${code}` : `by ${signal}`));
}
