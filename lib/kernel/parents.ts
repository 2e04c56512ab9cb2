import type { Listener } from './interpreterProcess';
import type { OpenComms } from './openComms';
import type { Sockets } from './sockets';
import type { Message } from './wire';

/** Which message a cell or a comm's callback came with, for what it says after its end as well. */
export interface Parents {
  /** Takes note of a message; the id by which it is known to the processes. */
  add(message: Message): number;
  of(id: number): Message | undefined;
  remove(id: number): void;
}

export function newParents(): Parents {
  const messages = new Map<number, Message>();
  let count = 0;
  return {
    add(message) {
      messages.set(++count, message);
      return count;
    },
    of: (id) => messages.get(id),
    remove: (id) => messages.delete(id),
  };
}

/**
 * Has front ends see what a cell says, as an answer to the message that it came with.
 *
 * @param last the message of the cell that was run last
 */
export function listenerFor(
  sockets: Sockets,
  parents: Parents,
  comms: OpenComms,
  last: () => Message | undefined,
): Listener {
  return {
    publish: (id, type, content, extras) => {
      comms.note(type, content as Message['content']);
      void sockets.publish(type, content, parents.of(id)?.header, extras);
    },
    ask: (id, prompt, password) => {
      const message = parents.of(id);
      if (message) void sockets.send('stdin', message, 'input_request', { prompt, password });
    },
    // What a program that a cell started, or native code, wrote past the cell's own streams.
    print: (name, text) => void sockets.publish('stream', { name, text }, last()?.header),
  };
}
