import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { limited } from './limited';
import type { Answer, Order, Report, Task } from './messages';

/** What the interpreter has to say between a task and its answer. */
export interface Listener {
  publish(id: number, type: string, content: object): void;
  ask(id: number, prompt: string, password: boolean): void;
  /** Text that came over the process's own streams, past the cells'. */
  print(name: 'stdout' | 'stderr', text: string): void;
}

/** The content of a reply, and the text of a result. */
export interface Outcome {
  readonly content: Answer;
  readonly resultText?: string;
}

/** The process that runs cells, seen from the launcher. */
export interface Interpreter {
  /** Has a task done. @throws Error when the process ends first, with how it ended */
  perform(id: number, task: Task): Promise<Outcome>;
  /** Interrupts the task with that id, and whatever older ones left running. */
  interrupt(id: number): void;
  input(id: number, text: string): void;
  /** Ends the process, whatever it is doing. */
  close(): Promise<void>;
}

/** Starts the process; tasks may be given at once. */
export function startInterpreter(listener: Listener): Interpreter {
  const child = spawn(process.execPath, [join(__dirname, 'interpreter', 'main.js')], {
    // 3: orders and reports. 4: interrupts, read by a thread that no cell can keep busy.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc', 'pipe'],
  });
  const ended = endOf(child);
  const interrupts = child.stdio[4] as Writable;
  interrupts.on('error', () => undefined);
  let settle: ((outcome: Outcome) => void) | undefined;
  const native = {
    stdout: limited((text) => listener.print('stdout', text)),
    stderr: limited((text) => listener.print('stderr', text)),
  };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => native[name].write(text));
  }
  child.on('message', (report: Report) => {
    if (report.kind === 'publish') listener.publish(report.id, report.type, report.content);
    else if (report.kind === 'ask') listener.ask(report.id, report.prompt, report.password);
    else settle?.(report);
  });
  const order = (message: Order) => child.send(message, () => undefined);
  return {
    async perform(id, task) {
      const answered = new Promise<Outcome>((resolve) => {
        settle = resolve;
      });
      order({ kind: 'task', id, task });
      const outcome = await Promise.race([answered, ended]);
      // What native code printed may still wait in the pipes.
      await turn();
      await turn();
      for (const stream of Object.values(native)) stream.end();
      return outcome;
    },
    interrupt: (id) => void interrupts.write(`${id}\n`),
    input: (id, text) => void order({ kind: 'input', id, text }),
    async close() {
      child.kill('SIGKILL');
      await ended.catch(() => undefined);
    },
  };
}

/** Rejects when the process ends. */
function endOf(child: ChildProcess): Promise<never> {
  const ended = once(child, 'exit').then(([code, signal]) => {
    throw new Error(signal === null ? `exit code ${code}` : `by ${signal}`);
  });
  ended.catch(() => undefined);
  return ended;
}
