import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { endTogether } from './endTogether';
import { MEMORY_FULL } from './memoryFull';
import type { CompilerOrder, CompilerReport, Knowledge, Question } from './messages';
import { type Contents, discard, fromSnapshot, haveSnapshotsMade } from './snapshot';

/** The process that compiles cells and answers what an editor asks, seen from the launcher. */
export interface CompilerProcess {
  /** @throws Error when the process ends first, with how it ended */
  ask(question: Question): Promise<CompilerReport['answer']>;
  /** Has what is compiled from now on know what a cell has declared. */
  learn(knowledge: Knowledge): void;
  /** Takes back the last few that were learned. */
  unlearn(count: number): void;
  /** Goes back to where nothing was learned. */
  forget(): void;
  /** A person's editor is there: all declarations are loaded before it asks. */
  expectQuestions(): void;
  /** Gives up what it is at, whatever that is. */
  interrupt(): void;
  close(): void;
}

/**
 * What brings in declarations of packages, which may need Node's, and what is taken for `any` without
 * a complaint where Node's are left out: names of the global object, `console.dir`'s options, and
 * whatever TypeScript is told not to complain of.
 */
const OUTSIDE = /\b(import|require|globalThis|dir|Console)\b|@ts-/;

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
  /** Whether it has all declarations, which take time and memory, or those of the language alone. */
  isWhole: boolean;
  /** What Node is given to start it from a snapshot; undefined where it starts without. */
  snapshot: readonly string[] | undefined;
}

/**
 * Starts it, with the declarations of the language alone; those of Node and of packages follow when
 * a person is at work: with an editor, the first cell, or the first question. When its process
 * ends, the next takes up what was learned.
 *
 * @param packages packages whose declarations are kept ready
 */
export function startCompiler(packages: readonly string[] = []): CompilerProcess {
  const snapshot = fromSnapshot([]);
  if (!snapshot) haveSnapshotsMade(packages);
  const learned: Knowledge[] = [];
  const waiting = new Map<number, Waiting>();
  const state: State = { packages, learned, waiting, child: undefined, isWhole: false, snapshot };
  let asked = 0;
  let isClosed = false;
  state.child = start(state);
  const expectQuestions = () => {
    if (!isClosed) becomeWhole(state);
  };
  return {
    expectQuestions,
    async ask(question) {
      if (isClosed) throw new Error('the kernel is shutting down');
      if (needsAll(question)) becomeWhole(state);
      const answer = await put(state, ++asked, question);
      if (isClosed || state.isWhole || question.kind === 'isComplete') return answer;
      // A complaint may be about something of Node's.
      const isAnswered = !('needsAll' in answer || 'complaints' in answer);
      // A cell that compiles goes on its way first.
      if (isAnswered && question.kind === 'compile') setImmediate(expectQuestions);
      else becomeWhole(state);
      return isAnswered ? answer : await put(state, ++asked, question);
    },
    learn(knowledge) {
      learned.push(knowledge);
      if (state.child) send(state.child, { kind: 'learn', knowledge });
    },
    unlearn(count) {
      learned.splice(-count);
      if (!state.child) return;
      send(state.child, { kind: 'forget' });
      teach(state, state.child);
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

/** Whether an answer takes more than the declarations of the language, as far as can be told. */
function needsAll({ kind, code }: Question): boolean {
  return kind === 'complete' || (kind === 'compile' && OUTSIDE.test(code));
}

/** Starts a process that knows what was learned, and is asked what waits for an answer. */
function start(state: State): ChildProcess {
  const { snapshot } = state;
  // Without a snapshot everything is read when it is needed.
  if (!snapshot) state.isWhole = true;
  // A snapshot is for Node as it is without options.
  const { NODE_OPTIONS: _, ...env } = process.env;
  const main = join(__dirname, 'compiler', 'main.js');
  const child = spawn(process.execPath, snapshot ?? [main], {
    stdio: ['ignore', 'ignore', snapshot ? 'ignore' : 'inherit', 'ipc'],
    env,
  });
  endTogether(child);
  listen(state, child);
  teach(state, child);
  for (const [id, { question }] of state.waiting) send(child, { kind: 'question', id, question });
  return child;
}

/** Tells it all that was learned. */
function teach({ learned }: State, child: ChildProcess): void {
  for (const knowledge of learned) send(child, { kind: 'learn', knowledge });
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
      fail(state, signal === 'SIGKILL' ? signal + MEMORY_FULL : (signal ?? `exit code ${code}`));
      return;
    }
    // Node refuses the snapshot, or fails at it: it is damaged.
    discard(contentsOf(state));
    haveSnapshotsMade(state.packages);
    state.snapshot = undefined;
    state.child = start(state);
  });
}

/** What waits for the process waits no longer. */
function fail(state: State, how: string): void {
  state.child = undefined;
  for (const { question, reject } of state.waiting.values()) {
    const what =
      question.kind === 'compile'
        ? 'before the cell ran: run it again'
        : 'before it could tell what the editor asked: ask again';
    reject(new Error(`the compiler ended (${how}) ${what}`));
  }
  state.waiting.clear();
}

/** Ends the process, whatever it is at. */
function end(state: State): void {
  const { child } = state;
  fail(state, 'it was stopped');
  child?.kill('SIGKILL');
}

/** What the snapshot has that the process starts from. */
const contentsOf = ({ isWhole, packages }: State): Contents =>
  isWhole ? ['node', ...packages] : [];

/** Goes over to all declarations. */
function becomeWhole(state: State): void {
  if (state.isWhole) return;
  state.isWhole = true;
  state.snapshot = fromSnapshot(contentsOf(state));
  if (!state.snapshot) haveSnapshotsMade(state.packages);
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
