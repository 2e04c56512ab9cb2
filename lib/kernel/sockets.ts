import { Publisher, Reply, Router } from 'zeromq';
import { decode, encode, type Header, type Message } from './wire';

/** A connection file, as Jupyter writes it for the kernel that it starts. */
export interface Connection {
  readonly transport: string;
  readonly ip: string;
  readonly key: string;
  readonly shell_port: number;
  readonly control_port: number;
  readonly stdin_port: number;
  readonly iopub_port: number;
  readonly hb_port: number;
}

/** A channel on which a front end asks and is answered. */
export type Channel = 'shell' | 'control' | 'stdin';

/** The five sockets of a kernel. */
export interface Sockets {
  /** Calls `take` with every message of a channel. */
  listen(channel: Channel, take: (message: Message) => void): void;
  /** Sends a message to the one who sent `to`. */
  send(channel: Channel, to: Message, type: string, content: object): Promise<void>;
  /** Sends a message to all who listen. */
  publish(type: string, content: object, parent?: Header): Promise<void>;
}

/** How long, in milliseconds, the last messages may take to leave. */
const LINGER = 1000;

/** Binds the sockets of a connection file and starts to echo heartbeats. */
export async function openSockets(connection: Connection): Promise<Sockets> {
  const { key } = connection;
  const iopub = new Publisher({ sendHighWaterMark: 0, linger: LINGER });
  const heartbeat = new Reply({ linger: 0 });
  const channels: Readonly<Record<Channel, Router>> = {
    shell: new Router({ sendHighWaterMark: 0, linger: LINGER }),
    control: new Router({ sendHighWaterMark: 0, linger: LINGER }),
    stdin: new Router({ sendHighWaterMark: 0, linger: LINGER }),
  };
  const address = (port: number) =>
    `${connection.transport}://${connection.ip}${connection.transport === 'ipc' ? '-' : ':'}${port}`;
  await Promise.all([
    iopub.bind(address(connection.iopub_port)),
    heartbeat.bind(address(connection.hb_port)),
    channels.shell.bind(address(connection.shell_port)),
    channels.control.bind(address(connection.control_port)),
    channels.stdin.bind(address(connection.stdin_port)),
  ]);
  void echo(heartbeat);
  const toAll = inOrder(iopub);
  const toOne = {
    shell: inOrder(channels.shell),
    control: inOrder(channels.control),
    stdin: inOrder(channels.stdin),
  };
  return {
    listen(channel, take) {
      void (async () => {
        for await (const frames of channels[channel]) {
          const message = decode(key, frames);
          if (message) take(message);
        }
      })();
    },
    send: (channel, to, type, content) =>
      toOne[channel](encode(key, to.identities, type, content, to.header)),
    publish: (type, content, parent) => toAll(encode(key, [type], type, content, parent)),
  };
}

async function echo(heartbeat: Reply): Promise<void> {
  for await (const beat of heartbeat) await heartbeat.send(beat);
}

/** A zeromq socket takes one message at a time, so each waits for the one before. */
function inOrder(socket: Publisher | Router): (frames: (string | Buffer)[]) => Promise<void> {
  let last = Promise.resolve();
  return (frames) => {
    // A front end that has gone gets nothing; that is no reason to end.
    last = last.then(() => socket.send(frames)).catch(() => undefined);
    return last;
  };
}
