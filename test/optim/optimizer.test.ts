import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { useBackend } from '../../lib/engine';
import { InputError } from '../../lib/errors';
import { Adam, AdamW, type Optimizer, SGD } from '../../lib/optim';
import { requireStepAt, ruleOf } from '../../lib/optim/optimizer';
import { assertClose } from '../close';
import { stepped } from './toy';

const makers: Record<string, () => Optimizer> = {
  SGD: () => SGD({ learningRate: 0.1 }),
  'SGD with momentum': () => SGD({ learningRate: 0.1, momentum: 0.9, weightDecay: 0.1 }),
  'SGD with Nesterov': () => SGD({ learningRate: 0.1, momentum: 0.9, nesterov: true }),
  Adam: () => Adam({ learningRate: 0.1, weightDecay: 0.1 }),
  AdamW: () => AdamW({ learningRate: 0.1 }),
};

const vector = (...values: number[]) => tf.tensor1d(values);

describe('every optimizer', () => {
  before(async () => void (await useBackend('wasm')));

  for (const [name, make] of Object.entries(makers)) {
    describe(name, () => {
      let liveBefore: number;
      beforeEach(() => {
        liveBefore = tf.memory().numTensors;
      });

      it('keeps the count of live tensors flat, and leaves none when disposed, twice', () => {
        const optimizer = make();
        let weights = { w: vector(1, 2), b: vector(3) } as tf.NamedTensorMap;
        weights = stepped(optimizer, weights, { w: vector(1, 1), b: vector(1) });
        const after1 = tf.memory().numTensors;
        for (let k = 0; k < 100; k++) {
          weights = stepped(optimizer, weights, { w: vector(1, -1), b: vector(k) });
        }
        assert.equal(tf.memory().numTensors, after1);
        tf.dispose(weights);
        optimizer.dispose();
        optimizer.dispose();
        assert.equal(tf.memory().numTensors, liveBefore);
      });

      it('disposes neither argument, and nothing it remembers dies in the caller’s tidy', () => {
        const optimizer = make();
        const weights = { w: vector(1, 2) };
        const gradient = { w: vector(0.5, -1) };
        for (let k = 0; k < 2; k++) tf.tidy(() => void optimizer.step(weights, gradient));
        assertClose(weights.w.dataSync(), [1, 2]);
        assertClose(gradient.w.dataSync(), [0.5, -1]);
        optimizer.dispose();
        tf.dispose([weights, gradient]);
        assert.equal(tf.memory().numTensors, liveBefore);
      });

      it('passes buffers through as clones', () => {
        const optimizer = make();
        const weights = { w: vector(1), mean: vector(7), count: tf.scalar(3, 'int32') };
        const after = stepped(optimizer, weights, { w: vector(1) });
        assert.notEqual(after.w!.dataSync()[0], 1);
        assertClose(after.mean!.dataSync(), [7]);
        assert.equal(after.count!.dtype, 'int32');
        assertClose(after.count!.dataSync(), [3]);
        tf.dispose(after);
        optimizer.dispose();
        assert.equal(tf.memory().numTensors, liveBefore);
      });

      it('does not move at a learning rate of 0, bit for bit', () => {
        const optimizer = make();
        optimizer.learningRate = 0;
        const weights = { w: vector(0.1, -3) };
        const after = stepped(optimizer, weights, { w: vector(5, 7) });
        assert.deepEqual(after.w!.dataSync(), Float32Array.of(0.1, -3));
        tf.dispose(after);
        optimizer.dispose();
      });

      it('refuses gradients of other names, shapes and types, and a rate that is none', () => {
        const optimizer = make();
        const weights = { w: vector(1, 2) };
        const refuses = (gradient: tf.NamedTensorMap, message: RegExp) => {
          assert.throws(
            () => optimizer.step(weights, gradient),
            (error) => error instanceof InputError && message.test(error.message),
          );
          tf.dispose(gradient);
        };
        refuses({ v: vector(1, 2) }, /gradient of 'v' .*\[2\] for the weight nothing/);
        refuses({ w: vector(1, 2, 3) }, /gradient of 'w' .*\[3\] for the weight float32 \[2\]/);
        refuses({ w: tf.tensor1d([1, 2], 'int32') }, /got int32 \[2\]/);
        for (const rate of [-0.1, Number.NaN, Number.POSITIVE_INFINITY]) {
          optimizer.learningRate = rate;
          refuses({ w: vector(1, 2) }, /learningRate must be a finite number of at least 0/);
        }
        tf.dispose(weights);
        assert.equal(tf.memory().numTensors, liveBefore);
      });

      it('lets a NaN in a gradient through to the weights, as torch', () => {
        const optimizer = make();
        const after = stepped(optimizer, { w: vector(1, 2) }, { w: vector(Number.NaN, 0) });
        assert.ok(Number.isNaN(after.w!.dataSync()[0]));
        assert.ok(Number.isFinite(after.w!.dataSync()[1]));
        tf.dispose(after);
        optimizer.dispose();
      });
    });
  }

  it('says its rule and options by name', () => {
    assert.equal(SGD({ learningRate: 1 }).name, 'SGD');
    const nesterov = SGD({ learningRate: 1, momentum: 0.9, nesterov: true });
    assert.equal(nesterov.name, 'SGD(momentum=0.9, nesterov)');
    const adam = Adam({ learningRate: 1 });
    assert.equal(adam.name, 'Adam(beta1=0.9, beta2=0.999, epsilon=1e-8)');
  });

  it('refuses options under torch’s names, and takes settings with fields of their own', () => {
    const wrong = { learningRate: 0.1, weight_decay: 0.1 };
    const settings = { learningRate: 0.1, batchSize: 128, epochs: 3 };
    for (const make of [SGD, Adam, AdamW]) {
      assert.throws(() => make(wrong), {
        name: 'InputError',
        message: /: the option weight_decay is called weightDecay here$/,
      });
      make(settings).dispose();
    }
  });

  it('notices when it is used for another training', () => {
    const optimizer = SGD({ learningRate: 0.1, momentum: 0.9 });
    tf.dispose(stepped(optimizer, { w: vector(1) }, { w: vector(1) }));
    const [other, gradient] = [{ w: vector(1, 2) }, { w: vector(1, 2) }];
    assert.throws(() => optimizer.step(other, gradient), /has stepped 'w' as float32 \[1\] before/);
    tf.dispose([other, gradient]);
    optimizer.dispose();
  });
});

describe('what the native engine has kernels for', () => {
  it('is told with all that its kernels take', () => {
    const adam = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };
    const rate = { learningRate: 1 };
    assert.deepEqual(ruleOf(Adam(rate))?.native, { ...adam, weightDecay: 0, decoupled: false });
    assert.deepEqual(ruleOf(AdamW(rate))?.native, { ...adam, weightDecay: 0.01, decoupled: true });
    assert.deepEqual(ruleOf(SGD({ ...rate, momentum: 0.5 }))?.native, {
      ...{ kind: 'sgd', momentum: 0.5 },
      ...{ nesterov: false, weightDecay: 0 },
    });
  });
});

describe('bad options', () => {
  const learningRate = 0.1;
  const cases: [string, () => Optimizer, RegExp][] = [
    ['a negative rate', () => SGD({ learningRate: -1 }), /^SGD: learningRate must be/],
    ['a rate that is NaN', () => Adam({ learningRate: Number.NaN }), /^Adam.*learningRate must be/],
    ['momentum 1', () => SGD({ learningRate, momentum: 1 }), /momentum .* less than 1, got 1/],
    ['momentum < 0', () => SGD({ learningRate, momentum: -0.1 }), /momentum .* got -0\.1/],
    ['Nesterov alone', () => SGD({ learningRate, nesterov: true }), /nesterov needs a momentum/],
    ['decay < 0', () => SGD({ learningRate, weightDecay: -1 }), /^SGD: weightDecay must/],
    ['β₁ = 1', () => Adam({ learningRate, beta1: 1 }), /^Adam: beta1 must .* got 1/],
    ['β₂ < 0', () => AdamW({ learningRate, beta2: -1 }), /^AdamW: beta2 must .* got -1/],
    ['ε = 0', () => Adam({ learningRate, epsilon: 0 }), /^Adam: epsilon must .* above 0, got 0/],
    ['AdamW decay < 0', () => AdamW({ learningRate, weightDecay: -1 }), /^AdamW: weightDecay/],
  ];
  for (const [what, make, message] of cases) {
    it(`${what} is refused`, () => {
      assert.throws(make, (error) => error instanceof InputError && message.test(error.message));
    });
  }
});

describe('state', () => {
  it('is empty before the first step, and for plain SGD always', () => {
    assert.deepEqual(Adam({ learningRate: 0.1 }).state(), {});
    const plain = SGD({ learningRate: 0.1 });
    tf.dispose(stepped(plain, { w: vector(1) }, { w: vector(1) }));
    assert.deepEqual(plain.state(), {});
  });

  it('has torch’s names, and is a copy', () => {
    const optimizer = SGD({ learningRate: 0.1, momentum: 0.9 });
    tf.dispose(stepped(optimizer, { 'a.weight': vector(1) }, { 'a.weight': vector(4) }));
    const state = optimizer.state();
    assert.deepEqual(Object.keys(state).sort(), ['a.weight.momentum_buffer', 'a.weight.step']);
    // torch's first buffer is the gradient itself.
    assertClose(state['a.weight.momentum_buffer']!.dataSync(), [4]);
    assertClose(state['a.weight.step']!.dataSync(), [1]);
    tf.dispose(state);
    // Second step: b = 0.9·4 + 1 = 4.6, w = 0.6 − 0.1·4.6 = 0.14.
    const after = stepped(optimizer, { 'a.weight': vector(0.6) }, { 'a.weight': vector(1) });
    assertClose(after['a.weight']!.dataSync(), [0.14], { absolute: 1e-7 });
    tf.dispose(after);
    optimizer.dispose();
  });

  it('tells ahead whether the next step fits the weights', () => {
    const liveBefore = tf.memory().numTensors;
    const optimizer = SGD({ learningRate: 0.1, momentum: 0.9 });
    tf.dispose(stepped(optimizer, { 'a.b': vector(1) }, { 'a.b': vector(4) }));
    const next = { 'a.b': vector(2) };
    requireStepAt(optimizer, next);
    const others = { 'a.b': tf.zeros([2]) };
    assert.throws(() => requireStepAt(optimizer, others), /^InputError: SGD.*'a\.b'/);
    tf.dispose([next, others]);
    optimizer.dispose();
    assert.equal(tf.memory().numTensors, liveBefore);
  });

  it('that is incomplete, of another rule or of no step is refused, and nothing changes', () => {
    const liveBefore = tf.memory().numTensors;
    const optimizer = SGD({ learningRate: 0.1, momentum: 0.9 });
    tf.dispose(stepped(optimizer, { w: vector(1) }, { w: vector(4) }));
    const step = () => tf.scalar(1, 'int32');
    const bad: [tf.NamedTensorMap, RegExp][] = [
      [{ 'w.momentum_buffer': vector(1) }, /state of 'w' must hold .* got no step/],
      [{ 'w.step': step() }, /got no momentum_buffer/],
      [
        { 'w.exp_avg': vector(1), 'w.step': step() },
        /its state holds <weight>\.momentum_buffer, <weight>\.step, got 'w\.exp_avg'/,
      ],
      [{ momentum_buffer: vector(1), step: step() }, /got 'momentum_buffer'/],
      [{ 'w.momentum_buffer': vector(1), 'w.step': tf.scalar(0) }, /got step 0/],
    ];
    for (const [state, message] of bad) {
      assert.throws(
        () => optimizer.load(state),
        (error) => error instanceof InputError && message.test(error.message),
      );
      tf.dispose(state);
    }
    const kept = optimizer.state();
    assertClose(kept['w.momentum_buffer']!.dataSync(), [4]);
    tf.dispose(kept);
    optimizer.load({});
    assert.deepEqual(optimizer.state(), {}, 'an empty state is a fresh start');
    const foreign = { 'w.exp_avg': vector(1) };
    assert.throws(() => SGD({ learningRate: 1 }).load(foreign), /holds no state, got 'w\.exp_avg'/);
    tf.dispose(foreign);
    assert.equal(tf.memory().numTensors, liveBefore);
  });
});
