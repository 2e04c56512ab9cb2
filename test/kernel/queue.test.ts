import { strict as assert } from 'node:assert';
import { newQueue } from '../../lib/kernel/queue';
import type { Message } from '../../lib/kernel/wire';

const message = (msg_id: string, msg_type = 'execute_request'): Message => ({
  identities: [],
  header: { msg_id, msg_type, session: 'page' },
  content: {},
  metadata: {},
  buffers: [],
});

/** A queue whose first message is dealt with until `end` is called. */
function busyQueue() {
  const handled: string[] = [];
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const queue = newQueue(async (_, { header }) => {
    handled.push(header.msg_id);
    if (header.msg_id === 'first') await ended;
  });
  queue.add('shell', message('first'));
  return { queue, handled, end };
}

describe('newQueue', () => {
  it('deals with one message after the other, in the order they came', async () => {
    const { queue, handled, end } = busyQueue();
    for (const id of ['a', 'b', 'c']) queue.add('shell', message(id));
    assert.deepEqual(handled, ['first']);
    end();
    await new Promise(setImmediate);
    assert.deepEqual(handled, ['first', 'a', 'b', 'c']);
    queue.add('control', message('later'));
    assert.deepEqual(handled.at(-1), 'later', 'it is at rest, and begins at once');
  });

  it('marks the cells that wait, those that come meanwhile too, and no other message', async () => {
    const { queue } = busyQueue();
    const [cell, info, late] = [message('a'), message('b', 'kernel_info_request'), message('c')];
    queue.add('shell', cell);
    queue.add('shell', info);
    const aborted = queue.abort();
    queue.add('shell', late);
    await aborted;
    assert.deepEqual([cell, info, late].map(queue.isAborted), [true, false, true]);
    assert.equal(queue.isAborted(cell), false, 'a mark is for once');
  });

  it('tells of all that wait, whenever they are others', async () => {
    const told: string[] = [];
    const queue = newQueue(
      async () => await new Promise(setImmediate),
      (waiting) => told.push(waiting.map(({ header }) => header.msg_id).join('')),
    );
    for (const id of ['a', 'b', 'c']) queue.add('shell', message(id));
    assert.deepEqual(told, ['', 'b', 'bc']);
    for (let i = 0; i < 4; i++) await new Promise(setImmediate);
    assert.deepEqual(told.slice(3), ['c', '']);
  });
});
