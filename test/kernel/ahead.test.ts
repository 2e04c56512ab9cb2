import assert from 'node:assert/strict';
import { newAhead } from '../../lib/kernel/ahead';
import type { CompilerProcess } from '../../lib/kernel/compilerProcess';
import type { Compiled, Declared, Knowledge } from '../../lib/kernel/messages';

const declaring = (name: string): Knowledge => {
  const declared: Declared = { name, origin: 'const', exported: false, ambient: false };
  return { declared: [declared], text: `declare const ${name}: number;`, isSource: false };
};

/** A compiler that notes what it is told; each cell declares its own text, but those with `?`. */
function fakeCompiler({ interrupt = assert.fail as () => void, never = false } = {}) {
  const notes: string[] = [];
  const learned: Knowledge[] = [];
  const told = () => learned.map(({ declared }) => declared[0]!.name).join('');
  const compiler: CompilerProcess = {
    async ask({ code }) {
      notes.push(`${code} after ${told()}`);
      if (never) return await new Promise(() => undefined);
      if (code.includes('?')) return { complaints: [] };
      return { program: { code, map: '', names: [code], late: [] }, knowledge: declaring(code) };
    },
    learn: (knowledge) => void learned.push(knowledge),
    unlearn: (count) => void learned.splice(-count),
    forget: () => void learned.splice(0),
    expectQuestions: () => assert.fail(),
    interrupt,
    close: () => assert.fail(),
  };
  return { ahead: newAhead(compiler), notes, told };
}

const settled = () => new Promise(setImmediate);
const codeOf = (compiled: Compiled | undefined) => compiled?.program.code;

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

  it('leaves what imports files beside the notebook to its turn, and compiles twelve at most', async () => {
    const { ahead, notes } = fakeCompiler();
    ahead.foresee(["import './x'", 'c']);
    ahead.began(declaring('a'));
    await settled();
    assert.deepEqual(notes, []);
    const other = fakeCompiler();
    other.ahead.foresee([...'bcdefghijklmnopq']);
    other.ahead.began(declaring('a'));
    for (let i = 0; i < 12; i++) await settled();
    assert.deepEqual(other.notes.at(-1), 'm after abcdefghijkl');
  });

  it('compiles nothing ahead once a cell has brought in a file beside the notebook', async () => {
    for (const code of [
      "import { x } from './x'",
      'await import(`../x`)',
      "import x from '.'",
      "const x = require('/tmp/x')",
      '/// <reference path="x.d.ts" />',
    ]) {
      const { ahead, notes } = fakeCompiler();
      assert.equal(await ahead.compiled(code), undefined);
      ahead.foresee(['b']);
      ahead.began(declaring('a'));
      await settled();
      assert.deepEqual(notes, [], code);
      ahead.forget();
      ahead.foresee(['b']);
      ahead.began(declaring('a'));
      await settled();
      assert.deepEqual(notes, ['b after a'], 'after a restart there are none');
    }
  });

  it('gives up at an interrupt what takes long to compile, and nothing else', async () => {
    let interrupts = 0;
    const { now } = performance;
    let clock = 0;
    performance.now = () => clock;
    try {
      const { ahead } = fakeCompiler({ interrupt: () => void interrupts++, never: true });
      ahead.interrupt();
      ahead.foresee(['b']);
      ahead.began(declaring('a'));
      await settled();
      clock = 500;
      ahead.interrupt();
      assert.equal(interrupts, 0);
      clock = 1500;
      ahead.interrupt();
      assert.equal(interrupts, 1);
    } finally {
      performance.now = now;
    }
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
