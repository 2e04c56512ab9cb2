import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { CompilerOrder, CompilerReport, Knowledge, Question } from './messages';

/** The process that compiles cells and answers what an editor asks, seen from the launcher. */
export interface CompilerProcess {
  /** @throws Error when the process ends first, with how it ended */
  ask(question: Question): Promise<CompilerReport['answer']>;
  /** Has what is compiled from now on know what a cell has declared. */
  learn(knowledge: Knowledge): void;
  /** Goes back to where nothing was learned. */
  forget(): void;
  /** Gives up what it is at, whatever that is. */
  interrupt(): void;
  close(): void;
}

interface Waiting {
  resolve(answer: CompilerReport['answer']): void;
  reject(error: Error): void;
}

/** Starts it; when its process ends, the next takes up what was learned. */
export function startCompiler(): CompilerProcess {
  const learned: Knowledge[] = [];
  const waiting = new Map<number, Waiting>();
  let asked = 0;
  let child: ChildProcess | undefined = start();

  function start(): ChildProcess {
    const started = spawn(process.execPath, [join(__dirname, 'compiler', 'main.js')], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    started.on('message', ({ id, answer }: CompilerReport) => {
      waiting.get(id)?.resolve(answer);
      waiting.delete(id);
    });
    started.on('exit', (code, signal) => end(started, signal ?? `exit code ${code}`));
    for (const knowledge of learned) send(started, { kind: 'learn', knowledge });
    return started;
  }

  /** What waits for a process waits no longer. */
  function end(ended: ChildProcess, how: string): void {
    if (child !== ended) return;
    child = undefined;
    for (const { reject } of waiting.values()) reject(new Error(`the compiler ended (${how})`));
    waiting.clear();
  }

  function close(): void {
    const ended = child;
    if (!ended) return;
    end(ended, 'it was stopped');
    ended.kill('SIGKILL');
  }

  return {
    ask(question) {
      child ??= start();
      const id = ++asked;
      const answered = new Promise<CompilerReport['answer']>((resolve, reject) => {
        waiting.set(id, { resolve, reject });
      });
      send(child, { kind: 'question', id, question });
      return answered;
    },
    learn(knowledge) {
      learned.push(knowledge);
      if (child) send(child, { kind: 'learn', knowledge });
    },
    forget() {
      if (learned.length === 0) return;
      learned.length = 0;
      close();
      child = start();
    },
    interrupt() {
      if (waiting.size === 0) return;
      close();
      child = start();
    },
    close,
  };
}

function send(child: ChildProcess, order: CompilerOrder): void {
  child.send(order, () => undefined);
}
