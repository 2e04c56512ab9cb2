import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import vm from 'node:vm';
import * as tf from '@tensorflow/tfjs';
import { labelSmoothing } from '../lib/nn';
import { asJson, difference, fromJson } from '../lib/settings';

const json = (value: unknown) => asJson('settings', value);

describe('settings as JSON', () => {
  it('tell apart what JSON makes equal', () => {
    const f = (x: number) => x + 1;
    const different: unknown[] = [
      null,
      undefined,
      true,
      'true',
      0,
      -0,
      '0',
      0n,
      1n,
      Number.NaN,
      'NaN',
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      {},
      [],
      { a: undefined },
      [undefined],
      [null],
      new Map(),
      new Map([[1, 2]]),
      new Map([['1', 2]]),
      new Map<unknown, unknown>([
        [1, 2],
        [3, 4],
      ]),
      new Map<unknown, unknown>([
        [3, 4],
        [1, 2],
      ]),
      new Set(),
      new Set([1]),
      new Set([2]),
      new Date(0),
      new Date(1),
      new Date(0).toJSON(),
      new Date(Number.NaN),
      /a/,
      /a/g,
      '/a/',
      f,
      String(f),
      (x: number) => x + 2,
      Uint8Array.of(1, 2),
      Uint8Array.of(1, 3),
      Int8Array.of(1, 2),
      Uint16Array.of(0x0201),
      Float32Array.of(0),
      Float32Array.of(-0),
      Float32Array.of(Number.NaN),
      Float64Array.of(0),
      Uint8Array.of(1, 2).buffer,
      [1, 2],
      { 0: 1, 1: 2 },
      tf.tensor1d([1, 2]),
      tf.tensor1d([1, 3]),
      tf.tensor1d([1, 2], 'int32'),
      tf.tensor2d([[1, 2]]),
      { $number: 'NaN' },
      { $undefined: '' },
      { $object: {} },
      { $function: String(f) },
      { $map: [] },
    ];
    const shown = different.map(json);
    for (const [i, a] of shown.entries()) {
      // As in a file, and back.
      assert.deepEqual(JSON.parse(JSON.stringify(a)), a);
      for (const [j, b] of shown.entries()) {
        const told = `${i} ${JSON.stringify(a)}, ${j} ${JSON.stringify(b)}`;
        assert.equal(isDeepStrictEqual(a, b), i === j, told);
      }
    }
  });

  it('are the same for the same values, in whatever order and realm', () => {
    const twice = (make: () => unknown) => assert.deepEqual(json(make()), json(make()));
    twice(() => ({ a: [Number.NaN, { b: new Map([[{}, new Set([1])]]) }], f: tf.tensor1d([1]) }));
    assert.deepEqual(json({ a: 1, b: 2 }), json({ b: 2, a: 1 }));
    const elsewhere = vm.runInNewContext('({ a: new Map([[1, [2]]]), b: new Uint8Array([3]) })');
    assert.deepEqual(json(elsewhere), json({ a: new Map([[1, [2]]]), b: Uint8Array.of(3) }));
    const shared = { x: 1 };
    assert.deepEqual(json([shared, shared]), json([{ x: 1 }, { x: 1 }]), 'twice is no cycle');
    const part = new Uint8Array([9, 1, 2, 9]).subarray(1, 3);
    assert.deepEqual(json(part), json(Uint8Array.of(1, 2)));
    const plain = { seed: 1, sizes: [784, 64], network: { layers: [{ kind: 'relu' }] } };
    assert.deepEqual(json(plain), plain, 'plain JSON is itself, so older files are still taken');
  });

  it('tell functions of one text apart by the identity that they may have', () => {
    const times = (k: number) => Object.assign((x: number) => k * x, { identity: `times ${k}` });
    assert.deepEqual(asJson('f', times(2)), { $function: 'times 2' });
    assert.notDeepEqual(asJson('f', times(2)), asJson('f', times(3)));
    assert.deepEqual(asJson('f', labelSmoothing(0.1)), { $function: 'labelSmoothing(0.1)' });
    const odd = Object.assign(() => 1, { identity: 1 });
    assert.deepEqual(asJson('f', odd), { $function: String(odd) }, 'an identity is a text');
  });

  it('refuse what cannot be compared, and name it', () => {
    class Net {
      readonly #rate = 0.1;
      rate() {
        return this.#rate;
      }
    }
    const ring: { self?: unknown } = {};
    ring.self = [ring];
    const disposed = tf.scalar(1);
    disposed.dispose();
    for (const [value, told] of [
      [{ net: new Net() }, /^settings\.net is a Net, which cannot be compared/],
      [[Promise.resolve(1)], /^settings\.0 is a Promise,/],
      [{ a: ring }, /^settings\.a\.self\.0 is an object that holds itself,/],
      [new WeakMap(), /is a WeakMap/],
      [new Error('x'), /is a Error/],
      [Object(1), /is a Number/],
      [Symbol('x'), /is a symbol/],
      [{ [Symbol('x')]: 1 }, /cannot be compared/],
      [{ w: disposed }, /^settings\.w is a disposed tensor/],
      [{ f: Math.max.bind(null, 1) }, /^settings\.f is a bound function \(it has no text\),/],
    ] as const) {
      assert.throws(() => json(value), { name: 'InputError', message: told });
    }
  });

  it('come back as figures, those that are not finite too', () => {
    const figures = { ts: [0, -0, Number.NaN], at: { far: Number.NEGATIVE_INFINITY }, name: 'x' };
    assert.deepEqual(fromJson(JSON.parse(JSON.stringify(json(figures)))), figures);
    assert.notDeepEqual(fromJson(json({ $number: '1' })), 1);
  });

  it('say where they differ', () => {
    const before = json({ seed: 1, by: 'SGD', net: { width: 64, layers: [1] }, old: true });
    const now = json({ seed: Number.NaN, by: 'Adam', net: { width: 64, layers: [2] }, f: () => 1 });
    assert.equal(difference(before, now), 'seed; by SGD, now Adam; net.layers; old; f');
    assert.equal(difference(json({ seed: 1 }), json({ seed: 2 })), 'seed 1, now 2');
    const [hash, other] = ['aaf95f13a316e83599d89479', 'e20550d6d284d6b1383b7b72'];
    assert.equal(difference(json({ code: hash }), json({ code: other })), 'code');
    const optimizers = ['SGD(momentum=0.9, nesterov)', 'SGD(momentum=0.9, weightDecay=0.0005)'];
    const smooth = Object.assign(() => 1, { identity: 'labelSmoothing(0.1)' });
    assert.equal(
      difference(
        json({ optimizer: optimizers[0], loss: 'crossEntropy' }),
        json({ optimizer: optimizers[1], loss: smooth }),
      ),
      `optimizer ${optimizers[0]}, now ${optimizers[1]}; loss crossEntropy, now labelSmoothing(0.1)`,
    );
  });
});
