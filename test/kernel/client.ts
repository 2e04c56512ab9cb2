import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Dealer, Request, Subscriber } from 'zeromq';
import { kernelspec } from '../../lib/kernel/kernelspec';
import { decode, encode, type Message } from '../../lib/kernel/wire';
import { temporaryFolder } from '../temporaryFolder';

/** A front end of the kernel, on the wire, for tests. */
export interface Client {
  readonly process: ChildProcess;
  /** Sends a request; the answer's content, all that was published for it, and how long it took. */
  request(type: string, content?: object, channel?: 'shell' | 'control'): Pending;
  /** Runs code and waits for its end. */
  run(code: string, options?: object): Promise<Ran>;
  /** Presses the stop button. */
  interrupt(): Promise<void>;
  /** Answers prompts, one after the other. */
  answers: string[];
  /** Whether a heartbeat comes back. */
  beat(): Promise<boolean>;
  close(): Promise<void>;
}

export interface Output {
  readonly type: string;
  readonly content: Record<string, unknown>;
}

export interface Ran {
  readonly reply: Record<string, unknown>;
  /** Everything published for the request but its states. */
  readonly outputs: Output[];
}

export interface Pending extends Promise<Ran> {
  /** Grows while the request is worked at, and after it. */
  readonly outputs: Output[];
  readonly replied: Promise<Record<string, unknown>>;
}

const KEY = 'secret';

/** Starts the kernel in a folder and connects to it. */
export async function startKernel(cwd = join(__dirname, '..', '..', 'notebooks')): Promise<Client> {
  const [shell, control, stdin, iopub, heartbeat] = await freePorts(5);
  const connection = join(temporaryFolder(), 'connection.json');
  const file = {
    transport: 'tcp',
    ip: '127.0.0.1',
    key: KEY,
    signature_scheme: 'hmac-sha256',
    shell_port: shell,
    control_port: control,
    stdin_port: stdin,
    iopub_port: iopub,
    hb_port: heartbeat,
  };
  writeFileSync(connection, JSON.stringify(file));
  const [program, ...args] = kernelspec().argv.map((arg) =>
    arg === '{connection_file}' ? connection : arg,
  );
  const child = spawn(program!, args, {
    cwd,
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const identity = randomUUID();
  const dealer = (port: number | undefined) => {
    const socket = new Dealer({ routingId: identity, linger: 0, sendHighWaterMark: 0 });
    socket.connect(`tcp://127.0.0.1:${port}`);
    return socket;
  };
  const sockets = { shell: dealer(shell), control: dealer(control), stdin: dealer(stdin) };
  const published = new Subscriber({ linger: 0, receiveHighWaterMark: 0 });
  published.connect(`tcp://127.0.0.1:${iopub}`);
  published.subscribe();
  const beats = new Request({ linger: 0 });
  beats.connect(`tcp://127.0.0.1:${heartbeat}`);

  const outputs = new Map<string, Output[]>();
  const replies = new Map<string, (content: Record<string, unknown>) => void>();
  const idle = new Map<string, () => void>();
  const parentOf = (frames: Buffer[]) => {
    const at = frames.findIndex((frame) => frame.toString() === '<IDS|MSG>');
    return String(JSON.parse(frames[at + 3]!.toString()).msg_id);
  };
  const read = async (socket: Dealer | Subscriber, take: (m: Message, parent: string) => void) => {
    try {
      for await (const frames of socket) {
        const message = decode(KEY, frames);
        if (!message) throw new Error('the kernel signed a message wrongly');
        take(message, parentOf(frames));
      }
    } catch (error) {
      if (!(socket.closed || (error as Error).message.includes('closed'))) throw error;
    }
  };
  void read(sockets.shell, ({ content }, parent) => replies.get(parent)?.(content));
  void read(sockets.control, ({ content }, parent) => replies.get(parent)?.(content));
  void read(published, ({ header, content }, parent) => {
    if (content.execution_state === 'idle') idle.get(parent)?.();
    if (header.msg_type !== 'status') outputs.get(parent)?.push({ type: header.msg_type, content });
  });
  const sending = new Map<Dealer, Promise<void>>();
  const send = (socket: Dealer, type: string, content: object) => {
    const frames = encode(KEY, [], type, content, undefined);
    const before = sending.get(socket) ?? Promise.resolve();
    sending.set(
      socket,
      before.then(() => socket.send(frames)),
    );
    return String(JSON.parse(frames[2]!.toString()).msg_id);
  };
  const answers: string[] = [];
  void read(sockets.stdin, ({ header }) => {
    if (header.msg_type === 'input_request') {
      send(sockets.stdin, 'input_reply', { status: 'ok', value: answers.shift() ?? '' });
    }
  });

  const request: Client['request'] = (type, content = {}, channel = 'shell') => {
    const id = send(sockets[channel], type, content);
    const got: Output[] = [];
    outputs.set(id, got);
    const replied = new Promise<Record<string, unknown>>((resolve) => replies.set(id, resolve));
    const done = new Promise<void>((resolve) => idle.set(id, resolve));
    const ran = Promise.all([replied, done]).then(([reply]) => ({ reply, outputs: got }));
    return Object.assign(ran, { outputs: got, replied });
  };
  const client: Client = {
    process: child,
    request,
    answers,
    run: (code, options = {}) =>
      request('execute_request', { code, silent: false, store_history: true, ...options }),
    async interrupt() {
      await request('interrupt_request', {}, 'control').replied;
    },
    async beat() {
      await beats.send('ping');
      return (await beats.receive()).toString() === 'ping';
    },
    async close() {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = once(child, 'exit');
        request('shutdown_request', { restart: false }, 'control');
        await ended;
      }
      for (const socket of [...Object.values(sockets), published, beats]) socket.close();
    },
  };
  await ready(client);
  return client;
}

/** A subscription takes a moment: asks until an answer's states arrive as well. */
async function ready(client: Client): Promise<void> {
  for (;;) {
    const asked = client.request('kernel_info_request');
    const late = new Promise((resolve) => setTimeout(resolve, 200, 'late'));
    if ((await Promise.race([asked, late])) !== 'late') return;
  }
}

/** What a stream printed, joined. */
export function textOf(outputs: readonly Output[], name = 'stdout'): string {
  return outputs
    .filter(({ type, content }) => type === 'stream' && content.name === name)
    .map(({ content }) => content.text)
    .join('');
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
