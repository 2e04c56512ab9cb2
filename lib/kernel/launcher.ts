import type { Answer } from './messages';
import { newQueue, type Queue } from './queue';
import { newAnswering } from './requests';
import { type Running, startRunning } from './running';
import type { Setup } from './setup';
import type { Channel, Sockets } from './sockets';
import type { Header, Message } from './wire';

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
  const running = startRunning(sockets, setup);
  const answer = newAnswering(sockets, running, () => queue, setup, notice);

  async function handle(channel: Channel, message: Message): Promise<void> {
    const { header } = message;
    void sockets.publish('status', { execution_state: 'busy' }, header);
    const reply = await answer(message).catch(refusal);
    if (reply) {
      await sockets.send(channel, message, header.msg_type.replace('_request', '_reply'), reply);
    }
    await sockets.publish('status', { execution_state: 'idle' }, header);
  }
  const queue = newQueue(handle, (waiting) => {
    const cells = waiting.filter(({ header }) => header.msg_type === 'execute_request');
    const codes = cells.map(({ content }) => content.code);
    // One that is no text is refused at its turn.
    if (codes.every((code) => typeof code === 'string')) running.processes.foresee(codes);
  });

  async function end(code: number): Promise<void> {
    await running.processes.close();
    process.exit(code);
  }

  process.on('SIGINT', running.interrupt);
  process.on('SIGTERM', () => void end(0));
  endWithParent(() => void end(1));
  sockets.listen('control', (message) => {
    const { msg_type } = message.header;
    if (msg_type === 'shutdown_request') void sayGoodbye(sockets, message).then(() => end(0));
    // One cell runs at a time, whichever way it came.
    else if (msg_type === 'execute_request') queue.add('control', message);
    else void handle('control', message);
  });
  listenToShell(sockets, running, queue, (message) => handle('shell', message));
  sockets.listen('stdin', ({ header, content }) => {
    if (header.msg_type === 'input_reply') running.input(String(content.value ?? ''));
  });
  void sockets.publish('status', { execution_state: 'starting' });
}

/** Has messages wait for their turn, but for those that are answered while a cell runs. */
function listenToShell(
  sockets: Sockets,
  running: Running,
  queue: Queue,
  handle: (message: Message) => Promise<void>,
): void {
  sockets.listen('shell', (message) => {
    // What has opened a comm hears it while it awaits; before that, the comm has its turn.
    const { header, content } = message;
    const isHeard = isForComm(header) && running.comms.has(content.comm_id);
    if (!ASIDE.has(header.msg_type) && !isHeard) {
      queue.add('shell', message);
      return;
    }
    void handle(message).then(() => {
      // Front ends go by the last state they heard of, whoever asked.
      const cell = running.current();
      if (cell) void sockets.publish('status', { execution_state: 'busy' }, cell.header);
    });
  });
}

const isForComm = ({ msg_type }: Header) => msg_type === 'comm_msg' || msg_type === 'comm_close';

async function sayGoodbye(sockets: Sockets, message: Message): Promise<void> {
  const { header, content } = message;
  void sockets.publish('status', { execution_state: 'busy' }, header);
  const reply = { status: 'ok', restart: content.restart === true };
  await Promise.all([
    sockets.send('control', message, 'shutdown_reply', reply),
    sockets.publish('shutdown_reply', reply, header),
    sockets.publish('status', { execution_state: 'idle' }, header),
  ]);
}

/** What a request that cannot be answered gets, a malformed one for instance. */
function refusal(error: unknown): Answer {
  const evalue = error instanceof Error ? error.message : String(error);
  return { status: 'error', ename: 'KernelError', evalue, traceback: [evalue] };
}

/** A kernel whose Jupyter was killed would otherwise run on with nobody to stop it. */
function endWithParent(end: () => void): void {
  const parent = process.ppid;
  // Jupyter tells its number, on Windows a handle. It may have ended while all this was loaded.
  const told = process.platform === 'win32' ? undefined : process.env.JPY_PARENT_PID;
  const jupyter = Number(told ?? parent);
  const isLate = jupyter !== parent && !isRunning(jupyter);
  setInterval(() => {
    if (isLate || process.ppid !== parent) end();
  }, ORPHAN_CHECK_MS).unref();
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
