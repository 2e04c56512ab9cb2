import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, textOf } from './client';
import { resultOf, startKeeping, stillKeeps } from './kept';

describe('interrupts on the wire', () => {
  let kernel: Client;
  before(async () => {
    kernel = await startKeeping();
  });
  after(() => kernel.close());

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
      'a program that begins after it':
        'import { execSync } from "node:child_process"; const idle = new Int32Array(' +
        'new SharedArrayBuffer(4)); Atomics.wait(idle, 0, 0, 400); execSync("sleep 100");',
      'a method that shows a value':
        "({ [Symbol.for('Jupyter.display')](): never { for (;;) n++; } })",
      'one that awaits':
        "({ async [Symbol.for('Jupyter.display')]() { await new Promise(() => {}); } })",
      'one by which a value is printed':
        "({ [Symbol.for('nodejs.util.inspect.custom')](): never { for (;;) n++; } })",
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
        await stillKeeps(kernel);
        const before = resultOf(await kernel.run('n'));
        await sleep(100);
        assert.deepEqual(resultOf(await kernel.run('n')), before);
      });
    }

    for (const start of [
      'spawn("sleep", ["5"])',
      'exec("sleep 5")',
      'execFile("sleep", ["5"])',
      'promisify(execFile)("sleep", ["5"]).child',
    ]) {
      it(`lets no program begin after it: ${start}`, async () => {
        await kernel.run('n = 0');
        const code =
          'import { exec, execFile, spawn } from "node:child_process";\n' +
          'import { promisify } from "node:util";\n' +
          'const still = new Int32Array(new SharedArrayBuffer(4));\n' +
          `Atomics.wait(still, 0, 0, 400); n = ${start}.pid ?? -1;`;
        const cell = kernel.request('execute_request', { code });
        await sleep(250);
        await kernel.interrupt();
        assert.equal((await cell).reply.ename, 'Interrupted');
        assert.equal(resultOf(await kernel.run('n'))?.['text/plain'], '0');
      });
    }

    it('runs finally blocks', async () => {
      const code = 'try { await new Promise(() => {}); } finally { console.log("tidied"); }';
      const cell = kernel.request('execute_request', { code });
      await sleep(200);
      await kernel.interrupt();
      assert.equal(textOf((await cell).outputs), 'tidied\n');
    });

    for (const [what, wait] of [
      ['a wait', 'await new Promise(() => {});'],
      ['a loop', 'for (;;) n++;'],
    ]) {
      it(`runs a program by which a cell tidies up after ${what}`, async () => {
        const code =
          'import { execSync } from "node:child_process";\n' +
          `try { ${wait} } finally { console.log(String(execSync("echo tidied"))); }`;
        const cell = kernel.request('execute_request', { code });
        await sleep(250);
        await kernel.interrupt();
        const { reply, outputs } = await cell;
        assert.equal(textOf(outputs), 'tidied\n\n');
        assert.equal(reply.ename, 'Interrupted');
      });
    }

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
});
