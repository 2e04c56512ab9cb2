import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { buildIsFresh } from '../../lib/build';
import { projectRoot } from '../../lib/root';
import { type Client, type Output, type Ran, startKernel, textOf } from './client';

const failureOf = ({ outputs }: { outputs: readonly Output[] }) =>
  outputs.filter(({ type }) => type === 'error').map(({ content }) => content);
const resultOf = ({ outputs }: Ran) => {
  const result = outputs.find(({ type }) => type === 'execute_result');
  return result?.content.data as Record<string, unknown> | undefined;
};
const tracebackOf = (ran: Ran) => {
  const lines = failureOf(ran)[0]?.traceback as string[] | undefined;
  return stripVTControlCharacters(lines?.join('\n') ?? '');
};

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('the kernel on the wire', () => {
  let kernel: Client;
  before(async () => {
    kernel = await startKernel();
    await kernel.run('let n = 0; const kept = 42;');
  });
  after(() => kernel.close());

  const sameState = async () => {
    const { 'text/plain': text } = resultOf(await kernel.run('kept')) ?? {};
    assert.equal(text, '42');
  };

  describe('running cells', () => {
    it('echoes the input, prints in order and sends the result', async () => {
      const { reply, outputs } = await kernel.run('console.log(1); console.error(2); ({ a: 3 })');
      assert.equal(reply.status, 'ok');
      assert.deepEqual(
        outputs.map(({ type, content }) => [type, content.text ?? content.data ?? content.code]),
        [
          ['execute_input', 'console.log(1); console.error(2); ({ a: 3 })'],
          ['stream', '1\n'],
          ['stream', '2\n'],
          ['execute_result', { 'text/plain': '{ a: 3 }' }],
        ],
      );
      assert.equal(outputs.at(-1)?.content.execution_count, reply.execution_count);
    });

    it('counts only what is stored, and prints nothing of what is silent', async () => {
      const before = (await kernel.run('1')).reply.execution_count as number;
      const silent = await kernel.run('console.log("a"); 2', { silent: true });
      assert.deepEqual(silent.outputs, []);
      assert.equal(silent.reply.status, 'ok');
      const failing = await kernel.run('nothing', { silent: true });
      assert.deepEqual([failing.reply.ename, failing.outputs.length], ['CompileError', 0]);
      const unstored = await kernel.run('3', { store_history: false });
      assert.equal(unstored.reply.execution_count, before);
      assert.equal(resultOf(unstored)?.['text/plain'], '3');
      assert.equal((await kernel.run('4')).reply.execution_count, before + 1);
    });

    it('evaluates the expressions that come with a cell', async () => {
      const user_expressions = { more: 'kept + 1', none: 'nothing' };
      const { reply } = await kernel.run('1', { user_expressions });
      const values = reply.user_expressions as Record<string, Record<string, unknown>>;
      assert.deepEqual(values.more, { status: 'ok', data: { 'text/plain': '43' }, metadata: {} });
      assert.equal(values.none?.ename, 'CompileError');
    });

    it('takes a variable of an earlier cell in { name } as well', async () => {
      const ran = await kernel.run(
        'const { kept: other, ...rest } = { kept, n };\n({ other, rest })',
      );
      assert.equal(resultOf(ran)?.['text/plain'], '{ other: 42, rest: { n: 0 } }');
    });

    it('takes for await outside functions', async () => {
      const ran = await kernel.run('for await (const x of [Promise.resolve(7)]) console.log(x)');
      assert.equal(textOf(ran.outputs), '7\n');
    });

    it('keeps the beginning and the end of 100 MB, and says what it left out', async () => {
      const ran = await kernel.run(
        'for (let i = 0; i < 1e6; i++) console.log(String(i).padStart(99))',
      );
      const text = textOf(ran.outputs);
      assert.ok(text.length < 600_000);
      assert.match(text, /^ +0\n +1\n/);
      assert.match(text, /\[… 99\d{6} characters left out here …\]/);
      assert.match(text, /999999\n$/);
      await sameState();
    });

    it('does so with what a program prints past the cell', async () => {
      const code =
        'import { execSync } from "node:child_process";\n' +
        'execSync("yes | head -c 50000000; echo the end", { stdio: "inherit" }); 0';
      const text = textOf((await kernel.run(code)).outputs);
      assert.ok(text.length < 600_000);
      assert.match(text, /left out here …\]\n[\s\S]*the end\n$/);
    });

    it('asks the user, if the front end can', async () => {
      kernel.answers.push('Ada');
      const code = 'import { prompt } from "pathlab";\nawait prompt("Who? ")';
      const ran = await kernel.run(code, { allow_stdin: true });
      assert.equal(resultOf(ran)?.['text/plain'], "'Ada'");
      const refused = await kernel.run(code, { allow_stdin: false });
      assert.match(String(refused.reply.evalue), /nobody can answer "Who\? " here/);
    });

    it('asks one thing after the other where two are asked at once', async () => {
      kernel.answers.push('Ada', 'Bob');
      const both = 'await Promise.all([prompt("Who? "), prompt("And who? ")])';
      const ran = await kernel.run(both, { allow_stdin: true });
      assert.equal(resultOf(ran)?.['text/plain'], "[ 'Ada', 'Bob' ]");
    });

    it('runs one cell at a time, also where one comes by the control channel', async () => {
      const first = kernel.run('await new Promise((end) => setTimeout(end, 200)); "first"');
      const code = '"second"';
      const second = await kernel.request('execute_request', { code }, 'control');
      assert.equal(resultOf(second)?.['text/plain'], "'second'");
      assert.equal(resultOf(await first)?.['text/plain'], "'first'");
    });
  });

  describe('what cells show', () => {
    it('shows frames as tables, plots as pictures, tensors in short', async () => {
      await kernel.run(
        'import "pathlab";\nimport * as tf from "@tensorflow/tfjs";\nimport * as dfd from "danfojs-node";',
      );
      const long = 'new dfd.DataFrame({ n: Array.from({ length: 500 }, (_, i) => i) })';
      const frame = resultOf(await kernel.run(long));
      assert.match(String(frame?.['text/html']), /<table>[\s\S]*499[\s\S]*500 rows/);
      assert.ok(String(frame?.['text/html']).length < 20_000);
      const series = resultOf(await kernel.run('new dfd.Series([1, 2])'));
      assert.match(String(series?.['text/html']), /<table>[\s\S]*2 rows/);
      const spec =
        '({ $schema: "https://vega.github.io/schema/vega-lite/v5.json", ' +
        'data: { values: [{ a: 1 }] }, mark: "point", encoding: { x: { field: "a", type: "quantitative" } } })';
      const plot = resultOf(await kernel.run(spec));
      assert.ok(plot && 'application/vnd.vegalite.v5+json' in plot);
      assert.match(String(plot['image/svg+xml']), /^<svg/);
      const tensor = resultOf(await kernel.run('tf.tensor2d([[1, 2], [3, 4]])'));
      assert.equal(tensor?.['text/plain'], 'tensor float32 [2, 2]\n    [[1, 2],\n     [3, 4]]');
      const dict = resultOf(await kernel.run('({ w: tf.zeros([64, 784]) })'));
      assert.equal(dict?.['text/plain'], '{ w: tensor float32 [64, 784] }');
    });

    it('shows an object as it asks to be shown', async () => {
      const ran = await kernel.run(
        '({ [Symbol.for("Jupyter.display")]: () => ({ "text/markdown": "*a*" }) })',
      );
      assert.equal(resultOf(ran)?.['text/markdown'], '*a*');
    });

    it('displays, updates in place and clears', async () => {
      const ran = await kernel.run(
        'import { clearOutput, display, liveDisplay } from "pathlab";\n' +
          'const live = liveDisplay(); await live.show("a"); await live.show("b");\n' +
          'clearOutput({ wait: true }); await display("c");',
      );
      const [, display, update, clear, last, ...none] = ran.outputs;
      assert.deepEqual([last?.type, none], ['display_data', []]);
      assert.deepEqual(
        [display?.type, update?.type, clear?.type],
        ['display_data', 'update_display_data', 'clear_output'],
      );
      const transient = display?.content.transient as { display_id: string };
      assert.ok(transient.display_id);
      assert.deepEqual(update?.content.transient, transient);
      assert.deepEqual(clear?.content, { wait: true });
    });

    it("serves tslab's own display", async () => {
      const ran = await kernel.run('import * as tslab from "tslab";\ntslab.display.html("<b>")');
      assert.deepEqual(ran.outputs.find(({ type }) => type === 'display_data')?.content.data, {
        'text/html': '<b>',
      });
    });

    it("shows by tslab's display what it is told, as tslab does", async () => {
      // The MIME types of tslab's documentation; bytes as base64: [1, 2] is AQI=.
      const shown: [call: string, data: object][] = [
        ["display.html('<b>')", { 'text/html': '<b>' }],
        ["display.svg('<svg/>')", { 'image/svg+xml': '<svg/>' }],
        ["display.markdown('*a*')", { 'text/markdown': '*a*' }],
        ["display.latex('$x$')", { 'text/latex': '$x$' }],
        ["display.javascript('1')", { 'text/javascript': '1' }],
        ["display.text('a')", { 'text/plain': 'a' }],
        ['display.png(new Uint8Array([1, 2]))', { 'image/png': 'AQI=' }],
        ['display.jpeg(Buffer.from([1, 2]))', { 'image/jpeg': 'AQI=' }],
        ['display.gif(new Uint8Array([1, 2]))', { 'image/gif': 'AQI=' }],
        ['display.pdf(new Uint8Array([1, 2]))', { 'application/pdf': 'AQI=' }],
        ["display.raw('a/b', 'c')", { 'a/b': 'c' }],
      ];
      const calls = shown.map(([call]) => call).join('\n');
      const { outputs } = await kernel.run(
        `import { display, newDisplay } from "tslab";\n${calls}`,
      );
      assert.deepEqual(
        outputs.flatMap(({ content }) => content.data ?? []),
        shown.map(([, data]) => data),
      );
      const { outputs: live } = await kernel.run(
        "const place = newDisplay(); place.text('a'); place.text('b')",
      );
      assert.deepEqual(
        live.map(({ type }) => type).filter((type) => type.endsWith('display_data')),
        ['display_data', 'update_display_data'],
      );
    });
  });

  describe('failures', () => {
    it('names the lines of the cells that an error came through', async () => {
      await kernel.run(
        'interface Unused { a: number }\n\nfunction deep(n: number): number {\n' +
          '  // types and comments move lines in the compiled code\n  type A = string;\n' +
          '  if (n > 1)\n    throw new RangeError("too deep");\n  return n;\n}',
      );
      const ran = await kernel.run('\nconst all = [1, 2].map(\n  (n) =>\n    deep(n),\n);');
      const [failure] = failureOf(ran);
      assert.deepEqual([failure?.ename, failure?.evalue], ['RangeError', 'too deep']);
      const { status, ename, evalue, traceback } = ran.reply;
      assert.deepEqual({ ename, evalue, traceback }, failure);
      assert.equal(status, 'error');
      const text = tracebackOf(ran);
      const [thrower, caller] = [...text.matchAll(/❱ (\d+) │ (.*)/g)];
      assert.deepEqual(thrower?.slice(1), ['7', '    throw new RangeError("too deep");']);
      assert.deepEqual(caller?.slice(1), ['4', '    deep(n),']);
      assert.match(text, /^RangeError: too deep\nIn \[\d+\], line 7, in deep\n/);
    });

    it('tells all that the compiler has to say, with line, column and the place underlined', async () => {
      const ran = await kernel.run('const o = { kept }; const s: string = o.kept;\nmissing(1);');
      assert.equal(ran.reply.ename, 'CompileError');
      const text = tracebackOf(ran);
      assert.match(text, /Type 'number' is not assignable to type 'string'/);
      assert.match(text, /line 1, column 27\n.*\n +~\n/);
      assert.match(text, /Cannot find name 'missing'[\s\S]*line 2, column 1\n/);
      const underlined = text.split('\n');
      const at = underlined.findIndex((line) => /^ +~$/.test(line));
      assert.equal(underlined[at - 1]?.indexOf('s: string'), underlined[at]?.indexOf('~'));
    });

    it('tells what an error was caused by', async () => {
      const ran = await kernel.run('throw new Error("a", { cause: new TypeError("b") })');
      assert.match(tracebackOf(ran), /^Error: a\n[\s\S]*caused by\nTypeError: b\n/);
    });

    it('fails a cell for what it left to fail before its end', async () => {
      for (const code of [
        'Promise.reject(new Error("late")); 5',
        'setTimeout(() => { throw new Error("late"); }, 5); await new Promise((r) => setTimeout(r, 50));',
      ]) {
        const ran = await kernel.run(code);
        assert.deepEqual([ran.reply.status, ran.reply.evalue], ['error', 'late'], code);
        assert.equal(resultOf(ran), undefined);
      }
    });

    it('does so, and lives on, when a library would end the process for it', async () => {
      await kernel.run('import { useBackend } from "pathlab";\nawait useBackend();');
      const { reply } = await kernel.run('Promise.reject(new Error("late")); 5');
      assert.deepEqual([reply.status, reply.evalue], ['error', 'late']);
      await sameState();
    });

    it('tells of it in the cell that started it when that has ended', async () => {
      const first = kernel.request('execute_request', {
        code: 'setTimeout(() => { throw new Error("later"); }, 100); 1',
      });
      const { reply, outputs } = await first;
      assert.equal(reply.status, 'ok');
      assert.deepEqual(failureOf({ outputs }), []);
      const second = await kernel.run('await new Promise((r) => setTimeout(r, 200)); 2');
      assert.equal(second.reply.status, 'ok');
      assert.deepEqual(failureOf(second), []);
      assert.equal(failureOf(first)[0]?.evalue, 'later');
    });

    it('ends the cell, not the kernel, on process.exit', async () => {
      const { reply } = await kernel.run('process.exit(3)');
      assert.match(String(reply.evalue), /^process\.exit\(3\) would end the kernel/);
      await sameState();
    });
  });

  describe('a failure with others queued behind it', () => {
    const queued = async (stop_on_error: boolean) => {
      const failing = kernel.run('throw new Error("first")', { stop_on_error });
      const behind = Array.from({ length: 200 }, () => kernel.run('n += 1'));
      await failing;
      const afterwards = kernel.run('n');
      const replies = await Promise.all(behind);
      return { replies: replies.map(({ reply }) => reply.status), last: await afterwards };
    };

    it('aborts them all, and nothing that is sent afterwards', async () => {
      await kernel.run('n = 0');
      const { replies, last } = await queued(true);
      assert.deepEqual(new Set(replies), new Set(['aborted']));
      assert.equal(resultOf(last)?.['text/plain'], '0');
    });

    it('runs them when told not to stop', async () => {
      const { replies, last } = await queued(false);
      assert.deepEqual(new Set(replies), new Set(['ok']));
      assert.equal(resultOf(last)?.['text/plain'], '200');
    });

    it('still answers what is no cell', async () => {
      const failing = kernel.run('throw new Error("first")');
      const asked = kernel.request('is_complete_request', { code: '1' });
      await failing;
      assert.equal((await asked).reply.status, 'complete');
    });
  });

  describe('an interrupt', () => {
    const loops: Record<string, string> = {
      'a synchronous loop': 'for (;;) n++;',
      'a synchronous loop after an await': 'await null; for (;;) n++;',
      'a loop in a function, called from a timer':
        'function spin(): never { while (true) n++; }\n' +
        'await new Promise((r) => setTimeout(r, 50)); spin();',
      'a loop without braces': 'await null; let i = 0; do i++; while (true)',
      'a recursion':
        'const fib = (k: number): number => (k < 2 ? k : fib(k - 1) + fib(k - 2)); await null; fib(80);',
      'a callback of a library':
        'await null; const { from } = Array; from({ length: 1e9 }, () => n++);',
      'an asynchronous loop': 'for (;;) { await new Promise((r) => setTimeout(r, 5)); n++; }',
      'a loop that catches everything': 'for (;;) { try { await null; n++; } catch {} }',
      'a wait without end': 'await new Promise(() => {})',
      'for await': 'for await (const x of (async function* () { for (;;) yield n++; })()) {}',
      'a chain of promises':
        'const step = (): Promise<void> => new Promise<void>((r) => setTimeout(r, 5))' +
        '.then(() => { n++; return step(); });\nawait step();',
      'a program': 'import { execSync } from "node:child_process"; execSync("sleep 100");',
    };

    for (const [what, code] of Object.entries(loops)) {
      it(`stops ${what}, and nothing goes on`, async () => {
        await kernel.run('n = 0');
        const cell = kernel.request('execute_request', { code });
        await sleep(250);
        await kernel.interrupt();
        const stopped = await Promise.race([cell, sleep(2000, undefined, { ref: false })]);
        assert.ok(stopped, 'the cell runs on');
        assert.equal(stopped.reply.ename, 'Interrupted');
        await sameState();
        const before = resultOf(await kernel.run('n'));
        await sleep(100);
        assert.deepEqual(resultOf(await kernel.run('n')), before);
      });
    }

    it('runs finally blocks', async () => {
      const code = 'try { await new Promise(() => {}); } finally { console.log("tidied"); }';
      const cell = kernel.request('execute_request', { code });
      await sleep(200);
      await kernel.interrupt();
      assert.equal(textOf((await cell).outputs), 'tidied\n');
    });

    it('aborts what is queued', async () => {
      const cell = kernel.run('for (;;) n++;');
      const behind = kernel.run('n = -1');
      await sleep(200);
      await kernel.interrupt();
      await cell;
      assert.equal((await behind).reply.status, 'aborted');
    });

    it('ends what earlier cells left running', async () => {
      await kernel.run('setInterval(() => { n++; }, 5); n = 0');
      await sleep(50);
      await kernel.interrupt();
      await sleep(50);
      const before = resultOf(await kernel.run('n'));
      await sleep(50);
      assert.notEqual(before?.['text/plain'], '0');
      assert.deepEqual(resultOf(await kernel.run('n')), before);
    });

    it('does nothing to a cell that begins after it', async () => {
      for (let i = 0; i < 20; i++) {
        const interrupted = kernel.interrupt();
        await interrupted;
        const { reply } = await kernel.run('await new Promise((r) => setTimeout(r, 5)); 1');
        assert.equal(reply.status, 'ok');
      }
    });
  });

  describe('the rest of the protocol', () => {
    it('answers while a cell keeps its process busy', async () => {
      const cell = kernel.run('for (;;) n++;');
      await sleep(100);
      assert.ok(await kernel.beat());
      const { reply } = await kernel.request('kernel_info_request', {}, 'control');
      assert.equal(reply.status, 'ok');
      await kernel.interrupt();
      await cell;
    });

    it('tells its versions', async () => {
      const { reply } = await kernel.request('kernel_info_request');
      const { version, name } = reply.language_info as Record<string, string>;
      assert.equal(reply.implementation_version, require('tslab/package.json').version);
      assert.equal(version, require('typescript/package.json').version);
      assert.equal(name, 'typescript');
    });

    it('completes names of earlier cells from their beginning, with their types', async () => {
      await kernel.run('const ownNumber = 7, ownText = "a"; interface OwnShape { side: number }');
      const { reply } = await kernel.request('complete_request', {
        code: '1 + own',
        cursor_pos: 7,
      });
      assert.deepEqual(reply.matches, ['ownNumber', 'ownText']);
      const annotation = { code: 'let shape: Own', cursor_pos: 14 };
      const types = await kernel.request('complete_request', annotation);
      assert.deepEqual(types.reply.matches, ['OwnShape']);
      const [type] = (reply.metadata as Record<string, Record<string, string>[]>)
        ._jupyter_types_experimental!;
      assert.equal(type?.signature, 'const ownNumber: 7');
    });

    it('completes with types and inspects with documentation', async () => {
      const code = "import { ClassifierF } from 'pathlab'";
      const completed = await kernel.request('complete_request', { code, cursor_pos: 20 });
      const { matches, cursor_start, cursor_end, metadata } = completed.reply;
      assert.deepEqual([cursor_start, cursor_end], [9, 20]);
      assert.ok((matches as string[]).includes('ClassifierFC'));
      const [type] = (metadata as Record<string, Record<string, string>[]>)
        ._jupyter_types_experimental!;
      assert.match(String(type?.signature), /ClassifierFC\(/);
      await kernel.run("import { ClassifierFC, fitBend } from 'pathlab';");
      // Within the parentheses it is the function that is meant; 𝐱 takes two UTF-16 units.
      const call = { code: '"𝐱"; ClassifierFC()', cursor_pos: 18 };
      const { reply } = await kernel.request('inspect_request', call);
      const data = reply.data as Record<string, string>;
      assert.equal(reply.found, true);
      assert.match(String(data['text/plain']), /^ClassifierFC\([\s\S]*fully connected network/);
      assert.match(String(data['text/markdown']), /^```typescript\nClassifierFC\(/);
      const unknown = await kernel.request('inspect_request', { code: 'nobody', cursor_pos: 3 });
      assert.equal(unknown.reply.found, false);
      const nothing = await kernel.request('inspect_request', { code: '   ', cursor_pos: 1 });
      assert.equal(nothing.reply.found, false);
    });

    it('completes names of modules and of what they export', async () => {
      // Each with where its name begins, a match, and the text up to the cursor.
      const asked: [begins: number, match: string, code: string][] = [
        [21, 'node:fs', "import * as fs from 'node:f"],
        [21, '@tensorflow/tfjs', "import * as tf from '@tensor"],
        [17, 'solutions', "import x from './"],
        [17, 'solutions', "import x from './solu"],
        [9, 'readFileSync', "import { readFil} from 'node:fs'"],
      ];
      for (const [begins, match, code] of asked) {
        const cursor_pos = code.includes('}') ? code.indexOf('}') : code.length;
        const { reply } = await kernel.request('complete_request', { code, cursor_pos });
        assert.ok((reply.matches as string[]).includes(match), `${code}: ${reply.matches}`);
        assert.deepEqual([reply.cursor_start, reply.cursor_end], [begins, cursor_pos], code);
      }
    });

    it('inspects the function whose arguments are being written', async () => {
      for (const code of ['Math.max(', 'Math.max(1, ', 'new Map([[1, Math.max(2,\n  ']) {
        const asked = { code, cursor_pos: code.length };
        const { reply } = await kernel.request('inspect_request', asked);
        const { 'text/plain': text } = (reply.data ?? {}) as Record<string, string>;
        assert.match(String(text), /^\(method\) Math\.max\(/, code);
      }
    });

    it('does so while a cell runs, which is told to run on', async () => {
      const state = () => {
        const { content } = kernel.received.findLast(({ header }) => header.msg_type === 'status')!;
        return content.execution_state;
      };
      const cell = kernel.run('for (;;) n++;');
      await sleep(100);
      const complete = { code: 'kept.toFi', cursor_pos: 9 };
      const { reply } = await kernel.request('complete_request', complete);
      assert.deepEqual(reply.matches, ['toFixed']);
      const inspected = await kernel.request('inspect_request', { code: 'kept', cursor_pos: 2 });
      const data = inspected.reply.data as Record<string, string>;
      assert.equal(data['text/plain'], 'const kept: 42');
      const whole = await kernel.request('is_complete_request', { code: 'for (;;' });
      assert.equal(whole.reply.status, 'incomplete');
      await sleep(50);
      assert.equal(state(), 'busy');
      await kernel.interrupt();
      assert.equal((await cell).reply.ename, 'Interrupted');
      await sleep(50);
      assert.equal(state(), 'idle');
    });

    it('imports a file beside the notebook, and stops its loops too', async () => {
      const folder = mkdtempSync(join(projectRoot, 'data', 'kernel-'));
      const other = await startKernel(folder);
      try {
        writeFileSync(
          join(folder, 'helper.ts'),
          'export const twice = (x: number) => 2 * x;\n' +
            'export async function forever() { for (;;) await new Promise((r) => setTimeout(r, 5)); }\n',
        );
        const ran = await other.run("import { twice, forever } from './helper';\ntwice(21)");
        assert.equal(resultOf(ran)?.['text/plain'], '42');
        const cell = other.run('await forever()');
        await sleep(200);
        await other.interrupt();
        assert.equal((await cell).reply.ename, 'Interrupted');
      } finally {
        await other.close();
        rmSync(folder, { recursive: true });
      }
    });
  });

  describe('a changed lib', () => {
    it('is compiled when a kernel starts', async () => {
      const source = join(projectRoot, 'lib', 'root.ts');
      utimesSync(source, new Date(), new Date());
      assert.equal(buildIsFresh(), false);
      const other = await startKernel();
      try {
        assert.equal(buildIsFresh(), true);
        const ran = await other.run('import { linspace } from "pathlab"; linspace(0, 1, 3)[1]');
        assert.equal(resultOf(ran)?.['text/plain'], '0.5');
        assert.equal(textOf(ran.outputs, 'stderr'), '');
      } finally {
        await other.close();
      }
    });
  });

  describe('the end of a process', () => {
    it('is told in the cell whose process died, and a new one takes over', async () => {
      const dying = kernel.run('process.kill(process.pid, "SIGKILL")');
      const behind = kernel.run('1');
      assert.equal((await dying).reply.ename, 'KernelDied');
      assert.match(String((await dying).reply.evalue), /by SIGKILL.*run the notebook again/);
      assert.equal((await behind).reply.status, 'aborted');
      assert.equal((await kernel.run('kept')).reply.ename, 'CompileError');
      assert.equal((await kernel.run('1')).reply.status, 'ok');
    });

    it('is that of the interpreter as well when the launcher is killed, whatever runs', async () => {
      const other = await startKernel();
      const { reply } = await other.run('1', { user_expressions: { pid: 'process.pid' } });
      const { pid } = reply.user_expressions as { pid: { data: { 'text/plain': string } } };
      const alive = () => isRunning(Number(pid.data['text/plain']));
      void other.run('for (;;);');
      await sleep(200);
      assert.ok(alive());
      other.process.kill('SIGKILL');
      for (let waited = 0; alive(); waited += 20) {
        assert.ok(waited < 3000, 'the interpreter lives on');
        await sleep(20);
      }
      await other.close();
    });

    for (const restart of [false, true]) {
      it(`comes with ${restart ? 'a restart' : 'a shutdown'}, whatever runs or waits`, async () => {
        const other = await startKernel();
        await other.run('setInterval(() => {}, 1000)');
        void other.run('for (;;);');
        await sleep(100);
        const begun = performance.now();
        const { reply } = await other.request('shutdown_request', { restart }, 'control');
        assert.deepEqual(reply, { status: 'ok', restart });
        while (other.process.exitCode === null) {
          assert.ok(performance.now() - begun < 2000, 'the process lives on');
          await sleep(10);
        }
        assert.equal(other.process.exitCode, 0);
        await other.close();
      });
    }
  });
});
