import assert from 'node:assert/strict';
import { newAnswering } from '../../lib/kernel/requests';
import type { Running } from '../../lib/kernel/running';
import type { Sockets } from '../../lib/kernel/sockets';

describe('a message to a comm', () => {
  it('that is too long to be passed on is told of', async () => {
    const published: { type: string; content: object; parent: unknown }[] = [];
    const sockets: Sockets = {
      listen: () => undefined,
      send: async () => undefined,
      publish: async (type, content, parent) => void published.push({ type, content, parent }),
    };
    const removed: number[] = [];
    const running = {
      parents: { add: () => 7, of: () => undefined, remove: (id: number) => removed.push(id) },
      comms: { note: () => undefined },
      processes: { pass: async () => assert.fail('it cannot be passed on') },
    } as unknown as Running;
    const header = { msg_id: 'm', msg_type: 'comm_msg', session: 's' };
    const answer = newAnswering(sockets, running, () => assert.fail('nothing runs'), {});
    // In base64 600 million characters; a text of V8's has 2²⁹ at most.
    const buffers = [Buffer.alloc(450e6)];
    const content = { comm_id: 'c', data: {} };
    assert.equal(
      await answer({ identities: [], header, content, metadata: {}, buffers }),
      undefined,
    );
    const [{ type, content: told, parent } = assert.fail('nothing is said')] = published;
    assert.deepEqual([type, parent, removed], ['stream', header, [7]]);
    const { name, text } = told as { name: string; text: string };
    assert.equal(name, 'stderr');
    assert.match(
      text,
      /^A message to a widget, with 450 MB of binary data, did not reach the cells: .*; send it in parts\.\n$/,
    );
  });
});
