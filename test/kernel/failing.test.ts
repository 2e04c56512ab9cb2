import assert from 'node:assert/strict';
import type { Client } from './client';
import { failureOf, resultOf, startKeeping, stillKeeps, tracebackOf } from './kept';

describe('failures on the wire', () => {
  let kernel: Client;
  before(async () => {
    kernel = await startKeeping();
  });
  after(() => kernel.close());

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
      await stillKeeps(kernel);
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
      await stillKeeps(kernel);
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
});
