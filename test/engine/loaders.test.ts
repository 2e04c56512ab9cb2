import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { type Batch, type DataLoader, dataLoader, makeDataset, take } from '../../lib/data';
import {
  type Engine,
  estimateTraining,
  nativeEngine,
  tfjsEngine,
  useBackend,
} from '../../lib/engine';
import { crossEntropy, initialize } from '../../lib/nn';
import { SGD } from '../../lib/optim';
import { fitBend } from '../../lib/paths';
import { performEpoch, train } from '../../lib/training';
import { equal } from '../../lib/weights';
import { assertClose } from '../close';
import { toyDataset, toyNetwork } from '../toy';
import { dataset, plain } from './plainLoader';

const black = makeDataset({ ...dataset, images: new Uint8Array(60 * 16) });

/** Batches whose images are black, while the dataset's are not. */
function* darkened(batches: Iterable<Batch>): Generator<Batch> {
  for (const batch of batches) {
    const x = tf.zerosLike(batch.x);
    try {
      yield { ...batch, x };
    } finally {
      x.dispose();
    }
  }
}

/** Loaders of black images by every way that TypeScript has to make one of another. */
const dark: Record<string, () => DataLoader> = {
  'a copy with an iterator of its own': () => ({
    ...plain(),
    [Symbol.iterator]: () => darkened(plain()),
  }),
  'a loader whose iterator is replaced': () => {
    const loader = plain();
    loader[Symbol.iterator] = () => darkened(plain());
    return loader;
  },
  'a proxy': () =>
    new Proxy(plain(), {
      get: (target, key) =>
        key === Symbol.iterator ? () => darkened(target) : Reflect.get(target, key),
    }),
  'a class': () =>
    new (class implements DataLoader {
      readonly dataset = dataset;
      readonly batchSize = 7;
      readonly length = 9;
      epoch = 0;
      nextOrder() {
        return plain().nextOrder();
      }
      [Symbol.iterator]() {
        return darkened(plain());
      }
    })(),
};

describe('loaders of one’s own, on the fast engine as on the reference', () => {
  before(() => useBackend());

  /** Figures and weights after an epoch, begun at the same point. */
  async function epoch(loader: DataLoader, engine: Engine = nativeEngine, learningRate = 0.5) {
    const model = { network: toyNetwork, weights: initialize(toyNetwork, 1) };
    const optimizer = SGD({ learningRate });
    const figures = await performEpoch(model, loader, crossEntropy, optimizer, { engine });
    return { figures, weights: model.weights };
  }
  /** What an evaluation of black images says, which no loader has a hand in. */
  async function onBlack() {
    const weights = initialize(toyNetwork, 1);
    const evaluator = nativeEngine.evaluator(toyNetwork, [weights], black);
    const [figures] = await evaluator.evaluate([[1]]);
    evaluator.dispose();
    return figures!;
  }

  for (const [name, make] of Object.entries(dark)) {
    it(`${name} is asked for its batches`, async () => {
      const { figures } = await epoch(make(), nativeEngine, 0);
      const expected = await onBlack();
      assertClose(figures.loss, expected.loss, { relative: 1e-6 });
      assertClose(figures.accuracy, expected.accuracy, { relative: 1e-12 });
      const [ours, reference] = [await epoch(make()), await epoch(make(), tfjsEngine)];
      assert.deepEqual(ours.figures, reference.figures);
      assert.ok(equal(ours.weights, reference.weights));
    });
  }

  it('train, fitBend, estimateTraining and performEpoch without an optimizer ask it as well', async () => {
    const expected = await onBlack();
    const make = dark['a copy with an iterator of its own']!;
    const model = { network: toyNetwork, weights: initialize(toyNetwork, 1) };
    const still = SGD({ learningRate: 0 });
    const [row] = await train(model, {
      loader: make(),
      testLoader: make(),
      optimizer: still,
      epochs: 1,
    });
    assertClose([row!.trainLoss, row!.testLoss!], [expected.loss, expected.loss], {
      relative: 1e-6,
    });
    let asked = 0;
    const counting: DataLoader = {
      ...plain(),
      epoch: 4,
      *[Symbol.iterator]() {
        this.epoch++;
        for (const batch of plain()) {
          asked++;
          yield batch;
        }
      },
    };
    const [w1, w2] = [initialize(toyNetwork, 1), initialize(toyNetwork, 2)];
    await fitBend(toyNetwork, w1, w2, { loader: counting, optimizer: still, epochs: 2, seed: 1 });
    assert.equal(asked, 2 * 9, 'nine batches an epoch');
    const { epoch } = counting;
    await estimateTraining(toyNetwork, counting, 1);
    assert.equal(asked, 4 * 9, 'all nine twice, being fewer than a trial takes');
    assert.equal(counting.epoch, epoch);
  });

  it('a copy with other fields does as they say', async () => {
    const fields = [
      [{ shuffle: 8 }, plain({ shuffle: 8 })],
      [{ shuffle: undefined }, plain({ shuffle: undefined })],
      [{ drop: true, length: 8 }, plain({ drop: true })],
      [{ epoch: 5 }, Object.assign(plain(), { epoch: 5 })],
      [
        { dataset: take(dataset, 20), length: 3 },
        dataLoader(take(dataset, 20), { batchSize: 7, shuffle: 3 }),
      ],
      [{ batchSize: 20, length: 3 }, plain({ batchSize: 20 })],
    ] as const;
    for (const [change, expected] of fields) {
      for (const engine of [nativeEngine, tfjsEngine]) {
        const [ours, theirs] = [
          await epoch({ ...plain(), ...change }, engine),
          await epoch(Object.assign({ ...expected }), engine),
        ];
        assert.deepEqual(ours.figures, theirs.figures, JSON.stringify(change));
        assert.ok(equal(ours.weights, theirs.weights));
      }
    }
  });

  it('an order of one’s own is gone by', async () => {
    // The first ten samples, twice: what a dataset of these twenty has in its own order.
    const twice = Uint32Array.from({ length: 20 }, (_, i) => i % 10);
    const expected = makeDataset({
      ...dataset,
      images: Uint8Array.from([...dataset.images.slice(0, 160), ...dataset.images.slice(0, 160)]),
      labels: Uint8Array.from(twice, (i) => dataset.labels[i]!),
    });
    for (const engine of [nativeEngine, tfjsEngine]) {
      const own = { ...plain(), length: 3, nextOrder: () => twice };
      const [ours, theirs] = [
        await epoch(own, engine),
        await epoch(dataLoader(expected, { batchSize: 7 }), engine),
      ];
      assert.deepEqual(ours.figures, theirs.figures);
      assert.ok(equal(ours.weights, theirs.weights));
      const model = { network: toyNetwork, weights: initialize(toyNetwork, 1) };
      const measured = await performEpoch(model, own, crossEntropy, undefined, { engine });
      const whole = dataLoader(expected, { batchSize: 7 });
      const right = await performEpoch(model, whole, crossEntropy, undefined, { engine });
      assertClose(measured.loss, right.loss, { relative: 1e-6 });
    }
  });

  it('a batch of another size than it says is refused', async () => {
    const halves = function* () {
      for (const batch of plain()) yield { ...batch, size: batch.size * 2 };
    };
    for (const engine of [nativeEngine, tfjsEngine]) {
      for (const optimizer of [SGD({ learningRate: 0.1 }), undefined]) {
        const model = { network: toyNetwork, weights: initialize(toyNetwork, 1) };
        const loader = { ...plain(), [Symbol.iterator]: halves };
        await assert.rejects(performEpoch(model, loader, crossEntropy, optimizer, { engine }), {
          name: 'InputError',
          message: /its size is 14, and holds 7 images and 7 labels; change x, y and size/,
        });
        assert.ok(equal(model.weights, initialize(toyNetwork, 1)));
      }
    }
  });

  it('what a pass cannot be is refused, before a step', async () => {
    const wrong: [Partial<DataLoader>, RegExp][] = [
      [{ nextOrder: () => Uint32Array.of(59, 60) }, /positions below 60, .* got 60/],
      [{ nextOrder: () => Uint32Array.of(1) }, /length of 1, the batches of 7 in 1 samples, got 9/],
      [{ length: 10 }, /length of 9, the batches of 7 in 60 samples, got 10; make another loader/],
      [{ length: 7 }, /length of 9, the batches of 7 in 60 samples, got 7/],
      [{ length: 0 }, /length of 9, the batches of 7 in 60 samples, got 0/],
      [{ dataset: take(dataset, 56) }, /length of 8, the batches of 7 in 56 samples, got 9/],
      [{ dataset: toyDataset(80, 1) }, /length of 12, the batches of 7 in 80 samples, got 9/],
      [{ batchSize: 8 }, /length of 8, the batches of 8 in 60 samples, got 9/],
      [{ batchSize: 3 }, /length of 20, the batches of 3 in 60 samples, got 9/],
      // Not to be taken for a loader that leaves out the short last batch.
      [{ length: 8 }, /length of 9, the batches of 7 in 60 samples, got 8/],
      [{ drop: true }, /length of 8, the whole batches of 7 in 60 samples, got 9/],
      [{ batchSize: 0 }, /batchSize must be an integer of at least 1/],
      [{ length: 1.5 }, /length must be an integer of at least 0/],
    ];
    for (const engine of [nativeEngine, tfjsEngine]) {
      for (const [change, message] of wrong) {
        const length = change.nextOrder?.().length === 2 ? { length: 1 } : {};
        const before = tf.memory().numTensors;
        const weights = initialize(toyNetwork, 1);
        const model = { network: toyNetwork, weights };
        const loader = { ...plain(), ...length, ...change };
        const optimizer = SGD({ learningRate: 0.1 });
        await assert.rejects(performEpoch(model, loader, crossEntropy, optimizer, { engine }), {
          name: 'InputError',
          message,
        });
        assert.equal(model.weights, weights);
        tf.dispose(weights);
        assert.equal(tf.memory().numTensors, before);
      }
    }
  });

  it('nothing is estimated of a length that does not follow', async () => {
    const run = estimateTraining(toyNetwork, { ...plain(), batchSize: 3 }, 1);
    await assert.rejects(run, /InputError: .* length of 20, the batches of 3 in 60 samples, got 9/);
  });

  it('more batches than coefficients are refused when they come, after whole steps', async () => {
    const longer = { ...plain(), length: 2, [Symbol.iterator]: () => plain()[Symbol.iterator]() };
    const [w1, w2] = [initialize(toyNetwork, 1), initialize(toyNetwork, 2)];
    const optimizer = SGD({ learningRate: 0.1 });
    const before = tf.memory().numTensors;
    await assert.rejects(
      fitBend(toyNetwork, w1, w2, { loader: longer, optimizer, epochs: 1, seed: 1 }),
      /more batches than the 2 that there are coefficients for/,
    );
    assert.equal(tf.memory().numTensors, before);
  });
});
