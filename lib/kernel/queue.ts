import { setTimeout as sleep } from 'node:timers/promises';
import type { Channel } from './sockets';
import type { Message } from './wire';

/** How long, in milliseconds, no message must come before a queue counts as read to its end. */
const QUIET_MS = 10;

/** Messages that wait until those before them are dealt with. */
export interface Queue {
  add(channel: Channel, message: Message): void;
  /** Marks the cells that wait, and those that the front end has sent but are not here yet. */
  abort(): Promise<void>;
  /** Whether a cell was marked; it is none the more. */
  isAborted(message: Message): boolean;
}

/**
 * @param handle deals with one message
 * @param foresee hears of all that wait, whenever they are others
 */
export function newQueue(
  handle: (channel: Channel, message: Message) => Promise<void>,
  foresee: (waiting: readonly Message[]) => void = () => undefined,
): Queue {
  const waiting: { readonly channel: Channel; readonly message: Message }[] = [];
  const aborted = new Set<Message>();
  let isWorking = false;

  const tell = () => foresee(waiting.map(({ message }) => message));

  async function work(): Promise<void> {
    isWorking = true;
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const handled = handle(next.channel, next.message);
      tell();
      await handled;
    }
    isWorking = false;
  }

  return {
    add(channel, message) {
      waiting.push({ channel, message });
      if (isWorking) tell();
      else void work();
    },
    async abort() {
      for (let before = -1; before !== waiting.length; await sleep(QUIET_MS)) {
        before = waiting.length;
      }
      for (const { message } of waiting) {
        if (message.header.msg_type === 'execute_request') aborted.add(message);
      }
    },
    isAborted: (message) => aborted.delete(message),
  };
}
