import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { endTogether } from './endTogether';
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

/** The process that there is now, what it was told, and what it starts with. */
interface State {
  readonly packages: readonly string[];
  readonly learned: Knowledge[];
  readonly waiting: Map<number, Waiting>;
  child: ChildProcess | undefined;
  /** How much its snapshot has: what most notebooks need takes time and memory. */
  stage: number;
  snapshot: readonly string[] | undefined;
}

/**
 * Starts it; when its process ends, the next takes up what was learned.
 *
 * @param packages packages whose declarations are kept ready
 * @param expected what is likely to be asked about: the cells of the notebook, where it is known
 */
export function startCompiler(packages: readonly string[] = [], expected = ''): CompilerProcess {
  const snapshot = fromSnapshot(contentsAt(0, packages));
  if (!snapshot || !fromSnapshot(contentsAt(1, packages))) haveSnapshotsMade(packages);
  const learned: Knowledge[] = [];
  const waiting = new Map<number, Waiting>();
  const state: State = { packages, learned, waiting, child: undefined, stage: 0, snapshot };
  let asked = 0;
  let isClosed = false;
  rise(state, stageOf(expected, packages));
  state.child ??= start(state);
  return {
    async ask(question) {
      if (isClosed) throw new Error('the kernel is shutting down');
      rise(state, stageFor(question, packages));
      const answer = await put(state, ++asked, question);
      if (state.stage > 0 || !('complaints' in answer)) return answer;
      // It may be about something of Node's.
      rise(state, 1);
      return await put(state, ++asked, question);
    },
    learn(knowledge) {
      learned.push(knowledge);
      if (state.child) send(state.child, { kind: 'learn', knowledge });
    },
    forget() {
      learned.length = 0;
      if (state.child) send(state.child, { kind: 'forget' });
    },
    interrupt() {
      if (waiting.size === 0) return;
      end(state);
      state.child = start(state);
    },
    close() {
      isClosed = true;
      end(state);
    },
  };
}

/** What the snapshot of a stage has beside the language. */
function contentsAt(stage: number, packages: readonly string[]): Contents {
  return [[], ['node'], ['node', ...packages]][stage]!;
}

function stageOf(code: string, packages: readonly string[]): number {
  if (packages.some((name) => mentions(code, name))) return 2;
  return IMPORTS.test(code) ? 1 : 0;
}

function stageFor({ kind, code }: Question, packages: readonly string[]): number {
  const isOfEditor = kind === 'complete' || kind === 'inspect';
  return Math.max(stageOf(code, packages), isOfEditor ? 1 : 0);
}

/** Starts a process that knows what was learned, and is asked what waits for an answer. */
function start(state: State): ChildProcess {
  const { snapshot } = state;
  // Without a snapshot everything is read when it is needed.
  if (!snapshot) state.stage = Math.max(state.stage, 1);
  // A snapshot is for Node as it is without options.
  const { NODE_OPTIONS: _, ...env } = process.env;
  const main = join(__dirname, 'compiler', 'main.js');
  const child = spawn(process.execPath, snapshot ?? [main], {
    stdio: ['ignore', 'ignore', snapshot ? 'ignore' : 'inherit', 'ipc'],
    env,
  });
  endTogether(child);
  listen(state, child);
  for (const knowledge of state.learned) send(child, { kind: 'learn', knowledge });
  for (const [id, { question }] of state.waiting) send(child, { kind: 'question', id, question });
  return child;
}

/** Passes answers on, and sees to it that nobody waits for one when the process has ended. */
function listen(state: State, child: ChildProcess): void {
  const isFromSnapshot = state.snapshot !== undefined;
  let hasSpoken = false;
  child.on('message', ({ id, answer }: CompilerReport) => {
    // What it said last is of no more use: its successor knows more, and was asked the same.
    if (state.child !== child) return;
    hasSpoken = true;
    state.waiting.get(id)?.resolve(answer);
    state.waiting.delete(id);
  });
  child.on('exit', (code, signal) => {
    if (state.child !== child) return;
    if (hasSpoken || !isFromSnapshot || ENDED.includes(signal)) {
      fail(state, signal ?? `exit code ${code}`);
      return;
    }
    // Node refuses the snapshot, or fails at it.
    state.snapshot = undefined;
    state.child = start(state);
  });
}

/** What waits for the process waits no longer. */
function fail(state: State, how: string): void {
  state.child = undefined;
  const error = new Error(`the compiler ended (${how}) before the cell ran: run it again`);
  for (const { reject } of state.waiting.values()) reject(error);
  state.waiting.clear();
}

/** Ends the process, whatever it is at. */
function end(state: State): void {
  const { child } = state;
  fail(state, 'it was stopped');
  child?.kill('SIGKILL');
}

/** Goes over to a snapshot with more in it. */
function rise(state: State, to: number): void {
  const { packages, stage } = state;
  if (to <= stage) return;
  const best = fromSnapshot(contentsAt(to, packages));
  if (!best) haveSnapshotsMade(packages);
  state.stage = to;
  if (!best && stage > 0) return;
  state.snapshot = best ?? fromSnapshot(contentsAt(1, packages));
  state.child?.kill('SIGKILL');
  state.child = start(state);
}

function put(state: State, id: number, question: Question): Promise<CompilerReport['answer']> {
  const answered = new Promise<CompilerReport['answer']>((resolve, reject) => {
    state.waiting.set(id, { question, resolve, reject });
  });
  if (state.child) send(state.child, { kind: 'question', id, question });
  else state.child = start(state);
  return answered;
}

function send(child: ChildProcess, order: CompilerOrder): void {
  child.send(order, () => undefined);
}
