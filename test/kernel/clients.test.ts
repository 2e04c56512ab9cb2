import assert from 'node:assert/strict';
import { once } from 'node:events';
import { kernelspec } from '../../lib/kernel/kernelspec';
import { type Client, type Ran, startKernel, textOf } from './client';
import { fits, HEADER, listOf, SHAPES, text } from './shapes';
import testbed from './testbed.snippets.json';

/**
 * The points of kernel-testbed (runtimed/kernel-testbed at 04d86ed, which needs Rust to build), with
 * the snippets that it was run with (docs/kernel.md), and what its tests rest on: that every message
 * has the fields and types that the Rust crate jupyter-protocol 2.0.2 (Zed, nteract) wants.
 */
const { typescript: snippets } = testbed.languages;

const typesOf = ({ outputs }: Ran) => outputs.map(({ type }) => type);
const HTML = `{ [Symbol.for('Jupyter.display')]: () => ({ 'text/html': '<b>bold</b>' }) }`;

describe('a kernel among other clients', () => {
  let kernel: Client;
  before(async () => {
    kernel = await startKernel();
  });
  after(() => kernel.close());

  describe("kernel-testbed's points", () => {
    it('heartbeat_responds', async () => assert.ok(await kernel.beat()));

    it('kernel_info_reply_valid, _has_language_info, _has_protocol_version', async () => {
      const { reply } = await kernel.request('kernel_info_request');
      assert.equal(reply.status, 'ok');
      assert.equal((reply.language_info as { name: string }).name, 'typescript');
      assert.match(String(reply.protocol_version), /^5\.\d$/);
      assert.equal(reply.protocol_version, kernelspec().kernel_protocol_version);
    });

    it('execute_stdout, execute_stderr', async () => {
      const { outputs } = await kernel.run(`${snippets.print_hello}\n${snippets.print_stderr}`);
      assert.equal(textOf(outputs), 'hello\n');
      assert.equal(textOf(outputs, 'stderr'), 'error\n');
    });

    it('execute_reply_ok, execute_input_broadcast, status_busy_idle_lifecycle', async () => {
      const cell = kernel.run(snippets.complete_code);
      const ran = await cell;
      assert.equal(ran.reply.status, 'ok');
      assert.deepEqual(typesOf(ran), ['execute_input']);
      const states = kernel.received
        .filter(({ parent, header }) => parent.msg_id === cell.id && header.msg_type === 'status')
        .map(({ content }) => content.execution_state);
      assert.deepEqual(states, ['busy', 'idle']);
    });

    it('complete_request, inspect_request', async () => {
      await kernel.run(snippets.completion_setup);
      const code = snippets.completion_prefix;
      const completed = await kernel.request('complete_request', { code, cursor_pos: code.length });
      assert.deepEqual(completed.reply.matches, ['testVariableForCompletion']);
      const name = snippets.completion_var;
      const asked = { code: name, cursor_pos: name.length, detail_level: 0 };
      const { reply } = await kernel.request('inspect_request', asked);
      assert.deepEqual([reply.status, reply.found], ['ok', true]);
    });

    it('is_complete_complete, is_complete_incomplete', async () => {
      const status = async (code: string) =>
        (await kernel.request('is_complete_request', { code })).reply.status;
      assert.equal(await status(snippets.complete_code), 'complete');
      assert.equal(await status(snippets.incomplete_code), 'incomplete');
    });

    it('history_request, comm_info_request', async () => {
      const tail = { hist_access_type: 'tail', n: 10, output: false, raw: true };
      const { reply } = await kernel.request('history_request', tail);
      assert.equal(reply.status, 'ok');
      assert.ok((reply.history as unknown[]).length > 0);
      const comms = await kernel.request('comm_info_request', {});
      assert.deepEqual(comms.reply, { status: 'ok', comms: {} });
    });

    it('error_handling', async () => {
      const ran = await kernel.run(snippets.syntax_error);
      assert.equal(ran.reply.status, 'error');
      assert.deepEqual(typesOf(ran), ['execute_input', 'error']);
    });

    it('display_data, update_display_data, execute_result, rich_execute_result', async () => {
      const shownBy = async (code: string) =>
        (await kernel.run(code)).outputs.slice(1).map(({ type, content }) => [type, content.data]);
      const shown = await kernel.run(
        "import { liveDisplay } from 'pathlab';\nconst live = liveDisplay();\n" +
          `await live.show(${HTML}); await live.show(${HTML}); 1 + 1`,
      );
      assert.deepEqual(typesOf(shown).slice(1), [
        'display_data',
        'update_display_data',
        'execute_result',
      ]);
      const { outputs } = await kernel.run(snippets.rich_execute_result_code);
      const data = outputs.at(-1)?.content.data as Record<string, unknown>;
      assert.equal(data['text/html'], '<b>bold</b>');
      const html = (text: string) => ({ 'text/html': text, 'text/plain': text });
      assert.deepEqual(await shownBy(snippets.update_display_data_code), [
        ['display_data', html('<b>initial</b>')],
        ['update_display_data', html('<b>updated</b>')],
      ]);
      const bold = [['display_data', { 'text/html': '<b>bold</b>' }]];
      assert.deepEqual(await shownBy(snippets.display_data_code), bold);
    });

    it('stdin_input_request', async () => {
      const byPathlab = "import { prompt } from 'pathlab';\nawait prompt('Enter: ')";
      for (const code of [byPathlab, snippets.input_prompt]) {
        kernel.answers.push('test_input_42');
        const { reply, outputs } = await kernel.run(code, { allow_stdin: true });
        assert.equal(reply.status, 'ok');
        assert.deepEqual(outputs.at(-1)?.content.data, { 'text/plain': "'test_input_42'" });
      }
    });

    it('comms_lifecycle', async () => {
      const comm = { comm_id: 'c1', target_name: 'jupyter.kernel_testbed.test', data: {} };
      const opened = kernel.request('comm_open', comm);
      await opened.done;
      assert.deepEqual(opened.outputs, [
        { type: 'comm_close', content: { comm_id: 'c1', data: {} } },
      ]);
      assert.equal((await kernel.run('1')).reply.status, 'ok');
    });

    it('interrupt_request, execution_count_increments', async () => {
      const { reply } = await kernel.request('interrupt_request', {}, 'control');
      assert.deepEqual(reply, { status: 'ok' });
      const [first, second] = [await kernel.run('1'), await kernel.run('1')];
      assert.equal(second.reply.execution_count, Number(first.reply.execution_count) + 1);
    });

    it('parent_header_correlation', async () => {
      const cell = kernel.run(snippets.print_hello);
      await cell;
      const answers = kernel.received.filter(({ parent }) => parent.msg_id === cell.id);
      assert.deepEqual(answers.map(({ header }) => header.msg_type).sort(), [
        'execute_input',
        'execute_reply',
        'status',
        'status',
        'stream',
      ]);
      for (const { parent } of answers) assert.equal(parent.msg_type, 'execute_request');
    });

    it('shutdown_reply', async () => {
      const other = await startKernel();
      const ended = once(other.process, 'exit');
      const { reply } = await other.request('shutdown_request', { restart: false }, 'control');
      assert.deepEqual(reply, { status: 'ok', restart: false });
      assert.deepEqual(await ended, [0, null]);
      other.disconnect();
    });
  });

  describe('a second front end', () => {
    it('under the same name is answered, also what the first has asked before', async () => {
      const first = await kernel.connect();
      const running = first.run('await new Promise((r) => setTimeout(r, 300)); 1');
      await new Promise((r) => setTimeout(r, 100));
      const second = await kernel.connect(first.identity);
      const { reply } = await second.run('2');
      assert.equal(reply.status, 'ok');
      // The first was answered before, at an address that is now the second's.
      const answered = second.received.filter(({ parent }) => parent.msg_id === running.id);
      assert.ok(answered.some(({ header }) => header.msg_type === 'execute_reply'));
      first.disconnect();
      second.disconnect();
    });

    it('is welcomed as soon as what is published will reach it, without a parent', async () => {
      const other = await kernel.connect();
      const [welcome] = other.received;
      assert.deepEqual(
        [welcome?.header.msg_type, welcome?.content, welcome?.parent],
        ['iopub_welcome', { subscription: '' }, {}],
      );
      other.disconnect();
    });

    it('that comes while a cell runs sees its progress, and that it has ended', async () => {
      const begun = kernel.run(
        "import { progress } from 'pathlab';\nconst bar = progress(40, 'steps');\n" +
          'for (let i = 1; i <= 40; i++) { await new Promise((r) => setTimeout(r, 30)); bar.update(i); }\n' +
          'bar.finish();',
      );
      await new Promise((r) => setTimeout(r, 300));
      const other = await kernel.connect();
      const { outputs } = await begun;
      const seen = other.received.filter(
        ({ parent, channel }) => parent.msg_id === begun.id && channel === 'iopub',
      );
      const updates = seen.filter(({ header }) => header.msg_type === 'update_display_data');
      assert.ok(updates.length >= 2, `${updates.length} updates`);
      // The last of what the first has seen, line for line.
      assert.deepEqual(
        updates.map(({ content }) => content),
        outputs
          .filter(({ type }) => type === 'update_display_data')
          .slice(-updates.length)
          .map(({ content }) => content),
      );
      assert.equal(seen.at(-1)?.content.execution_state, 'idle');
      other.disconnect();
    });
  });

  // After all the others: it looks at what they have received.
  describe('the Rust crate', () => {
    it('would refuse no message that was sent', async () => {
      // What the points above have not made it send.
      await kernel.run('1', { user_expressions: { good: '1', bad: 'nothing' } });
      await kernel.run("import { clearOutput } from 'pathlab';\nclearOutput()");
      const tail = { hist_access_type: 'tail', n: 100, output: true, raw: true };
      await kernel.request('history_request', tail);
      await kernel.request('inspect_request', { code: ' ', cursor_pos: 0 });
      await Promise.all([kernel.run('throw 1'), kernel.run('2')]);
      for (const message of kernel.received) {
        const { msg_type, ...header } = message.header;
        fits({ ...HEADER }, header, 'header');
        if (Object.keys(message.parent).length > 0) fits(HEADER, message.parent, 'parent');
        assert.equal(typeof message.metadata, 'object');
        const shape = SHAPES[msg_type];
        assert.ok(shape, `${msg_type} has a shape`);
        fits(shape, message.content, msg_type);
      }
      const sent = new Set(kernel.received.map(({ header }) => header.msg_type));
      assert.deepEqual(
        Object.keys(SHAPES).filter((type) => !sent.has(type)),
        [],
      );
    });

    it('reads the kernelspec', () => {
      const spec = kernelspec();
      fits(
        { display_name: text, language: text, interrupt_mode: text, argv: listOf(text) },
        { ...spec },
        'kernelspec',
      );
      assert.ok(spec.argv.includes('{connection_file}'));
    });
  });
});
