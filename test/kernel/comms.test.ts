import assert from 'node:assert/strict';
import { type Client, type Received, startKernel, textOf } from './client';

const COMMS = "const { comms } = (globalThis as any)[Symbol.for('Jupyter.kernel')];\n";

describe('comms', () => {
  let kernel: Client;
  before(async () => {
    kernel = await startKernel();
    await kernel.run(`${COMMS}import { slider, control, liveDisplay } from 'pathlab';`);
  });
  after(() => kernel.close());

  const sent = (type: string, of: (message: Received) => boolean = () => true) =>
    kernel.received.filter((message) => message.header.msg_type === type && of(message));
  const listed = async (target_name?: string) =>
    (await kernel.request('comm_info_request', target_name ? { target_name } : {})).reply.comms;

  describe('opened by a front end', () => {
    it('go to the target that a cell has registered, and back, with metadata and bytes', async () => {
      await kernel.run(
        "comms.register('echo', (comm: any, { data }: any) => {\n" +
          '  comm.send({ opened: data });\n' +
          '  comm.onMessage(({ data, metadata, buffers }: any) =>\n' +
          '    comm.send({ back: data }, { metadata, buffers: [...buffers, new Float32Array([1.5])] }));\n' +
          "  comm.onClose(() => console.log('closed'));\n});",
      );
      const open = { comm_id: 'e1', target_name: 'echo', data: { hello: 1 } };
      await kernel.request('comm_open', open).done;
      assert.deepEqual(await listed(), { e1: { target_name: 'echo' } });
      const bytes = Buffer.from([0, 255, 10, 0]);
      const extras = { metadata: { of: 'me' }, buffers: [bytes] };
      const asked = kernel.request('comm_msg', { comm_id: 'e1', data: { n: 2 } }, 'shell', extras);
      await asked.done;
      const [first, second] = sent('comm_msg', ({ content }) => content.comm_id === 'e1');
      assert.deepEqual(first?.content.data, { opened: { hello: 1 } });
      assert.deepEqual(second?.content.data, { back: { n: 2 } });
      assert.equal(second?.parent.msg_id, asked.id);
      assert.deepEqual(second?.metadata, { of: 'me' });
      // 1.5 as a 32-bit float, the least significant byte first.
      assert.deepEqual(second?.buffers, [bytes, Buffer.from([0, 0, 0xc0, 0x3f])]);
    });

    it('are closed by either side, and said of the cell that took them', async () => {
      const cell = kernel.run(
        "comms.register('brief', (comm: any) => { comm.onClose(() => console.log('bye')); });\n" +
          "comms.register('refused', (comm: any) => comm.close({ why: 'no' }));",
      );
      await cell;
      await kernel.request('comm_open', { comm_id: 'b1', target_name: 'brief', data: {} }).done;
      await kernel.request('comm_close', { comm_id: 'b1', data: {} }).done;
      await kernel.run('0');
      assert.equal(textOf(cell.outputs), 'bye\n');
      const refused = kernel.request('comm_open', {
        comm_id: 'r1',
        target_name: 'refused',
        data: {},
      });
      await refused.done;
      assert.deepEqual(refused.outputs, [
        { type: 'comm_close', content: { comm_id: 'r1', data: { why: 'no' } } },
      ]);
      assert.deepEqual(await listed('brief'), {});
      assert.deepEqual(await listed('refused'), {});
    });

    it('wait for the cells before them; their messages are heard while a cell awaits', async () => {
      const registering = kernel.run(
        "await new Promise((r) => setTimeout(r, 100)); comms.register('late', (comm: any) => {\n" +
          '  comm.onMessage(() => comm.send({ heard: true })); });',
      );
      const open = { comm_id: 'l1', target_name: 'late', data: {} };
      const opened = kernel.request('comm_open', open);
      await Promise.all([registering, opened.done]);
      assert.deepEqual(opened.outputs, []);
      const waiting = kernel.run(
        "await new Promise<void>((resolve) => comms.register('end', () => resolve()));",
      );
      const asked = kernel.request('comm_msg', { comm_id: 'l1', data: {} });
      await asked.done;
      assert.deepEqual(asked.outputs[0]?.content.data, { heard: true });
      // The light of a front end stays at busy: the cell is still at work.
      await kernel.request('kernel_info_request', {}, 'control');
      const states = sent('status').map(({ content, parent }) => [
        content.execution_state,
        parent.msg_id,
      ]);
      const ended = states.findIndex(([state, id]) => state === 'idle' && id === asked.id);
      assert.deepEqual(states[ended + 1], ['busy', waiting.id]);
      await kernel.interrupt();
      assert.equal((await waiting).reply.ename, 'Interrupted');
    });

    it('fail in the cell that gave the callback, and live on', async () => {
      const cell = kernel.run(
        "comms.register('faulty', (comm: any) => {\n" +
          '  comm.onMessage(async ({ data }: any) => {\n    await null;\n    throw new Error(data.why);\n  });\n});',
      );
      await cell;
      await kernel.request('comm_open', { comm_id: 'f1', target_name: 'faulty', data: {} }).done;
      for (const why of ['one', 'two']) {
        await kernel.request('comm_msg', { comm_id: 'f1', data: { why } }).done;
      }
      const failures = cell.outputs.filter(({ type }) => type === 'error');
      assert.deepEqual(
        failures.map(({ content }) => content.evalue),
        ['one', 'two'],
      );
      assert.match(String(failures[0]?.content.traceback), /throw new Error\(data\.why\)/);
    });

    it('are stopped like a cell, and hear the next message', async () => {
      const cell = kernel.run(
        "comms.register('spin', (comm: any) => {\n" +
          "  comm.onMessage(({ data }: any) => { while (data.spin) {} comm.send({ still: 'here' }); });\n});",
      );
      await cell;
      await kernel.request('comm_open', { comm_id: 's1', target_name: 'spin', data: {} }).done;
      const spinning = kernel.request('comm_msg', { comm_id: 's1', data: { spin: true } });
      await new Promise((r) => setTimeout(r, 200));
      await kernel.interrupt();
      await spinning.done;
      const [failure] = cell.outputs.filter(({ type }) => type === 'error');
      assert.equal(failure?.content.ename, 'Interrupted');
      const asked = kernel.request('comm_msg', { comm_id: 's1', data: {} });
      await asked.done;
      assert.deepEqual(asked.outputs[0]?.content.data, { still: 'here' });
    });
  });

  describe('after the death of the process', () => {
    it('are closed, as every front end is told', async () => {
      const open = Object.keys((await listed()) as object);
      assert.ok(open.length > 0);
      await kernel.run('process.kill(process.pid, "SIGKILL")');
      assert.deepEqual(await listed(), {});
      const closed = sent('comm_close').map(({ content }) => content.comm_id);
      assert.deepEqual(
        open.filter((id) => !closed.includes(id)),
        [],
      );
    });
  });
});
