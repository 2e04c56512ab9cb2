import assert from 'node:assert/strict';
import { putBuffers, takeBuffers } from '../../lib/kernel/widgets/buffers';
import { latest } from '../../lib/kernel/widgets/latest';
import { type Client, type Received, startKernel, textOf } from './client';

describe('widgets', () => {
  let kernel: Client;
  before(async () => {
    kernel = await startKernel();
    await kernel.run("import { slider, control, liveDisplay } from 'pathlab';");
  });
  after(() => kernel.close());

  const sent = (type: string, of: (message: Received) => boolean = () => true) =>
    kernel.received.filter((message) => message.header.msg_type === type && of(message));
  const listed = async (target_name?: string) =>
    (await kernel.request('comm_info_request', target_name ? { target_name } : {})).reply.comms;

  const modelOf = (ran: { outputs: readonly { content: Record<string, unknown> }[] }) => {
    const data = ran.outputs.at(-1)?.content.data as Record<string, { model_id: string }>;
    return String(data['application/vnd.jupyter.widget-view+json']?.model_id);
  };
  const move = (comm_id: string, value: number) =>
    kernel.request('comm_msg', {
      comm_id,
      data: { method: 'update', state: { value }, buffer_paths: [] },
    });

  it('a slider is a model of protocol 2.1.0 that ipywidgets can show', async () => {
    const ran = await kernel.run(
      "const t = slider({ min: 0, max: 2, step: 0.05, value: 1, label: 't' });\nt",
    );
    const id = modelOf(ran);
    const [open] = sent('comm_open', ({ content }) => content.comm_id === id);
    assert.deepEqual(open?.metadata, { version: '2.1.0' });
    assert.equal(open?.content.target_name, 'jupyter.widget');
    const { state } = open!.content.data as { state: Record<string, unknown> };
    const { _model_module, _model_name, _view_name, min, max, step, value, description } = state;
    assert.deepEqual(
      { _model_module, _model_name, _view_name, min, max, step, value, description },
      {
        _model_module: '@jupyter-widgets/controls',
        _model_name: 'FloatSliderModel',
        _view_name: 'FloatSliderView',
        ...{ min: 0, max: 2, step: 0.05, value: 1, description: 't' },
      },
    );
    assert.equal(state.readout_format, '.2f');
    // A model of which it is made was opened before it.
    for (const other of [state.layout, state.style]) {
      const [before] = sent('comm_open', ({ content }) => other === `IPY_MODEL_${content.comm_id}`);
      assert.ok(before && kernel.received.indexOf(before) < kernel.received.indexOf(open!));
    }
    const data = ran.outputs.at(-1)?.content.data as Record<string, unknown>;
    assert.equal(data['text/plain'], 't: 1');
    assert.deepEqual(Object.keys((await listed('jupyter.widget')) as object).includes(id), true);
  });

  it('a moved slider changes its value and an output, in every front end', async () => {
    const other = await kernel.connect();
    const cell = kernel.run(
      'const live = liveDisplay();\nawait live.show(0);\n' +
        "const u = slider({ label: 'u' });\n" +
        "u.onChange(async (value) => { console.log('at', value); await live.show(value ** 2); });\nu",
    );
    const id = modelOf(await cell);
    const moved = move(id, 0.5);
    await moved.done;
    // All that was published before is there when this is answered.
    await other.request('kernel_info_request');
    const echo = (client: Client) =>
      client.received.find(
        ({ header, parent }) => header.msg_type === 'comm_msg' && parent.msg_id === moved.id,
      )?.content.data;
    const echoed = { method: 'echo_update', state: { value: 0.5 }, buffer_paths: [] };
    assert.deepEqual(echo(kernel), echoed);
    assert.deepEqual(echo(other), echoed);
    const updates = (client: Client) =>
      client.received
        .filter(({ header }) => header.msg_type === 'update_display_data')
        .map(({ content }) => content.data);
    assert.deepEqual(updates(other), [{ 'text/plain': '0.25' }]);
    assert.equal(textOf(cell.outputs), 'at 0.5\n');
    assert.equal(
      (await kernel.run('u.value')).outputs.at(-1)?.content.data?.['text/plain' as never],
      '0.5',
    );
    await kernel.run('u.value = 0.75');
    const [pushed] = sent('comm_msg', ({ content }) => content.comm_id === id).slice(-1);
    assert.deepEqual(pushed?.content.data, {
      method: 'update',
      state: { value: 0.75 },
      buffer_paths: [],
    });
    other.disconnect();
  });

  it('of the places that a slider is dragged through, the latest is called back for', async () => {
    const cell = kernel.run(
      'const seen: number[] = [];\nlet open = () => {};\nconst gate = new Promise<void>((r) => { open = r; });\n' +
        'const v = slider({ max: 100, step: 1 });\n' +
        'v.onChange(async (value) => { seen.push(value); await gate; });\nv',
    );
    const id = modelOf(await cell);
    const moves = Array.from({ length: 50 }, (_, i) => move(id, i + 1).done);
    await kernel.run('open()');
    await Promise.all(moves);
    const { outputs } = await kernel.run('seen');
    assert.deepEqual(outputs.at(-1)?.content.data, { 'text/plain': '[ 1, 50 ]' });
  });

  it('tells a page that was loaded anew what all models are, at once or one by one', async () => {
    const id = modelOf(await kernel.run('slider({ value: 0.25 })'));
    const target_name = 'jupyter.widget.control';
    await kernel.request('comm_open', { comm_id: 'w1', target_name, data: {} }).done;
    const all = { comm_id: 'w1', data: { method: 'request_states' } };
    const asked = kernel.request('comm_msg', all);
    await asked.done;
    const { method, states } = asked.outputs[0]!.content.data as {
      method: string;
      states: Record<string, { model_name: string; state: { value: number } }>;
    };
    assert.equal(method, 'update_states');
    assert.deepEqual([states[id]?.model_name, states[id]?.state.value], ['FloatSliderModel', 0.25]);
    const one = kernel.request('comm_msg', { comm_id: id, data: { method: 'request_state' } });
    await one.done;
    const { state } = one.outputs[0]!.content.data as { state: { value: number } };
    assert.equal(state.value, 0.25);
  });

  it('any other control works, with bytes in its state', async () => {
    const id = modelOf(
      await kernel.run(
        "const image = control('Image', { format: 'png', value: new Uint8Array([1, 2]) });\nimage",
      ),
    );
    const [open] = sent('comm_open', ({ content }) => content.comm_id === id);
    const { state, buffer_paths } = open!.content.data as Record<string, object>;
    assert.deepEqual(buffer_paths, [['value']]);
    assert.equal((state as { value: null }).value, null);
    assert.deepEqual(open?.buffers, [Buffer.from([1, 2])]);
  });

  it('live on after messages that make no sense', async () => {
    const id = modelOf(await kernel.run("const w = slider({ label: 'w' });\nw"));
    const odd = [null, 5, 'x', [], { method: 7 }, { method: 'update', state: 'x' }];
    const paths = [{}, 3, [[]], [['__proto__', 'a']], [['value', 0, 1]], [null]];
    const updates = paths.map((buffer_paths) => ({
      ...{ method: 'update', state: { value: 0.5 } },
      buffer_paths,
    }));
    for (const data of [...odd, ...updates]) {
      await kernel.request('comm_msg', { comm_id: id, data }).done;
      await kernel.request('comm_open', { comm_id: 'odd', target_name: data, data }).done;
      await kernel.request('comm_close', { comm_id: data }).done;
    }
    await move(id, 0.75).done;
    const { outputs } = await kernel.run('w.value');
    assert.deepEqual(outputs.at(-1)?.content.data, { 'text/plain': '0.75' });
  });

  it('is shown as text where the page has closed it', async () => {
    const id = modelOf(await kernel.run("const x = slider({ label: 'x' });\nx"));
    await kernel.request('comm_close', { comm_id: id, data: {} }).done;
    const { outputs } = await kernel.run('x');
    assert.deepEqual(outputs.at(-1)?.content.data, { 'text/plain': 'x: 0' });
  });

  it('refuses a slider that cannot be', async () => {
    const { reply } = await kernel.run('slider({ min: 2 })');
    assert.match(String(reply.evalue), /slider: expected finite min ≤ value ≤ max .* got min 2/);
    const endless = await kernel.run('slider({ max: Infinity })');
    assert.match(String(endless.reply.evalue), /max Infinity/);
  });
});

describe('takeBuffers and putBuffers', () => {
  it('are each the inverse of the other', () => {
    const bytes = new Uint8Array([7]);
    const state = { a: [1, { b: bytes }], c: 'x', d: null };
    const { state: rest, paths, buffers } = takeBuffers(state);
    assert.deepEqual(rest, { a: [1, { b: null }], c: 'x', d: null });
    assert.deepEqual(paths, [['a', 1, 'b']]);
    assert.deepEqual(putBuffers(rest, paths, buffers as Uint8Array[]), state);
  });

  it('do nothing at a path that leads nowhere', () => {
    const nowhere = [['__proto__', 'x'], ['a', 'b'], []];
    assert.deepEqual(putBuffers({ a: 1 }, nowhere, [new Uint8Array(1)]), { a: 1 });
  });
});

describe('latest', () => {
  it('goes on after a call that failed', async () => {
    const seen: number[] = [];
    const call = latest((value: number) => {
      seen.push(value);
      if (value === 1) throw new Error('one');
    });
    await assert.rejects(call(1), /one/);
    await call(2);
    assert.deepEqual(seen, [1, 2]);
  });
});
