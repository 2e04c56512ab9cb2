import assert from 'node:assert/strict';
import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildIsFresh } from '../../lib/build';
import { projectRoot } from '../../lib/root';
import { type Client, startKernel, textOf } from './client';
import { resultOf, startKeeping, stillKeeps } from './kept';

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
    kernel = await startKeeping();
  });
  after(() => kernel.close());

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
      await stillKeeps(kernel);
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
      assert.match(
        String((await dying).reply.evalue),
        /by SIGKILL; was the machine's memory full\?\).*run the notebook again/,
      );
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
