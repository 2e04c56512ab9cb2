import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../temporaryFolder';
import { type Client, type Ran, startKernel } from './client';
import { resultOf as bundleOf, failureOf } from './kept';

const resultOf = (ran: Ran) => bundleOf(ran)?.['text/plain'];

describe('cells that are sent at once', () => {
  let kernel: Client;
  const folder = temporaryFolder();
  before(async () => {
    kernel = await startKernel(folder);
  });
  after(async () => {
    await kernel.close();
    rmSync(folder, { recursive: true });
  });
  const runAll = async (...codes: (string | [string, object])[]) => {
    const sent = codes.map((code) =>
      typeof code === 'string' ? kernel.run(code) : kernel.run(...code),
    );
    return await Promise.all(sent);
  };
  const sleep = 'await new Promise((done) => setTimeout(done, 300));';

  it('know what those before them declare, anew as well', async () => {
    const ran = await runAll(
      `${sleep} const first = 1;`,
      'const second = first + 1;',
      'const first = "text";',
      'first.length + second',
    );
    assert.equal(resultOf(ran[3]!), '6');
  });

  it('do not know what one that failed came not to', async () => {
    const onward = { stop_on_error: false };
    const ran = await runAll(
      [`const there = 1; ${sleep} throw new Error("no"); const missing = 2;`, onward],
      ['missing', onward],
      'there',
    );
    assert.equal(ran[1]!.reply.ename, 'CompileError');
    assert.match(String(ran[1]!.reply.evalue), /Cannot find name 'missing'/);
    assert.equal(resultOf(ran[2]!), '1');
  });

  it('are given up behind one that failed, and then compile for what there is', async () => {
    const ran = await runAll(
      'const kept: number = 5;',
      `${sleep} const kept = "new"; throw new Error("no");`,
      'kept.toUpperCase()',
    );
    assert.deepEqual(
      ran.map(({ reply }) => reply.status),
      ['ok', 'error', 'aborted'],
    );
    assert.equal(resultOf(await kernel.run('kept.toUpperCase()')), "'NEW'");
  });

  it('import what one before them writes', async () => {
    const write = (text: string) =>
      `${sleep} require("fs").writeFileSync(${JSON.stringify(join(folder, 'beside.ts'))}, ${JSON.stringify(text)});`;
    const ran = await runAll(
      write('export const one: number = 1;'),
      "import { one } from './beside'; one",
      write('export const two: string = "2";'),
      "import { two } from './beside'; two",
      '/** @module made */\nexport const three = 3;',
      "import { three } from './made'; three",
    );
    assert.deepEqual(ran.flatMap(failureOf), []);
    assert.deepEqual([ran[1]!, ran[3]!, ran[5]!].map(resultOf), ['1', "'2'", '3']);
  });

  it('compile for a file that one before them changes, whoever imported it', async () => {
    const path = JSON.stringify(join(folder, 'f.ts'));
    const write = (type: string) =>
      `require("fs").writeFileSync(${path}, "export function f(p: ${type}) { return p; }");`;
    await runAll(write('number'));
    await runAll("import { f } from './f'; f(1)");
    const ran = await runAll(`${sleep} ${write('string')}`, ['f(1)', { stop_on_error: false }]);
    assert.equal(ran[1]!.reply.ename, 'CompileError');
  });

  it('are refused where one is no text, and the kernel lives on', async () => {
    const running = kernel.run(sleep);
    const malformed = kernel.request('execute_request', { code: { toString: null } });
    const behind = kernel.run('6 * 7');
    assert.equal((await running).reply.status, 'ok');
    assert.equal((await malformed).reply.status, 'error');
    assert.equal(resultOf(await behind), '42');
  });

  it('are compiled when one is interrupted, too', async () => {
    const running = kernel.run('for (;;) await new Promise((done) => setTimeout(done, 10));');
    const behind = kernel.run('const never = 1;');
    await new Promise((done) => setTimeout(done, 500));
    await kernel.interrupt();
    assert.equal((await running).reply.status, 'error');
    assert.equal((await behind).reply.status, 'aborted');
    assert.equal((await kernel.run('never')).reply.ename, 'CompileError');
    assert.equal(resultOf(await kernel.run('kept.length')), '3');
  });
});
