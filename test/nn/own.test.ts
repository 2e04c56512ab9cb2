import assert from 'node:assert/strict';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { dataLoader } from '../../lib/data';
import { nativeEngine, tfjsEngine, useBackend } from '../../lib/engine';
import { planOf } from '../../lib/engine/native/plan';
import {
  apply,
  defineLayer,
  initialize,
  type Layer,
  type LayerDefinition,
  type Network,
  sequential,
} from '../../lib/nn';
import { SGD } from '../../lib/optim';
import { evaluatePath, line } from '../../lib/paths';
import { train } from '../../lib/training';
import {
  disposeStateDict,
  equal,
  loadStateDict,
  type StateDict,
  saveStateDict,
} from '../../lib/weights';
import { temporaryFolder } from '../temporaryFolder';
import { toyDataset } from '../toy';

describe('a layer of one’s own', () => {
  before(() => useBackend());
  const folder = temporaryFolder();
  const data = toyDataset(60, 3);
  const swish = defineLayer<{ beta: number }>('swish', {
    outputShape: (_, shape) => shape,
    apply: ({ beta }, _, x) => x.mul(x.mul(beta).sigmoid()),
  });
  const size = data.imageShape.reduce((a, b) => a * b, 1);
  const networkWith = (layer: Layer) =>
    sequential(data.imageShape, [
      { kind: 'reshape', shape: [size] },
      { kind: 'dense', inputs: size, outputs: 5 },
      layer,
      { kind: 'dense', inputs: 5, outputs: data.classes },
    ]);

  async function trained(layer: Layer, checkpoint: string) {
    const network = networkWith(layer);
    const model = { network, weights: initialize(network, 1) };
    const optimizer = SGD({ learningRate: 0.1, momentum: 0.9 });
    const loader = dataLoader(data, { batchSize: 20, shuffle: 1 });
    const history = await train(model, { loader, optimizer, epochs: 4, checkpoint });
    return { model, history };
  }

  it('is trained, evaluated along a path, saved and loaded', async () => {
    const { model, history } = await trained(swish({ beta: 1.5 }), join(folder, 'a'));
    assert.ok(history.at(-1)!.trainLoss < history[0]!.trainLoss);
    const path = line(model.weights, initialize(model.network, 1));
    const datasets = { train: data, test: data };
    const [ours, reference] = [
      await evaluatePath(model.network, path, [0, 0.5, 1], datasets),
      await evaluatePath(model.network, path, [0, 0.5, 1], datasets, { engine: tfjsEngine }),
    ];
    assert.deepEqual(ours, reference);
    const file = join(folder, 'weights.safetensors');
    saveStateDict(file, model.weights);
    assert.ok(equal(loadStateDict(file).stateDict, model.weights));
  });

  it('counts for a checkpoint by its settings and by the text of its functions', async () => {
    const checkpoint = join(folder, 'b');
    await trained(swish({ beta: 1.5 }), checkpoint);
    await assert.rejects(trained(swish({ beta: 2 }), checkpoint), /another training/);
    const namesake = defineLayer<{ beta: number }>('swish', {
      outputShape: (_, shape) => shape,
      apply: ({ beta }, _, x) => x.mul(x.mul(beta).tanh()),
    });
    await assert.rejects(trained(namesake({ beta: 1.5 }), checkpoint), /another training/);
    await trained(swish({ beta: 1.5 }), checkpoint);
  });

  const dense = (weight: number[]) => ({ tensors: () => ({ weight }) });
  const wrong: [what: string, definition: LayerDefinition<void>, RegExp][] = [
    ['a shape that is none', { outputShape: () => [0], apply: (_, __, x) => x }, /a size must be/],
    [
      'another shape than it says',
      { outputShape: (_, s) => s, apply: (_, __, x) => x.sum(1, true) },
      /odd: apply gave shape \[2, 1\], and outputShape says \[2, 5\]/,
    ],
    [
      'no tensor',
      { outputShape: (_, s) => s, apply: () => 3 as unknown as tf.Tensor },
      /odd: apply should give a tensor, got number/,
    ],
    [
      'other weights than it says',
      { outputShape: (_, s) => s, apply: (_, __, x) => x, ...dense([5]), initial: () => ({}) },
      /odd: 'weight' has shape \[5\] in tensors and nothing in initial/,
    ],
    [
      'a number for weights',
      {
        ...{ outputShape: (_, s) => s, apply: (_, __, x) => x, ...dense([5]) },
        initial: () => ({ weight: 3 }) as unknown as StateDict,
      },
      /odd: initial should give a tensor for 'weight', got 3;/,
    ],
    [
      'whole numbers for weights',
      {
        ...{ outputShape: (_, s) => s, apply: (_, __, x) => x, ...dense([5]) },
        initial: () => ({ weight: tf.zeros([5]).cast('int32') }),
      },
      /odd: initial gives 'weight' as int32, and weights are float32/,
    ],
    [
      'a native operation that there is not',
      { outputShape: (_, s) => s, apply: (_, __, x) => x, native: 'gelu' as 'relu' },
      /odd has native 'gelu', and there are keep, dense, relu, sigmoid, tanh;/,
    ],
    [
      'weights without numbers',
      { outputShape: (_, s) => s, apply: (_, __, x) => x, ...dense([5]) },
      /odd has one of tensors and initial/,
    ],
  ];
  for (const [what, definition, message] of wrong) {
    it(`that gives ${what} is refused in one sentence`, () => {
      const before = tf.memory().numTensors;
      const use = () => {
        const network = networkWith(defineLayer('odd', definition)());
        const weights = initialize(network, 1);
        const x = tf.zeros([2, ...data.imageShape]);
        try {
          apply(network, weights, x);
        } finally {
          disposeStateDict(weights, { x });
        }
      };
      assert.throws(use, { name: 'InputError', message });
      assert.equal(tf.memory().numTensors, before);
    });
  }

  it('may hand its input on, which stays the caller’s', () => {
    const same = defineLayer('same', { outputShape: (_, s) => s, apply: (_, __, x) => x });
    const x = tf.ones([1, 3]);
    apply(sequential([3], [same()]), {}, x).dispose();
    assert.ok(!x.isDisposed);
  });

  it('runs on native kernels only if they do the same', () => {
    const leaky = (slope: number) =>
      networkWith(
        defineLayer('leaky', {
          outputShape: (_, shape) => shape,
          apply: (_settings, _tensors, x) => x.leakyRelu(slope),
          native: 'relu',
        })(),
      );
    assert.equal(planOf(leaky(0))?.nonlinearity, 1);
    const weights = initialize(leaky(0.1), 1);
    assert.throws(
      () => nativeEngine.evaluator(leaky(0.1), [weights], data),
      /leaky: it says that the native engine's relu does the same, but it gives numbers/,
    );
  });

  it('is told from a native operation by large numbers too', () => {
    const relu6 = defineLayer('relu6', {
      outputShape: (_, shape) => shape,
      apply: (_settings, _tensors, x) => x.clipByValue(0, 6),
      native: 'relu',
    });
    assert.throws(() => planOf(networkWith(relu6())), /relu6: .* but it gives numbers/);
    const overflowing = defineLayer('overflowing', {
      outputShape: (_, shape) => shape,
      apply: (_settings, _tensors, x) => x.exp().div(x.exp().add(1)),
      native: 'sigmoid',
    });
    assert.throws(() => planOf(networkWith(overflowing())), /overflowing: .* up to NaN/);
    const own = defineLayer<readonly [inputs: number, outputs: number]>('own dense', {
      outputShape: ([, outputs]) => [outputs],
      tensors: ([inputs, outputs]) => ({ weight: [outputs, inputs], bias: [outputs] }),
      initial: ([inputs, outputs]) => ({
        weight: tf.zeros([outputs, inputs]),
        bias: tf.zeros([outputs]),
      }),
      // Sums in another order than matMul.
      apply: (_, { weight, bias }, x) =>
        x.expandDims(1).mul(weight!.reverse(1).reverse(1)).sum(2).add(bias!),
      native: 'dense',
    });
    const wide = sequential([1, 60, 60], [{ kind: 'reshape', shape: [3600] }, own([3600, 10])]);
    assert.equal(planOf(wide)?.layers.length, 1);
  });

  const centred = (train: LayerDefinition<void>['train']) =>
    networkWith(
      defineLayer<void>('centred', {
        outputShape: (_, shape) => shape,
        tensors: () => ({ weight: [5], running_mean: [5] }),
        initial: () => ({ weight: tf.ones([5]), running_mean: tf.zeros([5]) }),
        apply: (_, { weight, running_mean }, x) => x.sub(running_mean!).mul(weight!),
        ...(train && { train }),
      })(),
    );
  const step = async (network: Network) => {
    const model = { network, weights: initialize(network, 1) };
    const loader = dataLoader(data, { batchSize: 20 });
    await train(model, { loader, optimizer: SGD({ learningRate: 0.1 }), epochs: 1 });
    return model.weights;
  };

  it('may keep a buffer as it is', async () => {
    const network = centred((_, { weight, running_mean }, x, pass) => {
      pass.keep({ running_mean: running_mean! });
      return x.mul(weight!);
    });
    const weights = await step(network);
    assert.deepEqual(weights['layers.2.running_mean']!.arraySync(), [0, 0, 0, 0, 0]);
  });

  const misused: [what: string, kept: (x: tf.Tensor) => StateDict, RegExp][] = [
    ['a weight', () => ({ weight: tf.zeros([5]) }), /'weight', float32 \[5\], .* no tensor/],
    ['what is not its own', (x) => ({ mean: x.mean(0) }), /'mean', float32 \[5\], .* no tensor/],
    ['another shape', (x) => ({ running_mean: x.mean() }), /float32 \[\], .* float32 \[5\]/],
    ['another type', () => ({ running_mean: tf.ones([5], 'int32') }), /int32 .* float32/],
  ];
  for (const [what, kept, message] of misused) {
    it(`is refused when it keeps ${what}`, async () => {
      const network = centred((_, { weight }, x, pass) => {
        pass.keep(kept(x));
        return x.mul(weight!);
      });
      await assert.rejects(step(network), { name: 'InputError', message });
    });
  }

  it('is refused when its train gives nothing', async () => {
    const network = centred((() => undefined) as never);
    await assert.rejects(step(network), /centred: train should give a tensor, got undefined/);
  });
});
