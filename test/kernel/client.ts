import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Dealer, Request, Subscriber } from 'zeromq';
import { labKernelspec } from '../../lib/jupyter/settings';
import { decode, type Extras, encode, type Message } from '../../lib/kernel/wire';
import { temporaryFolder } from '../temporaryFolder';

/** A front end of the kernel, on the wire, for tests. */
export interface Client {
  readonly process: ChildProcess;
  /** The name that its sockets have. */
  readonly identity: string;
  /** Everything that it was sent, on all channels, in the order it came. */
  readonly received: readonly Received[];
  /** Sends a request; the answer's content, all that was published for it, and how long it took. */
  request(type: string, content?: object, channel?: 'shell' | 'control', extras?: Extras): Pending;
  /** Runs code and waits for its end. */
  run(code: string, options?: object): Pending;
  /** Presses the stop button. */
  interrupt(): Promise<void>;
  /** Answers prompts, one after the other. */
  answers: string[];
  /** Whether a heartbeat comes back. */
  beat(): Promise<boolean>;
  /** Another front end of the same kernel, under a name of its own if none is given. */
  connect(identity?: string): Promise<Client>;
  /** Leaves the kernel as it is. */
  disconnect(): void;
  close(): Promise<void>;
}

/** A message as it came. */
export interface Received extends Message {
  readonly channel: 'shell' | 'control' | 'stdin' | 'iopub';
  readonly parent: Readonly<Record<string, unknown>>;
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
  readonly id: string;
  /** Grows while the request is worked at, and after it. */
  readonly outputs: Output[];
  readonly replied: Promise<Record<string, unknown>>;
  /** When the kernel says that it is idle again; a comm's messages have no reply. */
  readonly done: Promise<void>;
}

const KEY = 'secret';

/** Starts the kernel in a folder and connects to it. @param argv of another kernelspec */
export async function startKernel(
  cwd = join(__dirname, '..', '..', 'notebooks'),
  argv = labKernelspec.argv,
): Promise<Client> {
  const [shell, control, stdin, iopub, heartbeat] = await freePorts(5);
  const ports = { shell, control, stdin, iopub, heartbeat } as Ports;
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
  const [program, ...args] = argv.map((arg) => (arg === '{connection_file}' ? connection : arg));
  const child = spawn(program!, args, {
    cwd,
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return await connect(child, ports, randomUUID());
}

type Ports = Readonly<Record<'shell' | 'control' | 'stdin' | 'iopub' | 'heartbeat', number>>;

async function connect(child: ChildProcess, ports: Ports, identity: string): Promise<Client> {
  const address = (port: number) => `tcp://127.0.0.1:${port}`;
  const dealer = (port: number) => {
    const socket = new Dealer({ routingId: identity, linger: 0, sendHighWaterMark: 0 });
    socket.connect(address(port));
    return socket;
  };
  const sockets = {
    shell: dealer(ports.shell),
    control: dealer(ports.control),
    stdin: dealer(ports.stdin),
  };
  const published = new Subscriber({ linger: 0, receiveHighWaterMark: 0 });
  published.connect(address(ports.iopub));
  published.subscribe();
  const beats = new Request({ linger: 0 });
  beats.connect(address(ports.heartbeat));

  const received: Received[] = [];
  const outputs = new Map<string, Output[]>();
  const replies = new Map<string, (content: Record<string, unknown>) => void>();
  const idle = new Map<string, () => void>();
  const parentOf = (frames: Buffer[]) => {
    const at = frames.findIndex((frame) => frame.toString() === '<IDS|MSG>');
    return JSON.parse(frames[at + 3]!.toString()) as Record<string, unknown>;
  };
  const read = async (
    channel: Received['channel'],
    socket: Dealer | Subscriber,
    take: (m: Message, parent: string) => void,
  ) => {
    try {
      for await (const frames of socket) {
        const message = decode(KEY, frames);
        if (!message) throw new Error('the kernel signed a message wrongly');
        const parent = parentOf(frames);
        received.push({ ...message, channel, parent });
        take(message, String(parent.msg_id));
      }
    } catch (error) {
      if (!(socket.closed || (error as Error).message.includes('closed'))) throw error;
    }
  };
  const takeReply = ({ content }: Message, parent: string) => replies.get(parent)?.(content);
  void read('shell', sockets.shell, takeReply);
  void read('control', sockets.control, takeReply);
  void read('iopub', published, ({ header, content }, parent) => {
    if (content.execution_state === 'idle') idle.get(parent)?.();
    if (header.msg_type !== 'status') outputs.get(parent)?.push({ type: header.msg_type, content });
  });
  const sending = new Map<Dealer, Promise<void>>();
  const send = (socket: Dealer, type: string, content: object, extras?: Extras) => {
    const frames = encode(KEY, [], type, content, undefined, extras);
    const before = sending.get(socket) ?? Promise.resolve();
    sending.set(
      socket,
      before.then(() => socket.send(frames)),
    );
    return String(JSON.parse(frames[2]!.toString()).msg_id);
  };
  const answers: string[] = [];
  void read('stdin', sockets.stdin, ({ header }) => {
    if (header.msg_type === 'input_request') {
      send(sockets.stdin, 'input_reply', { status: 'ok', value: answers.shift() ?? '' });
    }
  });

  const request: Client['request'] = (type, content = {}, channel = 'shell', extras = {}) => {
    const id = send(sockets[channel], type, content, extras);
    const got: Output[] = [];
    outputs.set(id, got);
    const replied = new Promise<Record<string, unknown>>((resolve) => replies.set(id, resolve));
    const done = new Promise<void>((resolve) => idle.set(id, resolve));
    const ran = Promise.all([replied, done]).then(([reply]) => ({ reply, outputs: got }));
    return Object.assign(ran, { id, outputs: got, replied, done });
  };
  const disconnect = () => {
    for (const socket of [...Object.values(sockets), published, beats]) socket.close();
  };
  const client: Client = {
    process: child,
    identity,
    received,
    request,
    answers,
    connect: (other = randomUUID()) => connect(child, ports, other),
    disconnect,
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
      disconnect();
    },
  };
  await ready(client);
  return client;
}

/** What is published from the welcome on arrives; what is asked is answered once the kernel is up. */
async function ready(client: Client): Promise<void> {
  const welcomed = () => client.received.some(({ header }) => header.msg_type === 'iopub_welcome');
  while (!welcomed()) {
    if (client.process.exitCode !== null) throw new Error('the kernel has ended at its start');
    await sleep(5);
  }
  await client.request('kernel_info_request');
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
