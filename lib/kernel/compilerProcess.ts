import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { mentions } from './mentions';
import type { CompilerOrder, CompilerReport, Knowledge, Question } from './messages';
import { type Contents, fromSnapshot, haveSnapshotsMade } from './snapshot';

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

/** What brings in declarations of packages, which may need Node's. */
const IMPORTS = /\b(import|require)\b/;

interface Waiting {
  readonly question: Question;
  resolve(answer: CompilerReport['answer']): void;
  reject(error: Error): void;
}

/** How a process ends that somebody has ended. */
const ENDED: readonly unknown[] = ['SIGKILL', 'SIGTERM'];

/**
 * Starts it; when its process ends, the next takes up what was learned.
 *
 * @param packages packages whose declarations are kept ready
 * @param expected what is likely to be asked about: the cells of the notebook, where it is known
 */
export function startCompiler(packages: readonly string[] = [], expected = ''): CompilerProcess {
  const learned: Knowledge[] = [];
  const waiting = new Map<number, Waiting>();
  let asked = 0;
  let isClosed = false;
  /** What the process starts with: what most notebooks need takes time and memory. */
  const stages: readonly Contents[] = [[], ['node'], ['node', ...packages]];
  let stage = 0;
  let snapshot = fromSnapshot(stages[0]!);
  if (!snapshot || !fromSnapshot(stages[1]!)) haveSnapshotsMade(packages);
  let child: ChildProcess | undefined;
  rise(stageOf(expected));
  child ??= start();

  function start(): ChildProcess {
    // Without a snapshot everything is read when it is needed.
    if (!snapshot) stage = Math.max(stage, 1);
    // A snapshot is for Node as it is without options.
    const { NODE_OPTIONS: _, ...env } = process.env;
    const main = join(__dirname, 'compiler', 'main.js');
    const started = spawn(process.execPath, snapshot ?? [main], {
      stdio: ['ignore', 'ignore', snapshot ? 'ignore' : 'inherit', 'ipc'],
      env,
    });
    let hasSpoken = false;
    started.on('message', ({ id, answer }: CompilerReport) => {
      // What it said last is of no more use: its successor knows more, and was asked the same.
      if (child !== started) return;
      hasSpoken = true;
      waiting.get(id)?.resolve(answer);
      waiting.delete(id);
    });
    started.on('exit', (code, signal) => {
      if (child !== started) return;
      if (hasSpoken || snapshot === undefined || ENDED.includes(signal)) {
        return fail(signal ?? `exit code ${code}`);
      }
      // Node refuses the snapshot, or fails at it.
      snapshot = undefined;
      child = start();
    });
    for (const knowledge of learned) send(started, { kind: 'learn', knowledge });
    for (const [id, { question }] of waiting) send(started, { kind: 'question', id, question });
    return started;
  }

  /** What waits for the process waits no longer. */
  function fail(how: string): void {
    child = undefined;
    const error = new Error(`the compiler ended (${how}) before the cell ran: run it again`);
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  }

  function restart(): void {
    child?.kill('SIGKILL');
    child = start();
  }

  /** Goes over to a snapshot with more in it. */
  function rise(to: number): void {
    if (to <= stage) return;
    const best = fromSnapshot(stages[to]!);
    if (!best) haveSnapshotsMade(packages);
    const hasNode = stage > 0;
    stage = to;
    if (!best && hasNode) return;
    snapshot = best ?? fromSnapshot(stages[1]!);
    restart();
  }

  function put(question: Question): Promise<CompilerReport['answer']> {
    const id = ++asked;
    const answered = new Promise<CompilerReport['answer']>((resolve, reject) => {
      waiting.set(id, { question, resolve, reject });
    });
    if (child) send(child, { kind: 'question', id, question });
    else child = start();
    return answered;
  }

  function stageOf(code: string): number {
    if (packages.some((name) => mentions(code, name))) return 2;
    return IMPORTS.test(code) ? 1 : 0;
  }

  function stageFor({ kind, code }: Question): number {
    const isOfEditor = kind === 'complete' || kind === 'inspect';
    return Math.max(stageOf(code), isOfEditor ? 1 : 0);
  }

  return {
    async ask(question) {
      if (isClosed) throw new Error('the kernel is shutting down');
      rise(stageFor(question));
      const answer = await put(question);
      if (stage > 0 || !('complaints' in answer)) return answer;
      // It may be about something of Node's.
      rise(1);
      return await put(question);
    },
    learn(knowledge) {
      learned.push(knowledge);
      if (child) send(child, { kind: 'learn', knowledge });
    },
    forget() {
      learned.length = 0;
      if (child) send(child, { kind: 'forget' });
    },
    interrupt() {
      if (waiting.size === 0) return;
      const ended = child;
      fail('it was stopped');
      ended?.kill('SIGKILL');
      child = start();
    },
    close() {
      isClosed = true;
      const ended = child;
      fail('it was stopped');
      ended?.kill('SIGKILL');
    },
  };
}

function send(child: ChildProcess, order: CompilerOrder): void {
  child.send(order, () => undefined);
}
