import { type Entry, type HistoryRequest, historyItems } from './history';
import { KERNEL_INFO } from './kernelInfo';
import type { Answer } from './messages';
import { newMissed } from './missed';
import type { Cell } from './processes';
import type { Queue } from './queue';
import type { Running } from './running';
import type { Setup } from './setup';
import type { Sockets } from './sockets';
import type { Message } from './wire';

/** Answers what a front end asks; a comm's messages have no answer. */
export type Answering = (message: Message) => Promise<object | undefined>;

/** Where a project brings no function of its own for it. */
const SHOW_AGAIN = "globalThis[Symbol.for('Jupyter.kernel')].showAgain";

/** Runs what front ends want run, and keeps the count and the history of a session. */
interface Executing {
  execute(message: Message): Promise<Answer>;
  readonly past: readonly Entry[];
  /** The number of the last cell. */
  count(): number;
}

function newExecuting(
  sockets: Sockets,
  running: Running,
  queue: () => Queue,
  setup: Setup,
  notice?: string,
): Executing {
  const past: Entry[] = [];
  const missed = newMissed(setup.showAgain ?? SHOW_AGAIN);
  let count = 0;
  let warning = notice;

  /** Shows the front ends what is run, and what there is to say before it. */
  function begin({ header }: Message, code: string): void {
    void sockets.publish('execute_input', { code, execution_count: count }, header);
    for (const text of [warning, missed.told(header.session)]) {
      if (text === undefined) continue;
      void sockets.publish('stream', { name: 'stderr', text: `${text}\n` }, header);
    }
    warning = undefined;
  }

  async function execute(message: Message): Promise<Answer> {
    const { content } = message;
    const code = String(content.code ?? '');
    const silent = content.silent === true;
    const entry = silent || content.store_history === false ? undefined : { line: ++count, code };
    if (entry) past.push(entry);
    if (!silent) begin(message, code);
    const cell: Cell = {
      code,
      label: entry ? `In [${entry.line}]` : 'In [ ]',
      count,
      silent,
      allowInput: content.allow_stdin === true,
      expressions: (content.user_expressions ?? {}) as Record<string, string>,
    };
    const begun = performance.now();
    const { content: answer, resultText } = await running.perform(cell, message);
    missed.ran(message.header.session, count, performance.now() - begun);
    if (entry && resultText !== undefined) Object.assign(entry, { output: resultText });
    if (answer.status === 'error' && content.stop_on_error !== false) await queue().abort();
    return { ...answer, execution_count: count };
  }

  return { execute, past, count: () => count };
}

/** @param notice printed above the output of the first cell */
export function newAnswering(
  sockets: Sockets,
  running: Running,
  queue: () => Queue,
  setup: Setup,
  notice?: string,
): Answering {
  const { processes, comms } = running;
  const { execute, past, count } = newExecuting(sockets, running, queue, setup, notice);
  return async (message) => {
    const { content } = message;
    const code = String(content.code ?? '');
    const cursor = Number(content.cursor_pos ?? code.length);
    switch (message.header.msg_type) {
      case 'execute_request':
        if (queue().isAborted(message)) return { status: 'aborted', execution_count: count() };
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
        // JupyterLab and consoles ask for it when they open, programs that carry notebooks out do not.
        processes.expectQuestions();
        return { status: 'ok', history: historyItems(past, content as HistoryRequest) };
      case 'comm_info_request':
        return { status: 'ok', comms: comms.list(content.target_name) };
      case 'interrupt_request':
        running.interrupt();
        return { status: 'ok' };
      case 'comm_open':
      case 'comm_msg':
      case 'comm_close':
        await passToComm(message, running, sockets);
    }
    return undefined;
  };
}

/** Passes a comm's message on; where it is too long for that, says so. */
async function passToComm(
  message: Message,
  { parents, comms, processes }: Running,
  sockets: Sockets,
): Promise<void> {
  const { header, content, metadata, buffers } = message;
  const id = parents.add(message);
  comms.note(header.msg_type, content);
  try {
    const texts = buffers.map((buffer) => buffer.toString('base64'));
    const order = { kind: 'comm', type: header.msg_type, content, metadata } as const;
    await processes.pass({ ...order, id, buffers: texts });
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const megabytes = buffers.reduce((sum, { byteLength }) => sum + byteLength, 0) / 1e6;
    const text =
      `A message to a widget, with ${megabytes.toFixed(0)} MB of binary data, did not reach the ` +
      `cells: ${error.message}; send it in parts.\n`;
    void sockets.publish('stream', { name: 'stderr', text }, header);
  } finally {
    parents.remove(id);
  }
}
