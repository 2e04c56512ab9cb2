import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { type Dataset, dataLoader, makeDataset } from '../../lib/data';
import { type Descent, nativeEngine, tfjsEngine, useBackend } from '../../lib/engine';
import { ClassifierFC, crossEntropy, initialize, type Network } from '../../lib/nn';
import { Adam, type Optimizer, SGD } from '../../lib/optim';
import { clone, disposeStateDict, equal, type StateDict } from '../../lib/weights';
import { toyDataset } from '../toy';

const network = ClassifierFC({ inputShape: [1, 4, 4], outputSize: 10, hiddenDim: 5 });
const wider = ClassifierFC({ inputShape: [1, 4, 4], outputSize: 10, hiddenDim: 6 });
const right = toyDataset(20, 1);

/** The right dataset in another shape, or with other labels. */
const reshaped = (...imageShape: [number, number, number]): Dataset =>
  makeDataset({
    ...right,
    imageShape,
    images: new Uint8Array(20 * imageShape[0] * imageShape[1] * imageShape[2]),
  });
const labelled = (label: number) =>
  makeDataset({ ...right, classes: 256, labels: new Uint8Array(20).fill(label, 19) });

/** What datasets are refused, on both verbs. */
const datasets: [string, Dataset, RegExp][] = [
  [
    'no sample',
    { ...right, length: 0 },
    /toy-20-1 has no sample, so there is no batch and no mean/,
  ],
  ['smaller images', reshaped(1, 2, 2), /inputShape \[1, 4, 4\], got \[1, 2, 2\]/],
  ['larger images', reshaped(1, 32, 32), /inputShape \[1, 4, 4\], got \[1, 32, 32\]/],
  ['as many pixels in another shape', reshaped(4, 2, 2), /inputShape \[1, 4, 4\], got \[4, 2, 2\]/],
  ['a label that is no output', labelled(10), /classes below 10.*got 10 at position 19/],
  ['the largest label', labelled(255), /classes below 10.*got 255 at position 19/],
  ['fewer images than it says', { ...right, length: 21 }, /21 images of 16 bytes.*got 320 bytes/],
];

/** How weights are spoilt, and what is said then. */
const weights: [string, (own: StateDict) => StateDict, RegExp][] = [
  [
    'of another architecture',
    () => initialize(wider, 1),
    /expected shape \[5, 16\], got shape \[6/,
  ],
  [
    'with a tensor missing',
    ({ 'layers.3.bias': _, ...others }) => others,
    /'layers\.3\.bias': expected shape \[10\], got nothing/,
  ],
  [
    'with a tensor too many',
    (own) => ({ ...own, more: tf.zeros([1]) }),
    /'more': expected nothing, got shape \[1\]/,
  ],
  [
    'of integers',
    (own) => ({ ...own, 'layers.1.bias': tf.zeros([5], 'int32') }),
    /'layers\.1\.bias': expected a float32 tensor, got int32/,
  ],
  [
    'disposed',
    (own) => {
      own['layers.1.bias']!.dispose();
      return own;
    },
    /'layers\.1\.bias': expected a float32 tensor, got one that is disposed/,
  ],
  [
    'that are arrays',
    (own) => ({ ...own, 'layers.1.bias': [0, 0, 0, 0, 0] as unknown as tf.Tensor }),
    /'layers\.1\.bias': expected a float32 tensor, got no tensor/,
  ],
];

/** Changes of a descent that is right, and what is said of them. */
const descents: [string, (task: Descent) => Partial<Descent>, RegExp][] = [
  ...datasets.map(([what, dataset, message]) => {
    const loader = { ...dataLoader(right, { batchSize: 7 }), dataset };
    return [what, () => ({ loader }), message] as [string, () => Partial<Descent>, RegExp];
  }),
  ...[Number.NaN, -0.1, Number.POSITIVE_INFINITY].map((rate) => {
    const change = ({ optimizer }: Descent) => {
      optimizer.learningRate = rate;
      return {};
    };
    const message = /learningRate must be a finite number of at least 0/;
    return [`rate ${rate}`, change, message] as [string, typeof change, RegExp];
  }),
  [
    'a dataset in the place of its loader',
    () => ({ loader: right as unknown as Descent['loader'] }),
    /expected a loader, got a dataset; dataLoader/,
  ],
  [
    'an optimizer of another net',
    () => ({ optimizer: stepped(wider) }),
    /it has stepped 'layers\.1\.weight' as float32 \[6, 16\] before, got float32 \[5, 16\] now/,
  ],
  [
    'coefficients for fewer batches than there are',
    ({ point }) => ({ family: { fixed: [point.weights], coefficients: [[1, 0]] } }),
    /coefficients for each of 3 batches, got 1/,
  ],
  ...[[1], [1, 0, 0], [1, Number.NaN], [Number.POSITIVE_INFINITY, 0]].map((row) => {
    const change = ({ point }: Descent) => ({
      family: { fixed: [point.weights], coefficients: [[1, 0], row, [0, 1]] },
    });
    const message = /expected 2 coefficients a point|coefficients must be finite/;
    return [`coefficients ${row}`, change, message] as [string, typeof change, RegExp];
  }),
  [
    'fixed points of another net',
    () => ({
      family: {
        fixed: [initialize(wider, 1)],
        coefficients: [
          [0, 1],
          [0, 1],
          [0, 1],
        ],
      },
    }),
    /expected shape \[5, 16\], got shape \[6/,
  ],
  [
    'a network whose layers do not fit together',
    () => ({ network: { ...network, layers: network.layers.slice(0, 3) } }),
    /outputSize of 10, but its layers give 5/,
  ],
  [
    'no batch',
    () => ({ loader: dataLoader({ ...right, length: 0 }, { batchSize: 1 }) }),
    /no batch/,
  ],
];

function stepped(of: Network): Optimizer {
  const optimizer = Adam({ learningRate: 0.1 });
  const [at, gradient] = [initialize(of, 1), initialize(of, 2)];
  disposeStateDict(optimizer.step(at, gradient), at, gradient);
  return optimizer;
}

for (const engine of [nativeEngine, tfjsEngine]) {
  describe(`what every engine refuses: ${engine.name}`, () => {
    before(() => useBackend());

    for (const [what, change, message] of descents) {
      it(`descends not on ${what}`, async () => {
        const start = initialize(network, 3);
        const point = { weights: start };
        const loader = dataLoader(right, { batchSize: 7 });
        const task = {
          network,
          point,
          loader,
          lossFunction: crossEntropy,
          optimizer: stepped(network),
        };
        const wrong = { ...task, ...change(task) };
        const [kept, state] = [clone(start), wrong.optimizer.state()];
        const before = tf.memory().numTensors;
        await assert.rejects(engine.descend(wrong), (error: Error) => {
          assert.equal(error.name, 'InputError');
          assert.match(error.message, message);
          return true;
        });
        assert.equal(tf.memory().numTensors, before);
        assert.equal(point.weights, start);
        assert.ok(equal(start, kept), 'the point is as it was');
        assert.ok(equal(wrong.optimizer.state(), state), 'the optimizer is as it was');
      });
    }

    for (const [what, spoil, message] of weights) {
      it(`takes no weights ${what}`, async () => {
        const wrong = spoil(initialize(network, 4));
        const loader = dataLoader(right, { batchSize: 7 });
        const optimizer = SGD({ learningRate: 0.1 });
        const point = { weights: wrong };
        const before = tf.memory().numTensors;
        const refusal = (error: Error) =>
          error.name === 'InputError' && message.test(error.message);
        const task = { network, point, loader, lossFunction: crossEntropy, optimizer };
        await assert.rejects(engine.descend(task), refusal);
        assert.throws(() => engine.evaluator(network, [wrong], right), refusal);
        assert.equal(tf.memory().numTensors, before);
        assert.equal(point.weights, wrong);
      });
    }

    for (const [what, dataset, message] of datasets) {
      it(`evaluates not on ${what}`, () => {
        const before = tf.memory().numTensors;
        const anchors = [initialize(network, 1)];
        const make = () => engine.evaluator(network, anchors, dataset);
        assert.throws(make, (error: Error) => {
          assert.equal(error.name, 'InputError');
          assert.match(error.message, message);
          return true;
        });
        disposeStateDict(...anchors);
        assert.equal(tf.memory().numTensors, before);
      });
    }

    it('evaluates only at points with a finite coefficient for each anchor, while it may', async () => {
      const anchors = [initialize(network, 1), initialize(network, 2)];
      const before = tf.memory().numTensors;
      assert.throws(() => engine.evaluator(network, [], right), /at least one anchor/);
      const evaluator = engine.evaluator(network, anchors, right);
      for (const point of [[], [1], [1, 2, 3], [1, Number.NaN], [Number.NEGATIVE_INFINITY, 0]]) {
        await assert.rejects(evaluator.evaluate([[1, 0], point]), { name: 'InputError' });
      }
      const [figures] = await evaluator.evaluate([[0.5, 0.5]]);
      // Disposed while it runs: what it holds is freed after the last evaluation.
      const running = evaluator.evaluate([[0.5, 0.5]]);
      evaluator.dispose();
      assert.deepEqual(await running, [figures]);
      await assert.rejects(evaluator.evaluate([[0.5, 0.5]]), /disposed/);
      assert.equal(tf.memory().numTensors, before);
    });
  });
}
