import { Reply, Router, XPublisher } from 'zeromq';
import { decode, type Extras, encode, type Header, type Message } from './wire';

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
  publish(type: string, content: object, parent?: Header, extras?: Extras): Promise<void>;
}

/** How long, in milliseconds, the last messages may take to leave. */
const LINGER = 1000;

/** The first byte of what an XPUB socket receives when somebody subscribes. */
const SUBSCRIBE = 1;

/** ZMQ_SUBSCRIBE of zmq.h. */
const ACCEPT = 6;

/**
 * Nobody gets anything until its subscription is accepted, so that the welcome comes first also
 * where others are published at that time.
 */
class WelcomingPublisher extends XPublisher {
  /** Accepts the subscription that was received last. */
  accept(topic: string): void {
    this.setStringOption(ACCEPT, topic);
  }
}

/** Binds the sockets of a connection file and starts to echo heartbeats and to welcome listeners. */
export async function openSockets(connection: Connection): Promise<Sockets> {
  const { key } = connection;
  const iopub = new WelcomingPublisher({ sendHighWaterMark: 0, linger: LINGER, manual: true });
  const heartbeat = new Reply({ linger: 0 });
  // A front end that connects anew, under the name it had, takes over from its lost connection.
  const router = () => new Router({ sendHighWaterMark: 0, linger: LINGER, handover: true });
  const channels: Readonly<Record<Channel, Router>> = {
    shell: router(),
    control: router(),
    stdin: router(),
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
  void welcome(iopub, (topic) =>
    toAll(encode(key, [topic], 'iopub_welcome', { subscription: topic }, undefined), () =>
      iopub.accept(topic),
    ),
  );
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
    publish: (type, content, parent, extras) =>
      toAll(encode(key, [type], type, content, parent, extras)),
  };
}

async function echo(heartbeat: Reply): Promise<void> {
  for await (const beat of heartbeat) await heartbeat.send(beat);
}

/** Greets everybody who subscribes: what is published from then on will arrive (JEP 65). */
async function welcome(iopub: XPublisher, greet: (topic: string) => Promise<void>): Promise<void> {
  for await (const [event] of iopub) {
    if (event?.[0] === SUBSCRIBE) await greet(event.subarray(1).toString());
  }
}

/**
 * A zeromq socket takes one message at a time, so each waits for the one before; `first` is called
 * when the turn has come.
 */
function inOrder(socket: XPublisher | Router) {
  let last = Promise.resolve();
  return (frames: (string | Buffer)[], first?: () => void): Promise<void> => {
    const sent = last.then(() => {
      first?.();
      return socket.send(frames);
    });
    // A front end that has gone gets nothing; that is no reason to end.
    last = sent.catch(() => undefined);
    return last;
  };
}
