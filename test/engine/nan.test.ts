import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { dataLoader, makeDataset } from '../../lib/data';
import { type Engine, nativeEngine, tfjsEngine, useBackend } from '../../lib/engine';
import {
  ClassifierFC,
  countCorrect,
  crossEntropy,
  initialize,
  type LossFunction,
  sumOverLogits,
} from '../../lib/nn';
import { SGD } from '../../lib/optim';
import { labelsAlong, line } from '../../lib/paths';
import { performEpoch } from '../../lib/training';
import { clone, equal, type StateDict } from '../../lib/weights';
import { assertClose } from '../close';
import { toyDataset, toyNetwork } from '../toy';

const engines = [nativeEngine, tfjsEngine];
const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

describe('a coefficient 0 beside NaN, ∞ and what overflows', () => {
  before(() => useBackend());
  const dataset = toyDataset(200, 1);
  const good = [1, 2].map((seed) => initialize(toyNetwork, seed)) as [StateDict, StateDict];

  /** The good weights with one number of one tensor, or all of them, replaced. */
  function spoilt(name: string, value: number, whole: boolean): StateDict {
    const tensor = good[0][name]!;
    const values = tensor.dataSync().slice();
    if (whole) values.fill(value);
    else values[values.length - 1] = value;
    return { ...good[0], [name]: tf.tensor(values, tensor.shape) };
  }
  // 2·10³⁸ is a number, but sums of a few of it are ∞.
  const bad = [nan, inf, -inf, 2e38].flatMap((value) =>
    Object.keys(good[0]).flatMap((name) => [spoilt(name, value, true), spoilt(name, value, false)]),
  );
  const figuresOf = async (engine: Engine, anchors: StateDict[], points: number[][]) => {
    const evaluator = engine.evaluator(toyNetwork, anchors, dataset);
    const figures = await evaluator.evaluate(points);
    evaluator.dispose();
    return figures.map(({ loss }) => loss);
  };

  for (const engine of engines) {
    it(`is nothing on ${engine.name}, on lines and in rows of a grid`, async () => {
      const points = [-1, 0, 0.5, 2].map((a) => [1, a]);
      const expected = await figuresOf(nativeEngine, good, points);
      for (const anchor of bad) {
        const among = points.map(([one, a]) => [one!, 0, a!]);
        const [first, last] = [
          await figuresOf(engine, [good[0], anchor, good[1]], among),
          await figuresOf(
            engine,
            [anchor, ...good],
            points.map((point) => [0, ...point]),
          ),
        ];
        assertClose(first, expected, { relative: 1e-5 });
        assertClose(last, expected, { relative: 1e-5 });
      }
    });

    it(`is nothing in a family that ${engine.name} descends in`, async () => {
      const descend = async (fixed: StateDict[], row: number[]) => {
        const point = { weights: clone(good[0]) };
        const loader = dataLoader(dataset, { batchSize: 50 });
        const family = { fixed, coefficients: [row, row, row, row] };
        const optimizer = SGD({ learningRate: 0.1 });
        const task = { network: toyNetwork, point, family, loader, optimizer };
        const { loss } = await engine.descend({ ...task, lossFunction: crossEntropy });
        return { loss, weights: point.weights };
      };
      const expected = await descend([good[1]], [0.4, 0.6]);
      for (const anchor of bad) {
        const { loss, weights } = await descend([anchor, good[1]], [0, 0.4, 0.6]);
        assertClose(loss, expected.loss, { relative: 1e-5 });
        for (const [name, tensor] of Object.entries(expected.weights)) {
          assertClose(weights[name]!.dataSync(), tensor.dataSync(), { absolute: 1e-5 });
        }
      }
      // The moving point itself: 0 times its gradient moves nothing, whatever the loss is.
      for (const anchor of bad) {
        assert.ok(equal((await descend([anchor], [1, 0])).weights, good[0]));
      }
    });
  }
});

describe('logits that are NaN or infinite', () => {
  // torch.tensor(row).argmax() in torch 2.15.0: NaN is above all, of equals the first. The
  // cross-entropy of each of these rows is NaN there, whatever the label, but for that of numbers.
  const rows: [logits: number[], winner: number][] = [
    [[nan, 1, 2], 0],
    [[1, nan, 2], 1],
    [[1, nan, nan], 1],
    [[nan, nan, nan], 0],
    [[inf, nan, inf], 1],
    [[1, 1, 0], 0],
    [[-inf, -inf, -inf], 0],
    [[0, inf, inf], 1],
  ];

  for (const backend of ['wasm', 'cpu'] as const) {
    it(`are above all others, and their loss is NaN, on ${backend}`, async () => {
      await useBackend(backend);
      for (const [row, winner] of rows) {
        for (let label = 0; label < 3; label++) {
          const right = Number(label === winner);
          const logits = tf.tensor2d([row]);
          const labels = tf.tensor1d([label], 'int32');
          assert.equal(countCorrect(logits, labels), right, `${row}`);
          const sums = sumOverLogits(row, [label]);
          assert.equal(sums.correct, right, `${row}`);
          if (row.every(Number.isFinite)) continue;
          assert.ok(Number.isNaN(sums.loss));
          assert.ok(Number.isNaN(crossEntropy(logits, labels).dataSync()[0]));
        }
      }
    });
  }

  it('count the same on both engines, in training, evaluation and on the way along a path', async () => {
    await useBackend();
    const network = ClassifierFC({ inputShape: [1, 1, 1], outputSize: 5, hiddenDim: 2 });
    // One white pixel: the hidden values are 10²⁰, the logits (0, ∞, ∞ − ∞, ∞ − ∞, 0) or, if not
    // among their differences, (0, ∞, 0, 0, 0).
    const weightsWith = (rest: number) => ({
      'layers.1.weight': tf.tensor2d([[1e20], [1e20]]),
      'layers.1.bias': tf.zeros([2]),
      'layers.3.weight': tf.tensor2d([
        [0, 0],
        [1e20, 0],
        [rest, -rest],
        [rest, -rest],
        [0, 0],
      ]),
      'layers.3.bias': tf.zeros([5]),
    });
    const labels = Uint8Array.of(2, 0, 2, 1, 3, 2, 4, 2, 2, 1);
    const images = new Uint8Array(10).fill(255);
    const dataset = makeDataset({
      name: 'white',
      images,
      labels,
      imageShape: [1, 1, 1],
      classes: 5,
    });
    // The first NaN is that of class 2, which half of the samples have; a fifth have class 1.
    const own: LossFunction = (logits, y) => crossEntropy(logits, y);
    for (const engine of engines) {
      for (const [weights, accuracy] of [
        [weightsWith(1e20), 0.5],
        [weightsWith(0), 0.2],
      ] as const) {
        const evaluator = engine.evaluator(network, [weights], dataset);
        assert.deepEqual(await evaluator.evaluate([[1]]), [{ loss: nan, accuracy }]);
        evaluator.dispose();
        for (const [lossFunction, optimizer] of [
          [crossEntropy, SGD({ learningRate: 0 })],
          [crossEntropy, undefined],
          [own, undefined],
        ] as const) {
          const model = { network, weights: clone(weights) };
          const loader = dataLoader(dataset, { batchSize: 10 });
          const figures = await performEpoch(model, loader, lossFunction, optimizer, { engine });
          assert.deepEqual(figures, { loss: nan, accuracy });
        }
      }
    }
    const weights = weightsWith(1e20);
    for (const engine of engines) {
      // The gradient there is NaN, and 0 times it is nothing.
      const point = { weights: initialize(network, 1) };
      const start = clone(point.weights);
      const family = { fixed: [weights], coefficients: [[1, 0]] };
      const loader = dataLoader(dataset, { batchSize: 10 });
      const optimizer = SGD({ learningRate: 0.1 });
      await engine.descend({
        network,
        point,
        family,
        loader,
        lossFunction: crossEntropy,
        optimizer,
      });
      assert.ok(equal(point.weights, start));
    }
    const [winners] = await labelsAlong(network, line(weights, weights), [0], dataset);
    assert.deepEqual(winners, Array(10).fill(2));
  });
});
