import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { initialize } from '../../lib/nn';
import { freeNames, mentions } from '../../lib/notebook/mentions';
import { projectRoot } from '../../lib/root';
import { type Client, startKernel, textOf } from '../kernel/client';
import { toyNetwork } from '../toy';

describe('mentions', () => {
  const names = (text: string) => freeNames(text).map((path) => path.join('.'));

  it('finds the names that a text does not declare, with the properties that follow', () => {
    assert.deepEqual(names('function f(a, { b: c = d, ...e }) { return a.x + c + e + g.h.i(); }'), [
      'd',
      'g.h.i',
    ]);
    assert.deepEqual(names('(x) => exports.settings.a[exports.k] + { rate, size: n }.rate'), [
      'settings.a',
      'k',
      'rate',
      'n',
    ]);
    assert.deepEqual(
      names('async x => { for (const y of ys) { await x(y); } try {} catch (e) { e } }'),
      ['ys'],
    );
    assert.deepEqual(names('class A extends B { m = p; n(q) { return this.n(q) + r; } }'), [
      'B',
      'p',
      'r',
    ]);
    assert.deepEqual(names('m(a) { outer: for (;;) { break outer; } return b + a; }'), ['b']);
    // What an inner part declares is declared there alone.
    for (const [text, free] of [
      ['() => { const g = (rate) => rate; return g(rate); }', 1],
      ['() => { { const rate = 1; } return rate; }', 1],
      ['() => { for (let rate = 0; rate < 2; rate++); return rate; }', 1],
      ['() => { for (const [rate] of []) rate; return rate; }', 1],
      ['() => { try {} catch (rate) { rate; } return rate; }', 1],
      ['() => { (function rate() { rate(); }); (class rate {}); return rate; }', 1],
      ['class { static { var rate = 1; rate; } m() { return rate; } }', 1],
      ['() => { { var rate = 1; } return () => rate; }', 0],
      ['() => { const g = () => rate; let { a: [rate] } = {}; return rate(); }', 0],
      ['(x) => { switch (x) { case rate: const rate = 1; } }', 0],
      ['() => { return rate(); function rate() {} }', 0],
    ] as const) {
      assert.deepEqual(names(text), Array(free).fill('rate'), text);
    }
    assert.deepEqual(names('f => ' + '`$' + '{g} $' + '{f}`'), ['g']);
  });

  it('follows functions, lists of them and classes, and takes settings by their parts', () => {
    const variables = (change: Record<string, unknown> = {}) => ({
      rate: 0.1,
      settings: { epochs: 3, points: 31, deep: { a: 1, b: 2 } },
      network: { layers: [{ kind: 'relu' }] },
      weights: initialize(toyNetwork, 1),
      // What the functions mention is no variable of this file.
      helper: new Function('x', 'return x * rate') as () => number,
      steps: { one: new Function('return helper(settings.epochs)') as () => number },
      Rule: new Function('return settings.deep.a') as () => number,
      initialize,
      ...change,
    });
    const main = new Function(
      'return steps.one() + new Rule() + initialize(network) + weights + ring',
    );
    const of = (change?: Record<string, unknown>) =>
      mentions(main as () => number, variables(change));
    const before = of();
    assert.deepEqual(Object.keys(before), [
      'Rule',
      'helper',
      'network',
      'rate',
      'settings.deep.a',
      'settings.epochs',
      'steps.one',
      'weights',
    ]);
    assert.deepEqual([before.rate, before['settings.epochs']], [0.1, 3]);
    assert.deepEqual(of(), before);
    assert.deepEqual(of({ settings: { epochs: 3, points: 61, deep: { a: 1, b: 3 } } }), before);
    for (const change of [
      { rate: 0.2 },
      { settings: { epochs: 4, points: 31, deep: { a: 1, b: 2 } } },
      { helper: new Function('x', 'return 2 * x * rate') },
      { weights: initialize(toyNetwork, 2) },
    ]) {
      assert.notDeepEqual(of(change), before, Object.keys(change).join());
    }
    const rateOf = new Function('return rate') as () => number;
    for (const box of [
      [rateOf],
      { a: { b: rateOf } },
      new Map([['a', [rateOf]]]),
      new Set([rateOf]),
    ]) {
      const inBox = (rate: number) =>
        mentions(new Function('k', 'return box[k]') as () => unknown, { box, rate });
      assert.notDeepEqual(inBox(1), inBox(2), 'however deep the function lies');
    }
    const native = { rate: Math.max, native: 1, code: 2, ring: new Map() };
    assert.ok(!Object.keys(of(native)).some((name) => name === 'native' || name === 'code'));
    const ring: { self?: unknown } = {};
    ring.self = ring;
    assert.ok('ring' in of({ ring }), 'what cannot be compared is no failure');
  });

  describe('in a notebook', () => {
    const file = join(projectRoot, 'data', `mentions-${process.pid}.safetensors`);
    let kernel: Client;
    const run = async (code: string) => {
      const ran = await kernel.run(code);
      assert.equal(ran.reply.status, 'ok', JSON.stringify(ran.reply));
      assert.equal(textOf(ran.outputs, 'stderr'), '');
      return textOf(ran.outputs).trim();
    };
    const imports = `import { reuse, clone } from 'pathlab'; import * as tf from '@tensorflow/tfjs';`;
    const variables = (rate: number, epochs: number, factor: number) =>
      `const rate = ${rate}; const settings = { epochs: ${epochs}, points: 31 };
      const twice = (x: number) => x * ${factor};`;
    const functions = [
      'function helper(x: number) { return twice(x) * rate + settings.epochs; }',
      `async function trainOnce() { const bar = 1; const w = { w: tf.tensor1d([helper(bar)]) };
        return clone(w); }`,
      `async function kept() {
        const { weights } = await reuse(${JSON.stringify(file)}, { seed: 1, code: trainOnce },
          async () => ({ weights: await trainOnce(), history: [] }));
        console.log(weights.w.dataSync()[0]); }`,
    ];
    const start = async (first: string) => {
      kernel = await startKernel();
      for (const cell of [imports, first, ...functions]) await run(cell);
    };
    afterEach(async () => {
      await kernel.close();
      rmSync(file, { force: true });
    });

    it('a changed helper, or a number that it uses, trains anew; what it does not use does not', async () => {
      // In the file stands factor · rate + epochs.
      await start(variables(0.25, 3, 2));
      assert.equal(await run('await kept()'), '3.5');
      assert.match(
        await run('const bar = 7; settings.points = 61; await kept()'),
        /^taken.*3\.5$/s,
      );
      await run('settings.epochs = 4');
      assert.match(await run('await kept()'), /\(code\.settings\.epochs 3, now 4\) and .*4\.5$/s);
      await run(variables(0.5, 4, 2));
      assert.match(await run('await kept()'), /\(code\.rate 0\.25, now 0\.5\) and .*5$/s);
      await run(variables(0.5, 4, 3));
      assert.match(await run('await kept()'), /\(code\.twice\) and .*5\.5$/s);
      await kernel.close();
      await start(variables(0.5, 4, 3));
      assert.match(await run('await kept()'), /^taken.*5\.5$/s, 'the same after a restart');
    });
  });
});
