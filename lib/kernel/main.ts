import { AsyncLocalStorage } from 'node:async_hooks';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { version as typescriptVersion } from '@tslab/typescript-for-tslab';
import { createConverter, isCompleteCode } from 'tslab/dist/converter';
import { createExecutor } from 'tslab/dist/executor';
import { printQuickInfo } from 'tslab/dist/inspect';
import { Publisher, Reply, Router } from 'zeromq';
import { GUARD, guardAwaits } from './awaits';
import { offerBridge } from './bridge';
import { decode, encode, type Header, type Message } from './wire';

interface Cell {
  readonly parent: Header;
  readonly silent: boolean;
  readonly stop: AbortController;
  readonly code: string;
  readonly printed: { stdout: number; stderr: number };
  readonly tail: { stdout: string; stderr: string };
  failure?: { ename: string; evalue: string; traceback: string[] };
  result?: { value: unknown };
}

/** Characters of one stream of a cell that are kept of its beginning, and of its end. */
const KEPT = 500_000;

const path = process.argv[process.argv.indexOf('--connection-file') + 1]!;
const connection = JSON.parse(readFileSync(path, 'utf8'));
const key: string = connection.key;
const iopub = new Publisher({ sendHighWaterMark: 0, linger: 1000 });
const shell = new Router({ linger: 1000 });
const control = new Router({ linger: 1000 });
const stdin = new Router();
const heartbeat = new Reply();
const exit = process.exit.bind(process);

const cells = new AsyncLocalStorage<Cell>();
let latest: Cell | undefined;
let running: Cell | undefined;
let count = 0;
const past: [session: number, line: number, code: string][] = [];
const queue: Message[] = [];
const aborted = new Set<Message>();
let working = false;

/** Sends in order: a zeromq socket takes one message at a time. */
const lines = new Map<object, Promise<void>>();
function send(socket: Publisher | Router, frames: (string | Buffer)[]): Promise<void> {
  const next = (lines.get(socket) ?? Promise.resolve()).then(() => socket.send(frames));
  lines.set(
    socket,
    next.catch(() => undefined),
  );
  return next;
}
const publish = (type: string, content: object, parent?: Header) =>
  send(iopub, encode(key, [type], type, content, parent));
const reply = (socket: Router, to: Message, content: object) =>
  send(
    socket,
    encode(
      key,
      to.identities,
      to.header.msg_type.replace('request', 'reply'),
      content,
      to.header,
    ) as Buffer[],
  );

const owner = () => cells.getStore() ?? running ?? latest;

function print(cell: Cell, name: 'stdout' | 'stderr', text: string): void {
  if (cell.silent) return;
  const room = Math.max(0, KEPT - cell.printed[name]);
  cell.printed[name] += text.length;
  if (room > 0) publish('stream', { name, text: text.slice(0, room) }, cell.parent);
  if (text.length > room) cell.tail[name] = (cell.tail[name] + text.slice(room)).slice(-KEPT);
}

function flush(cell: Cell): void {
  for (const name of ['stdout', 'stderr'] as const) {
    const tail = cell.tail[name];
    if (tail === '') continue;
    const cut = cell.printed[name] - KEPT - tail.length;
    const notice = cut > 0 ? `\n[… ${cut} characters left out …]\n` : '';
    publish('stream', { name, text: notice + tail }, cell.parent);
    cell.tail[name] = '';
  }
}

function describe(error: unknown): NonNullable<Cell['failure']> {
  const ename = error instanceof Error ? error.name : 'Error';
  const evalue = error instanceof Error ? error.message : inspect(error);
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const frames = stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line) && !/tslab|dist.kernel|node:/.test(line));
  return { ename, evalue, traceback: [`\x1b[31m${ename}\x1b[0m: ${evalue}`, ...frames] };
}

/** tslab tells of an exception by one argument, of a type error by a format and four. */
function fail(args: readonly unknown[]): void {
  const cell = running!;
  if (args.length === 1) {
    cell.failure = describe(args[0]);
    return;
  }
  const [, file, line, column, text] = args as [string, string, number, number, string];
  const source = file === '' ? (cell.code.split('\n')[line - 1] ?? '') : '';
  cell.failure ??= { ename: 'TypeError', evalue: text, traceback: [] };
  cell.failure.ename = 'CompileError';
  cell.failure.traceback.push(
    `\x1b[31mCompileError\x1b[0m: ${file}line ${line}, column ${column}: ${text}`,
    ...(source === '' ? [] : [`    ${source}`, `    ${' '.repeat(column - 1)}\x1b[31m^\x1b[0m`]),
  );
}

const converter = createConverter({ isJS: false, isBrowser: false });
const guarded: typeof converter = {
  ...converter,
  convert(before, source) {
    const result = converter.convert(before, source);
    return result.output ? { ...result, output: guardAwaits(result.output) } : result;
  },
};
const executor = createExecutor(
  process.cwd(),
  { node: guarded, browser: guarded, close: () => converter.close() },
  {
    log: (value) => {
      running!.result = { value };
    },
    error: (...args) => fail(args),
  },
);

async function bundleOf(value: unknown): Promise<Record<string, unknown>> {
  const { mimeBundle } = require('../notebook/display') as typeof import('../notebook/display.js');
  const text = { 'text/plain': inspect(value) };
  return typeof value === 'string' ? text : { ...text, ...(await mimeBundle(value)) };
}

async function execute(message: Message): Promise<void> {
  const { code, silent = false, store_history = true, stop_on_error = true } = message.content;
  if (aborted.delete(message)) {
    await reply(shell, message, { status: 'aborted', execution_count: count });
    return;
  }
  const source = String(code);
  const cell: Cell = {
    parent: message.header,
    silent: silent === true,
    stop: new AbortController(),
    code: source,
    printed: { stdout: 0, stderr: 0 },
    tail: { stdout: '', stderr: '' },
  };
  running = cell;
  latest = cell;
  const counted = !cell.silent && store_history !== false;
  if (counted) {
    count += 1;
    past.push([0, count, source]);
  }
  if (!cell.silent) publish('execute_input', { code: source, execution_count: count }, cell.parent);
  try {
    await cells.run(cell, () => executor.execute(source));
    // Gives rejections that nobody awaited the turn in which Node reports them.
    await new Promise((resolve) => setImmediate(resolve));
    if (!cell.failure && cell.result && !cell.silent) {
      const data = await bundleOf(cell.result.value);
      flush(cell);
      publish('execute_result', { data, metadata: {}, execution_count: count }, cell.parent);
    }
  } catch (error) {
    cell.failure = describe(error);
  }
  flush(cell);
  running = undefined;
  if (cell.failure) {
    if (!cell.silent) publish('error', cell.failure, cell.parent);
    if (stop_on_error !== false) await abortQueued();
    await reply(shell, message, { status: 'error', execution_count: count, ...cell.failure });
  } else {
    const ok = { status: 'ok', execution_count: count, payload: [], user_expressions: {} };
    await reply(shell, message, ok);
  }
}

/** Reads what the front end has already sent, before the failure is answered, and marks it. */
async function abortQueued(): Promise<void> {
  for (let before = -1; before !== queue.length; ) {
    before = queue.length;
    await sleep(10);
  }
  for (const message of queue) {
    if (message.header.msg_type === 'execute_request') aborted.add(message);
  }
}

function answer(type: string, content: Message['content']): object | undefined {
  const code = String(content.code ?? '');
  const at = Number(content.cursor_pos ?? code.length);
  switch (type) {
    case 'kernel_info_request':
      return {
        status: 'ok',
        protocol_version: '5.3',
        implementation: 'tslab',
        implementation_version: require('tslab/package.json').version,
        banner: `TypeScript ${typescriptVersion} on Node ${process.version}`,
        language_info: {
          name: 'typescript',
          version: typescriptVersion,
          mimetype: 'text/typescript',
          file_extension: '.ts',
          codemirror_mode: { mode: 'typescript', name: 'javascript', typescript: true },
        },
      };
    case 'is_complete_request': {
      const { completed, indent = '' } = isCompleteCode(code);
      return completed ? { status: 'complete' } : { status: 'incomplete', indent };
    }
    case 'complete_request': {
      const { start, end, candidates } = executor.complete(code, at);
      const found = { matches: candidates, cursor_start: start, cursor_end: end };
      return { status: 'ok', ...found, metadata: {} };
    }
    case 'inspect_request': {
      const info = executor.inspect(code, at);
      const data = info ? { 'text/plain': printQuickInfo(info) } : {};
      return { status: 'ok', found: Boolean(info), data, metadata: {} };
    }
    case 'comm_info_request':
      return { status: 'ok', comms: {} };
    case 'history_request':
      return { status: 'ok', history: historyOf(content) };
  }
  return undefined;
}

function historyOf({ hist_access_type, n, start, stop, pattern, output }: Message['content']) {
  const glob = String(pattern ?? '*').replace(/[.+^${}()|[\]\\]/g, '\\$&');
  const wanted = new RegExp(`^${glob.replace(/\*/g, '.*').replace(/\?/g, '.')}$`, 's');
  const found = past.filter(([, line, code]) => {
    if (hist_access_type === 'search') return wanted.test(code);
    if (hist_access_type !== 'range') return true;
    return line >= Number(start ?? 0) && line < Number(stop ?? Number.POSITIVE_INFINITY);
  });
  const last = hist_access_type === 'range' || n === undefined ? found : found.slice(-Number(n));
  return last.map(([s, line, code]) => [s, line, output ? [code, null] : code]);
}

function interrupt(): void {
  const error = new Error('the cell was interrupted');
  error.name = 'Interrupted';
  running?.stop.abort(error);
  executor.interrupt();
}

async function handle(socket: Router, message: Message): Promise<void> {
  const { header, content } = message;
  publish('status', { execution_state: 'busy' }, header);
  try {
    if (header.msg_type === 'execute_request') await execute(message);
    else if (header.msg_type === 'interrupt_request') {
      interrupt();
      await reply(socket, message, { status: 'ok' });
    } else if (header.msg_type === 'shutdown_request') {
      await reply(socket, message, { status: 'ok', restart: content.restart === true });
      await publish('status', { execution_state: 'idle' }, header);
      // Whatever timers a cell left; the sockets get a moment to deliver.
      await sleep(100);
      exit(0);
    } else {
      const found = answer(header.msg_type, content);
      if (found) await reply(socket, message, found);
    }
  } catch (error) {
    await reply(socket, message, { status: 'error', ...describe(error) });
  }
  await publish('status', { execution_state: 'idle' }, header);
}

async function work(): Promise<void> {
  if (working) return;
  working = true;
  for (let next = queue.shift(); next; next = queue.shift()) await handle(shell, next);
  working = false;
}

async function listen(socket: Router, take: (message: Message) => void): Promise<void> {
  for await (const frames of socket) {
    const message = decode(key, frames);
    if (message) take(message);
  }
}

function stray(error: unknown): void {
  const cell = owner();
  if (!cell || cell.stop.signal.aborted) return;
  if (cell === running) cell.failure ??= describe(error);
  else publish('error', describe(error), cell.parent);
}

async function main(): Promise<void> {
  for (const name of ['stdout', 'stderr'] as const) {
    process[name].write = ((data: string | Uint8Array) => {
      const cell = owner();
      if (cell) print(cell, name, typeof data === 'string' ? data : Buffer.from(data).toString());
      return true;
    }) as typeof process.stdout.write;
  }
  process.exit = ((code?: number) => {
    throw new Error(`process.exit(${code ?? ''}) would end the kernel; throw an error instead`);
  }) as typeof process.exit;
  Object.assign(globalThis, {
    [GUARD]: async (value: unknown) => {
      const got = await value;
      cells.getStore()?.stop.signal.throwIfAborted();
      return got;
    },
  });
  offerBridge({
    display(data, options = {}) {
      const transient = options.displayId === undefined ? {} : { display_id: options.displayId };
      const type = options.update ? 'update_display_data' : 'display_data';
      publish(type, { data, metadata: {}, transient }, owner()?.parent);
    },
    clearOutput: (wait = false) => void publish('clear_output', { wait }, owner()?.parent),
    signal: () => owner()?.stop.signal ?? new AbortController().signal,
  });
  process.on('SIGINT', interrupt);
  process.on('uncaughtException', stray);
  process.on('unhandledRejection', stray);
  const address = (port: number) => `${connection.transport}://${connection.ip}:${port}`;
  await Promise.all([
    iopub.bind(address(connection.iopub_port)),
    shell.bind(address(connection.shell_port)),
    control.bind(address(connection.control_port)),
    stdin.bind(address(connection.stdin_port)),
    heartbeat.bind(address(connection.hb_port)),
  ]);
  listen(control, (message) => void handle(control, message));
  listen(shell, (message) => {
    queue.push(message);
    work();
  });
  for await (const beat of heartbeat) await heartbeat.send(beat);
}

main();
