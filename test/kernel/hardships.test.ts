import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { startProcesses } from 'typescript-notebook-kernel';
import { type Client, startKernel, textOf } from './client';
import { compilerOf } from './compilerOf';
import { gone, isRunning } from './gone';

/** The numbers that a cell has printed. */
const numbersIn = (text: string) => [...text.matchAll(/\d+/g)].map(([digits]) => Number(digits));

/** TypeScript works at these types, a union of 32768 texts each, for a minute. */
const HEAVY =
  "type Letter = 'a' | 'b';\n" +
  `type Texts<N extends number, A extends 0[] = []> =\n` +
  `  A['length'] extends N ? '' : \`\${Letter}\${Texts<N, [...A, 0]>}\`;\n` +
  Array.from({ length: 300 }, (_, i) => `let x${i}: \`${i}\${Texts<15>}\`;`).join('\n');

describe('the kernel in hardship', () => {
  let kernel: Client;
  before(async () => {
    kernel = await startKernel();
  });
  after(() => kernel.close());
  const value = async (code: string) => {
    const { outputs } = await kernel.run(code);
    const data = outputs.find(({ type }) => type === 'execute_result')?.content.data;
    return (data as Record<string, string> | undefined)?.['text/plain'];
  };

  it('answers malformed requests, and lives on', async () => {
    await kernel.run('const before = 1');
    const odd = [null, undefined, 0, -1, 1e99, '', '*', '[', 'x', true, [], [1], {}, { a: null }];
    const asks = ['execute', 'complete', 'inspect', 'is_complete', 'history'];
    const types = [...asks, 'comm_info', 'kernel_info'];
    const fields = [
      ...['code', 'cursor_pos', 'silent', 'store_history', 'user_expressions', 'detail_level'],
      ...['hist_access_type', 'output', 'session', 'start', 'stop', 'n', 'pattern', 'unique'],
    ];
    for (const type of types) {
      for (const field of fields) {
        if (type === 'execute' && field === 'code') continue;
        const code = type === 'execute' ? '1' : 'bef';
        const asked = odd.map((content) =>
          kernel.request(`${type}_request`, { code, hist_access_type: 'search', [field]: content }),
        );
        for (const { reply } of await Promise.all(asked)) {
          assert.ok(
            ['ok', 'error', 'complete', 'incomplete', 'invalid'].includes(String(reply.status)),
          );
        }
      }
    }
    // Signed, but no messages: there is nothing to answer.
    for (const content of [null, 1, 'x']) {
      for (const type of ['comm_msg', 'execute_request']) {
        kernel.request(type, content as unknown as object);
      }
      kernel.request('shutdown_request', content as unknown as object, 'control');
    }
    assert.equal(await value('before'), '1');
  });

  it('shows the lines of the cell, and no others, where an error is printed', async () => {
    const ran = await kernel.run(
      'type A = string;\n\nfunction thrower() {\n  return new Error("seen");\n}\nconsole.error(thrower());\nconsole.trace("here");',
    );
    const text = stripVTControlCharacters(textOf(ran.outputs, 'stderr'));
    assert.match(text, /Error: seen\n {4}at thrower \(In \[\d+\]:4\)\n {4}at In \[\d+\]:6\n/);
    assert.match(text, /Trace: here\n {4}at In \[\d+\]:7\n$/);
  });

  it('runs the cell that comes after the process died at rest, in a new one', async () => {
    const pid = Number(await value('process.pid'));
    process.kill(pid, 'SIGKILL');
    assert.deepEqual(await gone([pid]), []);
    await sleep(100);
    const ran = await kernel.run('1 + 1');
    assert.equal(ran.reply.status, 'ok');
    assert.match(textOf(ran.outputs, 'stderr'), /variables are gone/);
  });

  it('knows what cells declared also after the process of the compiler died', async () => {
    await kernel.run('interface Point { x: number }\nconst point: Point = { x: 1 };');
    await kernel.run('const both = [point, point];');
    await kernel.run(
      '/** @module side */\nexport const side: Point = { x: 9 };\ninterface Point { x: number }',
    );
    const { pid } = compilerOf(kernel);
    process.kill(pid, 'SIGKILL');
    assert.deepEqual(await gone([pid]), []);
    assert.equal(await value('const far: Point = { x: 5 };\nboth.concat(far).length'), '3');
    assert.equal(await value("import { side } from './side';\nside.x"), '9');
    const wrong = await kernel.run('both[0].y');
    assert.match(String(wrong.reply.evalue), /'y' does not exist on type 'Point'/);
  });

  it('says that a cell did not run where the process of the compiler died at it', async () => {
    const cell = kernel.run(HEAVY);
    await sleep(300);
    process.kill(compilerOf(kernel).pid, 'SIGKILL');
    const { evalue } = (await cell).reply;
    assert.match(
      String(evalue),
      /SIGKILL; was .* memory full\?\) before the cell ran: run it again/,
    );
    assert.equal(await value('1 + 1'), '2');
  });

  it('ends the process of the compiler, which is at work, with the one that started it', async () => {
    const other = await startKernel();
    void other.run(HEAVY);
    await sleep(300);
    const { pid } = compilerOf(other);
    other.process.kill('SIGKILL');
    assert.deepEqual(await gone([pid]), []);
    await other.close();
  });

  it('says that code is nested too deeply, and compiles the next cell', async () => {
    const { reply } = await kernel.run('('.repeat(20_000));
    assert.equal(reply.evalue, 'the code is nested too deeply for the compiler');
    assert.equal(await value('1 + 1'), '2');
  });

  it('stops a cell that is still being compiled', async () => {
    const cell = kernel.run(HEAVY);
    await sleep(300);
    await kernel.interrupt();
    assert.equal((await cell).reply.ename, 'Interrupted');
    assert.equal(await value('both.length'), '2');
  });

  it('tells an editor that waits behind such a cell to ask again', async () => {
    const cell = kernel.run(HEAVY);
    const completion = kernel.request('complete_request', { code: 'Mat', cursor_pos: 3 });
    await sleep(300);
    await kernel.interrupt();
    assert.equal((await cell).reply.ename, 'Interrupted');
    assert.match(String((await completion).reply.evalue), /could tell what the editor asked: ask/);
    assert.equal(await value('both.length'), '2');
  });

  it('stops a cell that is still on its way to a process that is busy', async () => {
    await kernel.run(
      'setTimeout(() => {\n' +
        '  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2000);\n' +
        '}, 50);',
    );
    await sleep(100);
    const cell = kernel.run('console.log("begun"); await new Promise(() => undefined)');
    await sleep(1000);
    await kernel.interrupt();
    const { reply, outputs } = await cell;
    assert.deepEqual([reply.ename, textOf(outputs)], ['Interrupted', '']);
    assert.equal(await value('1 + 1'), '2');
  });

  it('ends a loop that an earlier cell left, and the cell that waits behind it', async () => {
    await kernel.run('let rounds = 0; setTimeout(() => { for (;;) rounds++; }, 50);');
    await sleep(100);
    const cell = kernel.run('console.log("begun")');
    await sleep(500);
    await kernel.interrupt();
    const { reply, outputs } = await cell;
    assert.deepEqual([reply.ename, textOf(outputs)], ['Interrupted', '']);
    assert.equal(await value('rounds > 0'), 'true');
  });

  it('ends the training of a model, which can then be trained again', async () => {
    await kernel.run(
      "import * as tf from '@tensorflow/tfjs';\n" +
        'const model = tf.sequential();\n' +
        'model.add(tf.layers.dense({ units: 1, inputShape: [1] }));\n' +
        "model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' });\n" +
        'const xs = tf.ones([2, 1]);\n' +
        'const fit = (epochs: number) => model.fit(xs, xs, { epochs, verbose: 0 });',
    );
    const cell = kernel.run('await fit(1e6)');
    await sleep(1000);
    await kernel.interrupt();
    assert.equal((await cell).reply.ename, 'Interrupted');
    await sleep(500);
    assert.equal(await value('(await fit(2)).epoch.length'), '2');
  });

  it('says that memory ran out', async () => {
    process.env.NODE_OPTIONS = '--max-old-space-size=300';
    const other = await startKernel();
    delete process.env.NODE_OPTIONS;
    const code = 'const kept: number[][] = []; for (;;) kept.push(Array(1e6).fill(0.5));';
    const { reply } = await other.run(code);
    assert.equal(reply.ename, 'KernelDied');
    assert.match(String(reply.evalue), /out of memory/);
    await other.close();
  });

  it('says that a loop inside a library cannot be stopped, and ends it when asked again', async () => {
    const cell = kernel.request('execute_request', {
      code: '/^(a+)+$/.test("a".repeat(60) + "b")',
    });
    await sleep(300);
    await kernel.interrupt();
    for (let i = 0; i < 200 && textOf(cell.outputs, 'stderr') === ''; i++) await sleep(50);
    assert.match(textOf(cell.outputs, 'stderr'), /cannot be stopped.*Interrupt once more/);
    await kernel.interrupt();
    const { reply } = await cell;
    assert.equal(reply.ename, 'KernelDied');
    assert.match(String(reply.evalue), /\(by SIGKILL\)/, 'nothing is said of memory');
    assert.equal(await value('1 + 1'), '2');
  });

  it('starts no process any more once it is closed', async () => {
    const nothing = () => undefined;
    const processes = startProcesses({ publish: nothing, ask: nothing, print: nothing }, {});
    const given = { label: 'In [1]', count: 1, silent: false, allowInput: false, expressions: {} };
    const running = processes.execute(1, { ...given, code: 'while (true) {}' });
    await processes.close();
    await running.catch(nothing);
    await processes.restart();
    const { content } = await processes.execute(2, { ...given, code: '1' });
    assert.match(String(content.evalue), /shutting down/);
    const list = execFileSync('ps', ['-A', '-o', 'ppid=,args='], { encoding: 'utf8' });
    const left = list.split('\n').filter((line) => {
      return (
        line.trim().split(/ +/)[0] === String(process.pid) && /compiler|interpreter/.test(line)
      );
    });
    assert.deepEqual(left, []);
  });

  for (const restart of [false, true]) {
    it(`ends the programs of cells with ${restart ? 'a restart' : 'a shutdown'}`, async () => {
      const other = await startKernel();
      const ran = await other.run(
        'import { spawn } from "node:child_process";\n' +
          'for (let i = 0; i < 10; i++) console.log(spawn("sleep", ["100"]).pid);',
      );
      const pids = numbersIn(textOf(ran.outputs));
      assert.equal(pids.filter(isRunning).length, 10);
      await other.request('shutdown_request', { restart }, 'control');
      assert.deepEqual(await gone(pids), []);
      await other.close();
    });
  }
});
