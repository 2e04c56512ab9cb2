import assert from 'node:assert/strict';
import { stripVTControlCharacters } from 'node:util';
import { type Client, startKernel, textOf } from './client';

/** What a student reads of functions, tensors and errors. */
describe('the kernel shows', () => {
  let kernel: Client;
  before(async () => {
    kernel = await startKernel();
    await kernel.run(
      "import * as tf from '@tensorflow/tfjs';\nimport { VGG, initialize, apply } from 'pathlab';",
    );
  });
  after(() => kernel.close());

  const printed = async (code: string) => textOf((await kernel.run(code)).outputs);
  const tracebackOf = async (code: string) => {
    const { outputs } = await kernel.run(code);
    const lines = outputs.find(({ type }) => type === 'error')?.content.traceback as string[];
    return stripVTControlCharacters(lines.join('\n'));
  };

  describe('a function', () => {
    // Written as TypeScript's compiler writes JavaScript, so the right text is the text itself.
    const functions = [
      '() => 1',
      'a => b => a + b',
      'async (a) => await a',
      'async () => await (await 1)',
      'function f(n) {\n    for (let i = 0; i < n; i++)\n        n += i;\n    return n;\n}',
      'function g() {\n    do\n        console.log(1);\n    while (false);\n}',
      "function h() {\n    'use strict';\n    return [1].map((x) => x);\n}",
      'async function* k(xs) {\n    for await (const x of xs) {\n        yield await x;\n    }\n}',
      'class A {\n    m() {\n        return () => 2;\n    }\n}',
    ];
    /** A loop's body without braces stands on the line of its loop. */
    const onOneLine = (text: string) =>
      text.replaceAll(/(\)|do)\n\s*(?=n \+=|console)|(1\);)\n\s*(?=while)/g, '$1$2 ');
    for (const text of functions) {
      it(`as it was written: ${text.split('\n')[0]}`, async () => {
        assert.equal(await printed(`console.log(String(${text}))`), `${onOneLine(text)}\n`);
      });
    }

    it('also the functions within it, and its methods', async () => {
      const code =
        'const outer = () => () => 3;\n' +
        'class B {\n    m() {\n        return 4;\n    }\n}\n' +
        'console.log(String(outer()), String(B.prototype.m));';
      assert.equal(await printed(code), '() => 3 m() {\n        return 4;\n    }\n');
    });

    it('so that its text runs where there is no kernel', async () => {
      const code =
        "import { Worker } from 'node:worker_threads';\n" +
        "const work = async () => { let n = 0; while (n < 7) n++; require('node:worker_threads').parentPort.postMessage(await n); };\n" +
        "const worker = new Worker('(' + work + ')()', { eval: true });\n" +
        "console.log(await new Promise((take) => worker.once('message', take).once('error', take)));";
      assert.equal(await printed(code), '7\n');
    });

    it('natively, of a native one', async () => {
      const native = 'function toString() { [native code] }';
      assert.equal(await printed('console.log(String({}.toString))'), `${native}\n`);
      assert.match(
        await printed('console.log(String(Function.prototype.toString))'),
        /\[native code\]/,
      );
    });
  });

  describe('an error', () => {
    it("of tfjs with the cell's line, however deep the library is", async () => {
      const code =
        'const narrow = tf.zeros([2, 3]);\n' +
        'const lossAt = (x: tf.Tensor) => {\n' +
        '  return tf.matMul(x, narrow).sum() as tf.Scalar;\n' +
        '};\n' +
        'const { grad } = tf.tidy(() => tf.valueAndGrad(lossAt)(tf.ones([2, 3])));';
      const told = await tracebackOf(code);
      assert.match(told, /^Error: Error in matMul: inner shapes \(3\) and \(2\)/);
      assert.match(told, /In \[\d+\], line 3, in lossAt\n[\s\S]*❱ 3 │ {3}return tf\.matMul/);
      assert.match(told, /In \[\d+\], line 5\n/);
    });

    it("of tfjs that a cell catches, by the cell's lines alone", async () => {
      const code =
        'const wrong = () => tf.matMul(tf.zeros([2, 3]), tf.zeros([4, 5]));\n' +
        'try {\n' +
        '  tf.tidy(wrong);\n' +
        '} catch (error) {\n' +
        '  console.log((error as Error).stack);\n' +
        '}';
      const told = await printed(code);
      assert.match(told, /^Error: .*\n {4}at wrong \(In \[\d+\]:1\)\n {4}at In \[\d+\]:3\n$/);
    });

    it("of a network's layer with the cell's line", async () => {
      const code =
        'const net = VGG({ depth: 11, width: 1 / 32, dropout: 0, batchNorm: true });\n' +
        'const weights = initialize(net, 1);\n' +
        'tf.tidy(() => {\n' +
        '  apply(net, weights, tf.zeros([1, 3, 28, 28]));\n' +
        '});';
      assert.match(await tracebackOf(code), /❱ 4 │ {3}apply\(net, weights/);
    });

    it('of a recursion once a line', async () => {
      const told = await tracebackOf(
        'const down = (n: number): number => 1 + down(n + 1);\ndown(0);',
      );
      assert.equal(told.match(/❱ 1 │/g)?.length, 1);
    });

    it('of a task without an answer in one line', async () => {
      const code =
        'async function trainOnce(seed: number): Promise<number> {\n' +
        "  throw new Error('not answered yet');\n" +
        '}\n' +
        'const trained = async (i: number) => await trainOnce(i);\n' +
        'await Promise.all([1, 2].map((i) => trained(i)));';
      assert.match(await tracebackOf(code), /^not answered yet: In \[\d+\], line 2, in trainOnce$/);
    });
  });

  describe('a tensor', () => {
    it('printed as it is as the last line', async () => {
      const tensor = 'tf.tensor2d([[1, 2.5], [3, 4]])';
      const { outputs } = await kernel.run(tensor);
      const data = outputs.find(({ type }) => type === 'execute_result')?.content.data;
      const shown = (data as Record<string, string>)['text/plain'];
      // Rows as tfjs' own toString aligns them.
      assert.equal(shown, 'tensor float32 [2, 2]\n    [[1, 2.5],\n     [3, 4  ]]');
      assert.equal(await printed(`console.log(${tensor})`), `${shown}\n`);
    });
  });
});
