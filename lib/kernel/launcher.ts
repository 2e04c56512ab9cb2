import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Entry, type HistoryRequest, historyItems } from './history';
import type { Listener } from './interpreterProcess';
import type { Answer, Failure, Outcome } from './messages';
import { newOpenComms } from './openComms';
import { openNotebook } from './openNotebook';
import { type Cell, startProcesses } from './processes';
import type { Setup } from './setup';
import type { Channel, Sockets } from './sockets';
import { type Header, type Message, PROTOCOL_VERSION } from './wire';

/** How long, in milliseconds, no message must come before a queue counts as read to its end. */
const QUIET_MS = 10;
/** How long, in milliseconds, an interrupted cell may run on before its user is told what to do. */
const UNSTOPPABLE_MS = 5000;
/** How often, in milliseconds, the kernel looks whether the one who started it still lives. */
const ORPHAN_CHECK_MS = 1000;

/** What is answered while a cell runs. */
const ASIDE = new Set(['complete_request', 'inspect_request', 'is_complete_request']);

/**
 * The side of the kernel that speaks Jupyter's protocol. Cells are compiled and run in processes
 * of their own, so this one answers heartbeats, interrupts and a shutdown whatever a cell is doing,
 * and outlives a cell that kills its process.
 *
 * @param notice printed above the output of the first cell
 */
export function launch(sockets: Sockets, setup: Setup, notice?: string): void {
  /** Which message a cell came with, for what it says after its end as well. */
  const parents = new Map<number, Message>();
  const past: Entry[] = [];
  const queue: { readonly channel: Channel; readonly message: Message }[] = [];
  const aborted = new Set<Message>();
  const comms = newOpenComms();
  let requests = 0;
  let count = 0;
  let working = false;
  /** The id of the cell that is carried out; 0 for none. */
  let running = 0;
  let warning = notice;
  let last: Message | undefined;
  /** Whether the running cell was told to stop and could not: the next interrupt ends its process. */
  let unstoppable = false;
  const listener: Listener = {
    publish: (id, type, content, extras) => {
      comms.note(type, content as Message['content']);
      void sockets.publish(type, content, parents.get(id)?.header, extras);
    },
    ask: (id, prompt, password) => {
      const message = parents.get(id);
      if (message) void sockets.send('stdin', message, 'input_request', { prompt, password });
    },
    // What a program that a cell started, or native code, wrote past the cell's own streams.
    print: (name, text) => void sockets.publish('stream', { name, text }, last?.header),
  };
  const processes = startProcesses(listener, setup, openNotebook());

  /** Begins anew; no comm outlives the process that it led to. */
  async function restart(): Promise<void> {
    for (const comm_id of Object.keys(comms.list())) {
      const content = { comm_id, data: {} };
      comms.note('comm_close', content);
      void sockets.publish('comm_close', content);
    }
    await processes.restart();
  }

  /** Has a cell carried out; if its process dies, says so and starts a new one. */
  async function perform(cell: Cell, message: Message): Promise<Outcome> {
    const id = ++requests;
    parents.set(id, message);
    last = message;
    const died = processes.death();
    if (died !== undefined) {
      // Nothing ran then: the cell that comes next is none the worse for it.
      await restart();
      const { evalue } = describeDeath(died);
      void sockets.publish('stream', { name: 'stderr', text: `${evalue}\n` }, message.header);
    }
    running = id;
    try {
      return await processes.execute(id, cell);
    } catch (error) {
      const failure = describeDeath(error instanceof Error ? error.message : String(error));
      await restart();
      if (!cell.silent) void sockets.publish('error', failure, message.header);
      return { content: { status: 'error', ...failure } };
    } finally {
      running = 0;
      unstoppable = false;
    }
  }

  async function execute(message: Message): Promise<Answer> {
    const { content } = message;
    const code = String(content.code ?? '');
    const silent = content.silent === true;
    const entry = silent || content.store_history === false ? undefined : { line: ++count, code };
    if (entry) past.push(entry);
    if (!silent) {
      void sockets.publish('execute_input', { code, execution_count: count }, message.header);
      if (warning !== undefined) {
        const text = `${warning}\n`;
        void sockets.publish('stream', { name: 'stderr', text }, message.header);
        warning = undefined;
      }
    }
    const cell: Cell = {
      code,
      label: entry ? `In [${entry.line}]` : 'In [ ]',
      count,
      silent,
      allowInput: content.allow_stdin === true,
      expressions: (content.user_expressions ?? {}) as Record<string, string>,
    };
    const { content: answer, resultText } = await perform(cell, message);
    if (entry && resultText !== undefined) Object.assign(entry, { output: resultText });
    if (answer.status === 'error' && content.stop_on_error !== false) await abortQueued();
    return { ...answer, execution_count: count };
  }

  /** Marks what the front end sent before it learns of a failure. */
  async function abortQueued(): Promise<void> {
    for (let before = -1; before !== queue.length; await sleep(QUIET_MS)) before = queue.length;
    for (const { message } of queue) {
      if (message.header.msg_type === 'execute_request') aborted.add(message);
    }
  }

  async function answer(message: Message): Promise<object | undefined> {
    const { content } = message;
    const code = String(content.code ?? '');
    const cursor = Number(content.cursor_pos ?? code.length);
    switch (message.header.msg_type) {
      case 'execute_request':
        if (aborted.delete(message)) return { status: 'aborted', execution_count: count };
        return await execute(message);
      case 'complete_request':
        return await processes.ask({ kind: 'complete', code, cursor });
      case 'inspect_request':
        return await processes.ask({ kind: 'inspect', code, cursor });
      case 'is_complete_request':
        return await processes.ask({ kind: 'isComplete', code });
      case 'kernel_info_request':
        return KERNEL_INFO;
      case 'history_request':
        return { status: 'ok', history: historyItems(past, content as HistoryRequest) };
      case 'comm_info_request':
        return { status: 'ok', comms: comms.list(content.target_name) };
      case 'interrupt_request':
        interrupt();
        return { status: 'ok' };
      case 'comm_open':
      case 'comm_msg':
      case 'comm_close':
        await passToComm(message);
        return undefined;
    }
    return undefined;
  }

  async function passToComm(message: Message): Promise<void> {
    const { header, content, metadata, buffers } = message;
    const id = ++requests;
    parents.set(id, message);
    comms.note(header.msg_type, content);
    await processes.pass({
      kind: 'comm',
      id,
      type: header.msg_type,
      content,
      metadata,
      buffers: buffers.map((buffer) => buffer.toString('base64')),
    });
    parents.delete(id);
  }

  async function handle(channel: Channel, message: Message): Promise<void> {
    const { header } = message;
    void sockets.publish('status', { execution_state: 'busy' }, header);
    const reply = await answer(message).catch(refusal);
    if (reply) {
      await sockets.send(channel, message, header.msg_type.replace('_request', '_reply'), reply);
    }
    await sockets.publish('status', { execution_state: 'idle' }, header);
  }

  /** Has a message's turn come after those that came before it. */
  function enqueue(channel: Channel, message: Message): void {
    queue.push({ channel, message });
    if (!working) void work();
  }

  /** Goes through the queue, one message at a time. */
  async function work(): Promise<void> {
    working = true;
    for (let next = queue.shift(); next; next = queue.shift()) {
      await handle(next.channel, next.message);
    }
    working = false;
  }

  function interrupt(): void {
    if (unstoppable) {
      void processes.kill();
      return;
    }
    processes.interrupt(running);
    if (running !== 0) setTimeout(tellIfRunning, UNSTOPPABLE_MS, running).unref();
  }

  /** A synchronous loop in a library, or in a regular expression, looks at nothing. */
  function tellIfRunning(id: number): void {
    if (running !== id || unstoppable) return;
    unstoppable = true;
    const text =
      'This cell cannot be stopped: it is in code that never looks up. Interrupt once more to end its ' +
      'process, or restart the kernel; either way the variables are lost.\n';
    void sockets.publish('stream', { name: 'stderr', text }, parents.get(id)?.header);
  }

  process.on('SIGINT', interrupt);

  async function shutDown(message: Message): Promise<void> {
    const { header, content } = message;
    void sockets.publish('status', { execution_state: 'busy' }, header);
    const reply = { status: 'ok', restart: content.restart === true };
    await Promise.all([
      sockets.send('control', message, 'shutdown_reply', reply),
      sockets.publish('shutdown_reply', reply, header),
      sockets.publish('status', { execution_state: 'idle' }, header),
    ]);
    await end(0);
  }

  async function end(code: number): Promise<void> {
    await processes.close();
    process.exit(code);
  }

  process.on('SIGTERM', () => void end(0));
  endWithParent(() => void end(1));
  sockets.listen('control', (message) => {
    const { msg_type } = message.header;
    if (msg_type === 'shutdown_request') void shutDown(message);
    // One cell runs at a time, whichever way it came.
    else if (msg_type === 'execute_request') enqueue('control', message);
    else void handle('control', message);
  });
  sockets.listen('shell', (message) => {
    // What has opened a comm hears it while it awaits; before that, the comm has its turn.
    const { header, content } = message;
    const isHeard = isForComm(header) && comms.has(content.comm_id);
    if (!ASIDE.has(header.msg_type) && !isHeard) {
      enqueue('shell', message);
      return;
    }
    void handle('shell', message).then(() => {
      // Front ends go by the last state they heard of, whoever asked.
      const cell = parents.get(running);
      if (cell) void sockets.publish('status', { execution_state: 'busy' }, cell.header);
    });
  });
  sockets.listen('stdin', ({ header, content }) => {
    if (header.msg_type === 'input_reply') {
      processes.input(running, String(content.value ?? ''));
    }
  });
  void sockets.publish('status', { execution_state: 'starting' });
}

const isForComm = ({ msg_type }: Header) => msg_type === 'comm_msg' || msg_type === 'comm_close';

const KERNEL_INFO = {
  status: 'ok',
  protocol_version: PROTOCOL_VERSION,
  implementation: 'tslab',
  implementation_version: versionOf('tslab'),
  banner: `TypeScript ${versionOf('typescript')} on Node ${process.version}`,
  language_info: {
    name: 'typescript',
    version: versionOf('typescript'),
    mimetype: 'text/typescript',
    file_extension: '.ts',
    pygments_lexer: 'typescript',
    codemirror_mode: 'typescript',
    nbconvert_exporter: 'script',
  },
  help_links: [
    { text: 'TypeScript', url: 'https://www.typescriptlang.org/docs/' },
    { text: 'TensorFlow.js', url: 'https://js.tensorflow.org/api/latest/' },
  ],
  supported_features: [],
};

/** Read from the package's file: loading TypeScript itself would take half a second. */
function versionOf(name: string): string {
  const path = require.resolve(`${name}/package.json`);
  return (JSON.parse(readFileSync(join(dirname(path), 'package.json'), 'utf8')) as Package).version;
}

interface Package {
  readonly version: string;
}

/** What a request that cannot be answered gets, a malformed one for instance. */
function refusal(error: unknown): Answer {
  const evalue = error instanceof Error ? error.message : String(error);
  return { status: 'error', ename: 'KernelError', evalue, traceback: [evalue] };
}

function describeDeath(how: string): Failure {
  const evalue =
    `the process that runs the cells ended (${how}); its variables are gone and a new one was ` +
    'started: run the notebook again from its first cell';
  return { ename: 'KernelDied', evalue, traceback: [`\x1b[31mKernelDied\x1b[39m: ${evalue}`] };
}

/** A kernel whose Jupyter was killed would otherwise run on with nobody to stop it. */
function endWithParent(end: () => void): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) end();
  }, ORPHAN_CHECK_MS).unref();
}
