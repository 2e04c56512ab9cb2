import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { nativeEngine, tfjsEngine, useBackend } from '../../lib/engine';
import { initialize, type Layer, type Network, sequential } from '../../lib/nn';
import { applyLayer } from '../../lib/nn/apply';
import type { Shape } from '../../lib/nn/kind';
import { kindOf, kinds } from '../../lib/nn/kinds';
import { generator } from '../../lib/random';
import { sizeOf } from '../../lib/shape';
import { disposeStateDict, type StateDict } from '../../lib/weights';
import { assertClose } from '../close';
import { cases, examples } from './kindExamples';
import {
  CLASSES,
  COUNT,
  changesNumbers,
  dataset,
  directionsBeside,
  dot,
  eight,
  INPUT,
  learn,
  losses,
  RATE,
  reaching,
  slopeAlong,
  tensorsOf,
  toEight,
  toVector,
  weightsOf,
  without,
} from './kindTrials';

/** What comes before the layer; behind it comes a dense layer to the logits. */
const places: Record<string, readonly Layer[]> = {
  first: [],
  'among images': [
    { kind: 'channelsLast' },
    // Four channels: what normalises two of them is nearly a step, and no difference is its slope.
    { kind: 'conv2d', inputs: 2, outputs: 4, kernelSize: 3, padding: 'same' },
  ],
  'on the pixels': [toVector],
  'behind a dense layer': [toVector, toEight],
  'behind a nonlinearity': [toVector, toEight, { kind: 'tanh' }],
  'behind two dense layers': [toVector, toEight, { kind: 'relu' }, eight],
  'behind a reshape between': [toVector, toEight, { kind: 'reshape', shape: [8] }],
};

/** Undefined where the layer does not take what is before it. */
function withLayer(name: string, before: readonly Layer[]): Network | undefined {
  let shape: Shape = INPUT;
  for (const layer of before) shape = kindOf(layer).outputShape(layer, shape);
  const layer = cases[name]!(shape);
  try {
    shape = kindOf(layer).outputShape(layer, shape);
  } catch {
    return undefined;
  }
  const inputs = sizeOf(shape);
  const logits: Layer = { kind: 'dense', inputs, outputs: CLASSES };
  const after: Layer[] =
    shape.length === 1 ? [logits] : [{ kind: 'reshape', shape: [inputs] }, logits];
  return sequential(INPUT, [...before, layer, ...after]);
}

describe('every kind of layer', () => {
  before(() => useBackend());

  it('has an example here', () => {
    assert.deepEqual(Object.keys(examples).sort(), Object.keys(kinds).sort());
  });

  for (const kind of Object.keys(cases)) {
    const found = Object.entries(places).flatMap(([place, before]) => {
      const network = withLayer(kind, before);
      return network ? [{ place, network, at: before.length }] : [];
    });

    it(`${kind} says the shapes of what it gives and of its tensors`, () => {
      assert.ok(found.length > 0);
      for (const { network, at } of found) {
        const layer = network.layers[at]!;
        const record = kindOf(layer);
        const weights = initialize(network, 1);
        const tensors = tensorsOf(network, weights, at);
        const shapes = Object.entries(tensors).map(([name, { shape }]) => [name, shape]);
        assert.deepEqual(Object.fromEntries(shapes), record.tensors(layer));
        const x = tf.tidy(() => reaching(network, weights, at));
        const live = tf.memory().numTensors;
        const keep = (buffers: StateDict) => tf.dispose(buffers);
        for (const training of [undefined, { random: generator(1), keep }]) {
          const y = tf.tidy(() => applyLayer(layer, tensors, x, training));
          assert.deepEqual(y.shape, [COUNT, ...record.outputShape(layer, x.shape.slice(1))]);
          assert.notEqual(y, x, 'the caller disposes both');
          y.dispose();
        }
        assert.equal(tf.memory().numTensors, live);
        tf.dispose([x, weights]);
      }
    });

    it(`${kind} gives the same figures on both engines, and is nowhere left out`, async () => {
      for (const { place, network, at } of found) {
        const anchors = [1, 2].map((seed) => weightsOf(network, seed));
        const expected = await losses(tfjsEngine, network, anchors);
        assertClose(await losses(nativeEngine, network, anchors), expected, { relative: 1e-5 });
        if (changesNumbers(network, anchors[0]!, at)) {
          const [identity, others] = without(network, anchors, at);
          for (const engine of [nativeEngine, tfjsEngine]) {
            const [loss] = await losses(engine, identity, others);
            assert.ok(Math.abs(loss! - expected[0]!) > 1e-3, `${place}: as if it were not there`);
          }
        }
        disposeStateDict(...anchors);
      }
    });

    it(`${kind} has the gradient of its loss, on both engines`, async () => {
      for (const { place, network } of found) {
        const weights = weightsOf(network, 3);
        const native = await learn(nativeEngine, network, weights, RATE);
        const reference = await learn(tfjsEngine, network, weights, RATE);
        const all = Object.values(reference.gradient).flat();
        const size = Math.sqrt(dot(all, all));
        for (const [name, g] of Object.entries(reference.gradient)) {
          assertClose(native.gradient[name]!, g, { absolute: 1e-4 * size });
          for (const engine of [nativeEngine, tfjsEngine]) {
            for (const direction of directionsBeside(g)) {
              const slope = await slopeAlong(engine, network, weights, name, direction);
              const wrong = Math.abs(slope - dot(g, direction)) / size;
              // Half of that is seen where a step goes over a kink of ReLU or of a maximum.
              assert.ok(wrong <= 0.01, `${place}, ${name} on ${engine.name}: off by ${wrong}`);
            }
          }
        }
        disposeStateDict(weights);
      }
    });
  }
});

describe('a kind of layer that there is not', () => {
  before(() => useBackend());
  const unknown = { kind: 'swish' } as unknown as Layer;
  const layers: Layer[] = [toVector, toEight, { kind: 'relu' }, eight];
  const [relu, swish] = [layers, layers.with(2, unknown)].map((layers) => ({
    layers,
    inputShape: INPUT,
    outputSize: 8,
  }));

  it('is refused by sequential in one sentence, whatever is given as a layer', () => {
    const known = Object.keys(kinds).filter((kind) => kind !== 'own');
    const sentence = (kind: string) =>
      `InputError: there is no layer of kind ${kind}; the kinds are ${known.join(', ')}, and ` +
      'defineLayer makes others';
    const others = [unknown, { kind: 'toString' }, { kind: '__proto__' }, {}, undefined, 3];
    for (const layer of others as Layer[]) {
      assert.throws(
        () => sequential(INPUT, layers.with(2, layer)),
        (error) => String(error) === sentence(String(layer?.kind)),
      );
    }
  });

  it('is refused by every engine, and never left out', async () => {
    const weights = initialize(relu!, 1);
    for (const engine of [nativeEngine, tfjsEngine]) {
      assert.throws(() => engine.evaluator(swish!, [weights], dataset), /no layer of kind swish/);
      await assert.rejects(learn(engine, swish!, weights, 1), /no layer of kind swish/);
      await engine.evaluator(relu!, [weights], dataset).dispose();
    }
    disposeStateDict(weights);
  });
});
