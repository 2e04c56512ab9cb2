import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { type Engine, nativeEngine, tfjsEngine, useBackend } from '../../lib/engine';
import { crossEntropy, initialize } from '../../lib/nn';
import { type Optimizer, SGD } from '../../lib/optim';
import { performEpoch } from '../../lib/training';
import { clone, equal, mapStateDict, type StateDict } from '../../lib/weights';
import { toyNetwork } from '../toy';
import { plain } from './plainLoader';

describe('optimizers of one’s own, on the fast engine', () => {
  before(() => useBackend());

  it('what an optimizer of one’s own gives back is checked before the old weights go', async () => {
    const steps: [string, (weights: StateDict) => unknown, RegExp][] = [
      ['nothing', () => undefined, /mine: .* float32 .* in the first, nothing in the second/],
      ['numbers', (weights) => mapStateDict(weights, () => 3 as never), /mine: its step must give/],
      ['a promise', async (weights) => clone(weights), /a new tensor for each .* no promise$/],
      ['the same', (weights) => weights, /mine: its step gave back 'layers\.1\.weight' itself/],
      [
        'one of the old',
        (weights) => ({ ...clone(weights), 'layers.1.bias': weights['layers.1.bias'] }),
        /mine: its step gave back 'layers\.1\.bias' itself, .* a clone where nothing changes/,
      ],
    ];
    for (const [name, step, message] of steps) {
      const model = { network: toyNetwork, weights: initialize(toyNetwork, 1) };
      const optimizer = { ...SGD({ learningRate: 1 }), name: 'mine', step } as Optimizer;
      const run = performEpoch(model, plain(), crossEntropy, optimizer);
      await assert.rejects(run, { name: 'InputError', message }, name);
      assert.ok(equal(model.weights, initialize(toyNetwork, 1)), name);
    }
    const model = { network: toyNetwork, weights: initialize(toyNetwork, 1) };
    const counted = { ...SGD({ learningRate: 1 }), state: () => ({ count: tf.scalar(3) }) };
    await performEpoch(model, plain(), crossEntropy, { ...counted, step: (w) => clone(w) });
    assert.ok(equal(model.weights, initialize(toyNetwork, 1)), 'a memory of no weight is its own');
  });

  it('a copy with another step is asked for its steps', async () => {
    const base = SGD({ learningRate: 0.5, momentum: 0.9 });
    let steps = 0;
    const own = {
      ...base,
      step(...[weights, gradient]: Parameters<typeof base.step>) {
        steps++;
        return base.step.call(this, weights, gradient);
      },
    };
    const model = { network: toyNetwork, weights: initialize(toyNetwork, 1) };
    await performEpoch(model, plain(), crossEntropy, own);
    assert.equal(steps, 9);
  });

  it('one that has stepped some tensors only goes on where each of them is', async () => {
    const trained = async (engine: Engine) => {
      const optimizer = SGD({ learningRate: 0.1, momentum: 0.9 });
      const weights = initialize(toyNetwork, 1);
      const { 'layers.1.weight': gradient } = initialize(toyNetwork, 2);
      const stepped = optimizer.step(weights, { 'layers.1.weight': gradient! });
      const model = { network: toyNetwork, weights: stepped };
      await performEpoch(model, plain(), crossEntropy, optimizer, { engine });
      return model.weights;
    };
    assert.ok(equal(await trained(nativeEngine), await trained(tfjsEngine)));
  });
});
