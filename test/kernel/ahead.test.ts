import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { newAhead } from '../../lib/kernel/ahead';
import type { CompilerProcess } from '../../lib/kernel/compilerProcess';
import type { Compiled, Declared, Knowledge } from '../../lib/kernel/messages';
import { temporaryFolder } from '../temporaryFolder';
import { type Client, type Ran, startKernel } from './client';
import { resultOf as bundleOf, failureOf } from './kept';

const declaring = (name: string): Knowledge => {
  const declared: Declared = { name, origin: 'const', exported: false, ambient: false };
  return { declared: [declared], text: `declare const ${name}: number;`, isSource: false };
};

/** A compiler that notes what it is told; each cell declares its own text, but those with `?`. */
function fakeCompiler() {
  const notes: string[] = [];
  const learned: Knowledge[] = [];
  const told = () => learned.map(({ declared }) => declared[0]!.name).join('');
  const compiler: CompilerProcess = {
    async ask({ code }) {
      notes.push(`${code} after ${told()}`);
      if (code.includes('?')) return { complaints: [] };
      return { program: { code, map: '', names: [code], late: [] }, knowledge: declaring(code) };
    },
    learn: (knowledge) => void learned.push(knowledge),
    unlearn: (count) => void learned.splice(-count),
    forget: () => void learned.splice(0),
    expectQuestions: () => assert.fail(),
    interrupt: () => assert.fail(),
    close: () => assert.fail(),
  };
  return { ahead: newAhead(compiler), notes, told };
}

const settled = () => new Promise(setImmediate);
const codeOf = (compiled: Compiled | undefined) => compiled?.program.code;

const resultOf = (ran: Ran) => bundleOf(ran)?.['text/plain'];

describe('newAhead', () => {
  it('compiles what waits as if each cell before it came to its end', async () => {
    const { ahead, notes, told } = fakeCompiler();
    ahead.foresee(['b', 'c']);
    assert.deepEqual(notes, [], 'nothing runs yet');
    ahead.began(declaring('a'));
    await settled();
    assert.deepEqual(notes, ['b after a', 'c after ab']);
    ahead.ended(declaring('a'), true);
    assert.equal(codeOf(await ahead.compiled('b')), 'b');
    ahead.foresee(['c', 'd']);
    ahead.began(declaring('b'));
    await settled();
    assert.equal(notes.at(-1), 'd after abc');
    ahead.ended(declaring('b'), true);
    assert.equal(told(), 'abc', 'each once');
  });

  it('learns of a cell at its end where nothing waits', async () => {
    const { ahead, told } = fakeCompiler();
    ahead.began(declaring('a'));
    assert.equal(told(), '');
    ahead.ended(declaring('a'), true);
    assert.equal(told(), 'a');
    assert.equal(await ahead.compiled('b'), undefined);
  });

  it('takes all back where a cell fails, or another comes than the one that waited', async () => {
    const { ahead, told } = fakeCompiler();
    ahead.foresee(['b', 'c', 'd']);
    ahead.began(declaring('a'));
    await settled();
    assert.equal(told(), 'abc');
    ahead.ended({ ...declaring('a'), declared: [] }, false);
    assert.equal(await ahead.compiled('b'), undefined, 'it was compiled for what is not there');

    const other = fakeCompiler();
    other.ahead.foresee(['b', 'c', 'd']);
    other.ahead.began(declaring('a'));
    await settled();
    other.ahead.ended(declaring('a'), true);
    assert.equal(await other.ahead.compiled('x'), undefined);
    assert.equal(other.told(), 'a');
  });

  it('leaves a cell that does not compile, and those behind it, to their turn', async () => {
    const { ahead, notes, told } = fakeCompiler();
    ahead.foresee(['?', 'c']);
    ahead.began(declaring('a'));
    await settled();
    assert.deepEqual(notes, ['? after a']);
    ahead.ended(declaring('a'), true);
    assert.equal(await ahead.compiled('?'), undefined);
    assert.equal(told(), 'a');
  });

  it('leaves what imports files beside the notebook to its turn, and compiles four at most', async () => {
    const { ahead, notes } = fakeCompiler();
    ahead.foresee(["import './x'", 'c']);
    ahead.began(declaring('a'));
    await settled();
    assert.deepEqual(notes, []);
    ahead.foresee(['b', 'c', 'd', 'e', 'f']);
    await settled();
    assert.deepEqual(notes.at(-1), 'e after abcd');
  });

  it('knows nothing after a restart', async () => {
    const { ahead, told } = fakeCompiler();
    ahead.foresee(['b']);
    ahead.began(declaring('a'));
    ahead.forget();
    await settled();
    assert.equal(await ahead.compiled('b'), undefined);
    ahead.ended(declaring('a'), true);
    assert.equal(told(), 'a');
  });
});

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
