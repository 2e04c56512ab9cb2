import { type Kernel, offerKernel } from '../kernel';
import type { CommOrder, Order, Outcome, Program, Report, Task } from '../messages';
import type { Setup } from '../setup';
import { startCells } from './cells';
import { createComms } from './comms';
import { loadCompanions } from './companions';
import type { Cell } from './execution';
import { hideCompiling } from './functionTexts';
import { watchForInterrupts } from './interrupts';
import { gatherStreams, redirectStreams, type Streams } from './output';
import { interruptPrograms } from './programs';
import { newRecords, type Shown } from './records';
import { resultBundle } from './result';
import { orStop } from './stop';
import { stoppableTimers } from './timers';

/** The process that runs cells: takes tasks from the launcher, one at a time, and reports. */

type Execution = Extract<Task, { kind: 'execute' }>;

const exit = process.exit.bind(process);
const toLauncher = process.send!.bind(process);
// Cells are not to take this process for a worker that they may speak for.
Reflect.deleteProperty(process, 'send');
process.on('disconnect', () => exit());
// An interrupt comes another way; the signal itself is for programs that cells start.
process.on('SIGINT', () => undefined);

const setup = JSON.parse(process.argv[2] ?? '{}') as Setup;
/** What `ask` throws where nobody can be asked. */
class NoInput extends Error {
  override name = 'InputError';
}

const cells = startCells(process.cwd(), setup.brief);
const executions = new Map<
  number,
  {
    readonly task: Execution;
    readonly streams: Streams;
    /** Settles when its last prompt was answered: a front end shows one at a time. */
    asked: Promise<unknown>;
  }
>();
let typed: { readonly id: number; readonly take: (text: string) => void } | undefined;

const records = newRecords();

function report(message: Report): void {
  if (message.kind === 'publish') {
    const line = executions.get(message.id)?.task.count;
    if (line !== undefined) records.note(line, message.type, message.content as Shown['content']);
  }
  toLauncher(message);
}

/** Publishes for the cell that the running code belongs to, after what it printed before. */
function publish(type: string, content: object, cell = cells.current()): void {
  const execution = cell && executions.get(cell.id);
  if (!cell || !execution || execution.task.silent) return;
  execution.streams.flush();
  report({ kind: 'publish', id: cell.id, type, content });
}

function print(name: 'stdout' | 'stderr', text: string): void {
  const cell = cells.current();
  if (cell) executions.get(cell.id)?.streams.write(name, text);
}

/** Sends what the cell has printed so far. */
function flush(cell = cells.current()): void {
  if (cell) executions.get(cell.id)?.streams.flush();
}

const { comms, take: takeComm } = createComms(
  (type, content, extras, id) => {
    flush();
    report({ kind: 'publish', id: id ?? cells.current()?.id ?? 0, type, content, extras });
  },
  (callback) => {
    const whole = async (...given: Parameters<typeof callback>) => {
      try {
        await callback(...given);
      } finally {
        flush();
      }
    };
    return cells.bind(whole, (cell, failure) => publish('error', failure, cell));
  },
);

function showAgain(line?: number) {
  const own = executions.get(cells.current()?.id ?? 0)?.task.count;
  const lines = records.lines().filter((one) => one !== own);
  const wanted = line ?? lines.at(-1);
  const shown = wanted !== undefined && lines.includes(wanted);
  for (const { type, content } of shown ? [...records.of(wanted)] : []) {
    if (type === 'stream') publish(type, content);
    else if (type === 'error') {
      // An error would say that this cell has failed.
      const { traceback } = content as { traceback: readonly string[] };
      publish('stream', { name: 'stderr', text: `${traceback.join('\n')}\n` });
    } else {
      const { data, metadata, transient = {} } = content;
      publish('display_data', { data, metadata, transient });
    }
  }
  return { shown, lines };
}

const kernel: Kernel = {
  display(data, options) {
    const transient = options === undefined ? {} : { display_id: options.displayId };
    const type = options?.update ? 'update_display_data' : 'display_data';
    publish(type, { data, metadata: {}, transient });
  },
  clearOutput: (wait) => publish('clear_output', { wait }),
  signal: () => cells.current()?.stop.signal,
  ask: (prompt, password) => ask(cells.current(), prompt, password),
  variables: () => cells.variables,
  showAgain,
  comms,
};

async function hearComm(order: CommOrder): Promise<void> {
  try {
    await takeComm(order);
  } finally {
    report({ kind: 'handled', id: order.id });
  }
}

async function ask(cell: Cell | undefined, prompt: string, password: boolean): Promise<string> {
  const execution = cell && executions.get(cell.id);
  if (!cell || !execution?.task.allowInput) {
    throw new NoInput(
      `nobody can answer "${prompt}" here: this front end takes no input; open it with npm start`,
    );
  }
  const { id, stop } = cell;
  const answer = execution.asked.then(() => {
    stop.signal.throwIfAborted();
    execution.streams.flush();
    const text = new Promise<string>((take) => {
      typed = { id, take };
    });
    report({ kind: 'ask', id, prompt, password });
    return orStop(text, stop);
  });
  execution.asked = answer.catch(() => undefined);
  return await answer;
}

async function execute(id: number, task: Execution): Promise<Outcome> {
  const send = (name: 'stdout' | 'stderr', text: string) => {
    if (!task.silent) report({ kind: 'publish', id, type: 'stream', content: { name, text } });
  };
  const streams = gatherStreams(send);
  executions.set(id, { task, streams, asked: Promise.resolve() });
  if (task.code.includes('tslab')) offerTslabDisplay();
  loadCompanions(setup, (name) => task.code.includes(name));
  const cell = await cells.run(id, task.label, task.code, task.program, show);
  const { kept, shown: bundle } = cell;
  streams.end();
  if (cell.failure) {
    publish('error', cell.failure, cell);
    return { content: { status: 'error', ...cell.failure }, kept };
  }
  if (bundle) {
    const content = { data: bundle, metadata: {}, execution_count: task.count };
    publish('execute_result', content, cell);
  }
  const content = { status: 'ok', payload: [] };
  return { content, kept, ...(bundle && { resultText: bundle['text/plain'] }) };
}

const show = (value: unknown) => resultBundle(value, setup.display);

async function evaluate(id: number, code: string, program: Program): Promise<Outcome> {
  const cell = await cells.run(id, 'expression', code, program, show);
  const data = cell.shown ?? { 'text/plain': 'undefined' };
  const content = cell.failure
    ? { status: 'error', ...cell.failure }
    : { status: 'ok', data, metadata: {} };
  return { content, kept: cell.kept };
}

/** tslab's own `display`, for cells that import it, writes through a variable of its module. */
function offerTslabDisplay(): void {
  const jupyter = require('tslab/dist/jupyter') as { lastWriteDisplayData: unknown };
  jupyter.lastWriteDisplayData ??= (content: object, update: boolean) =>
    publish(update ? 'update_display_data' : 'display_data', content);
}

async function take(id: number, task: Task): Promise<void> {
  let outcome: Outcome;
  try {
    outcome = await (task.kind === 'execute'
      ? execute(id, task)
      : evaluate(id, task.code, task.program));
  } catch (error) {
    const evalue = error instanceof Error ? error.message : String(error);
    outcome = { content: { status: 'error', ename: 'KernelError', evalue, traceback: [evalue] } };
  }
  report({ kind: 'answer', id, ...outcome });
}

function stray(error: unknown): void {
  const blamed = cells.blame(error);
  if (blamed?.late) publish('error', blamed.late, blamed.cell);
}

// A library may be many calls deep where it throws, and the cell's own lines lie below those.
Error.stackTraceLimit = 100;
hideCompiling();
offerKernel(kernel);
stoppableTimers(() => cells.current()?.stop);
redirectStreams(print);
interruptPrograms();
process.exit = ((code?: number) => {
  throw new Error(
    `process.exit(${code ?? ''}) would end the kernel with all its variables; ` +
      'to end the cell, throw an error',
  );
}) as typeof process.exit;
for (const event of ['uncaughtException', 'unhandledRejection'] as const) process.on(event, stray);
// Libraries add listeners of their own that end the process (tfjs' wasm backend does): not here.
process.on('newListener', (event, listener) => {
  if (event !== 'uncaughtException' && event !== 'unhandledRejection') return;
  queueMicrotask(() => process.off(event, listener));
});
process.on('message', (order: Order) => {
  watchForInterrupts(cells.interrupt);
  if (order.kind === 'task') void take(order.id, order.task);
  else if (order.kind === 'comm') void hearComm(order);
  else if (order.kind === 'preload') {
    loadCompanions(setup, (name) => order.packages.includes(name));
    cells.preload(order.packages);
  } else if (order.id === typed?.id) typed.take(order.text);
});
