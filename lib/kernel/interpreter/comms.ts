import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import type { Comm, CommData, CommExtras, CommMessage, Comms } from '../comms';
import type { CommOrder } from '../messages';

/** A comm's message to the front end; `id` is that of the message it answers, if it does. */
export type SendComm = (
  type: 'comm_open' | 'comm_msg' | 'comm_close',
  content: CommData,
  extras: { readonly metadata: CommData; readonly buffers: readonly string[] },
  id: number | undefined,
) => void;

type Callback = (message: CommMessage) => unknown;
interface Line {
  readonly comm: Comm;
  readonly message: Callback[];
  readonly close: Callback[];
}

type Post = (type: Parameters<SendComm>[0], content: CommData, extras?: CommExtras) => void;

/**
 * The comms of the cells' process: what cells do with them, and what takes the front end's
 * messages.
 */
export function createComms(send: SendComm, bind: Comms['bind']) {
  const targets = new Map<string, (comm: Comm, message: CommMessage) => unknown>();
  const handled = new AsyncLocalStorage<number>();
  const post: Post = (type, content, { metadata = {}, buffers = [] } = {}) =>
    send(type, content, { metadata, buffers: buffers.map(base64) }, handled.getStore());
  const { lines, lineOf } = newLines(post, bind);

  const comms: Comms = {
    open(target, data, extras, id = randomUUID()) {
      const { comm } = lineOf(id, target);
      post('comm_open', { comm_id: id, target_name: target, data }, extras);
      return comm;
    },
    register: (target, take) => void targets.set(target, bind(take)),
    bind,
  };

  const handle = async ({ type, content, metadata, buffers }: CommOrder) => {
    const id = String(content.comm_id);
    const data = (content.data ?? {}) as CommData;
    const message = { data, metadata, buffers: buffers.map(bytes) };
    if (type === 'comm_open') {
      const target = String(content.target_name);
      const take = targets.get(target);
      // The protocol has a comm to a target that nobody knows closed at once.
      if (take) await take(lineOf(id, target).comm, message);
      else post('comm_close', { comm_id: id, data: {} });
      return;
    }
    const line = lines.get(id);
    if (type === 'comm_close') lines.delete(id);
    const callbacks = type === 'comm_close' ? line?.close : line?.message;
    await Promise.all((callbacks ?? []).map((callback) => callback(message)));
  };

  return { comms, take: (order: CommOrder) => handled.run(order.id, handle, order) };
}

/** The lines that are open, by id, and what makes one. */
function newLines(post: Post, bind: Comms['bind']) {
  const lines = new Map<string, Line>();
  const lineOf = (id: string, target: string): Line => {
    const open = () => lines.get(id) === line;
    const line: Line = {
      message: [],
      close: [],
      comm: {
        id,
        target,
        send(data, extras) {
          if (open()) post('comm_msg', { comm_id: id, data }, extras);
        },
        close(data = {}) {
          if (open()) post('comm_close', { comm_id: id, data });
          lines.delete(id);
        },
        onMessage: (callback) => void line.message.push(bind(callback)),
        onClose: (callback) => void line.close.push(bind(callback)),
      },
    };
    lines.set(id, line);
    return line;
  };
  return { lines, lineOf };
}

function base64(data: ArrayBuffer | ArrayBufferView): string {
  const view = ArrayBuffer.isView(data)
    ? Buffer.from(data.buffer, data.byteOffset, data.byteLength)
    : Buffer.from(data);
  return view.toString('base64');
}

/** A copy with a buffer of its own, so that it can be seen as any typed array. */
function bytes(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64'));
}
