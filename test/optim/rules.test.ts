import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { useBackend } from '../../lib/engine';
import { Adam, AdamW, type Optimizer, SGD } from '../../lib/optim';
import type { StateDict } from '../../lib/weights';
import { assertClose } from '../close';
import fixtures from './fixtures.json';
import { type Flat, stateDictOf, stepped } from './toy';

const rules = { SGD, Adam, AdamW };
const shapes: Record<string, number[]> = fixtures.shapes;

// torch and tfjs round each float32 operation, in another order and number: a few units in the
// last place (6e-8) a step, over 12 steps on weights up to about 3.
const tolerance = { relative: 2e-6, absolute: 2e-6 };

function build({ rule, options }: (typeof fixtures.rules)[number]): Optimizer {
  return rules[rule as keyof typeof rules](options);
}

function assertSame(actual: StateDict, expected: Flat): void {
  for (const [name, values] of Object.entries(expected)) {
    assert.ok(actual[name], `${name} is there`);
    assertClose(actual[name].dataSync(), values, tolerance);
  }
}

const gpu = process.env.LAB_BACKEND === 'webgpu' ? (['webgpu'] as const) : [];
for (const backend of ['wasm', 'cpu', ...gpu] as const) {
  describe(`optimizers against torch ${fixtures.torch}, on ${backend}`, () => {
    before(async () => void (await useBackend(backend)));

    for (const fixture of fixtures.rules) {
      it(`${fixture.rule} ${JSON.stringify(fixture.options)}: every step and the state`, () => {
        assert.equal(fixture.weights.length, 12);
        const liveBefore = tf.memory().numTensors;
        const optimizer = build(fixture);
        let weights = stateDictOf(fixtures.start, shapes);
        fixture.weights.forEach((expected, k) => {
          weights = stepped(optimizer, weights, stateDictOf(fixtures.gradients[k]!, shapes));
          assertSame(weights, expected);
        });
        const state = optimizer.state();
        assertSame(state, fixture.state as unknown as Flat);
        tf.dispose([weights, state]);
        optimizer.dispose();
        assert.equal(tf.memory().numTensors, liveBefore, 'live tensors');
      });

      it(`${fixture.rule} ${JSON.stringify(fixture.options)}: saved and resumed, the same bits`, () => {
        const straight = build(fixture);
        const [first, second] = [build(fixture), build(fixture)];
        let a = stateDictOf(fixtures.start, shapes);
        let b = stateDictOf(fixtures.start, shapes);
        for (const [k, numbers] of fixtures.gradients.entries()) {
          a = stepped(straight, a, stateDictOf(numbers, shapes));
          if (k === 5) {
            const state = first.state();
            first.dispose();
            second.load(state);
            tf.dispose(state);
          }
          b = stepped(k < 5 ? first : second, b, stateDictOf(numbers, shapes));
        }
        for (const name of Object.keys(a)) {
          assert.deepEqual(a[name]!.dataSync(), b[name]!.dataSync());
        }
        tf.dispose([a, b]);
        straight.dispose();
        second.dispose();
      });
    }
  });
}
