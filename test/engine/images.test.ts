import assert from 'node:assert/strict';
import { type Dataset, dataLoader, makeDataset, normalise } from '../../lib/data';
import { nativeEngine, tfjsEngine, useBackend } from '../../lib/engine';
import { ClassifierFC, crossEntropy, initialize, type LossFunction } from '../../lib/nn';
import { SGD } from '../../lib/optim';
import { generator } from '../../lib/random';
import { performEpoch } from '../../lib/training';
import { disposeStateDict, type StateDict } from '../../lib/weights';
import { assertClose } from '../close';

const SHAPE = [3, 4, 4] as const;
const PIXELS = 48;
const random = generator(1);

function datasetOf(length: number, classes: number, make: (size: number) => Dataset['images']) {
  const labels = Int32Array.from({ length }, () => random.integer(classes));
  labels[0] = classes - 1;
  const images = make(length * PIXELS);
  return makeDataset({ name: 'colours', images, labels, imageShape: SHAPE, classes });
}
const bytes = datasetOf(40, 10, (n) => Uint8Array.from({ length: n }, () => random.integer(256)));
const floats = datasetOf(40, 10, (n) =>
  Float32Array.from({ length: n }, () => 4 * random.uniform() - 2),
);
const figures = { mean: [0.2, 0.4, 0.6], std: [0.2, 0.3, 0.5] };

/** Datasets that engines might read in their own ways. */
const datasets: Record<string, Dataset> = {
  'bytes of three channels': bytes,
  'bytes, normalised': normalise(bytes, figures),
  floats,
  'floats, normalised': normalise(floats, figures),
  '300 classes': datasetOf(40, 300, () => bytes.images),
};
const networkOf = ({ classes }: Dataset) =>
  ClassifierFC({ inputShape: [...SHAPE], outputSize: classes, hiddenDim: 6 });

/**
 * The mean cross-entropy of a network with one hidden layer of ReLU in double precision, right from
 * the dataset's arrays, and the classes that win.
 */
function byHand(dataset: Dataset, stateDict: StateDict) {
  const arrays = Object.entries(stateDict).map(([name, tensor]) => [name, tensor.arraySync()]);
  const weights: Record<string, number[][]> = Object.fromEntries(arrays);
  const { images, labels, length, normalisation } = dataset;
  const unit = images instanceof Uint8Array ? 255 : 1;
  const dense = (x: number[], name: string) =>
    weights[`${name}.weight`]!.map((row, o) =>
      row.reduce(
        (sum, w, k) => sum + w * x[k]!,
        (weights[`${name}.bias`] as unknown as number[])[o]!,
      ),
    );
  const winners: number[] = [];
  let loss = 0;
  for (let i = 0; i < length; i++) {
    const x = Array.from(images.subarray(i * PIXELS, (i + 1) * PIXELS), (value, k) => {
      const channel = Math.floor(k / 16);
      const [mean, std] = [normalisation?.mean[channel] ?? 0, normalisation?.std[channel] ?? 1];
      return (value / unit - mean) / std;
    });
    const hidden = dense(x, 'layers.1').map((h) => Math.max(0, h));
    const logits = dense(hidden, 'layers.3');
    const top = Math.max(...logits);
    const total = logits.reduce((sum, z) => sum + Math.exp(z - top), 0);
    loss += Math.log(total) + top - logits[labels[i]!]!;
    winners.push(logits.indexOf(top));
  }
  return { loss: loss / length, winners };
}

describe('images and labels of every kind', () => {
  before(() => useBackend());

  for (const [name, dataset] of Object.entries(datasets)) {
    for (const engine of [nativeEngine, tfjsEngine]) {
      it(`${name}: ${engine.name} evaluates what a sum in doubles gives`, async () => {
        const network = networkOf(dataset);
        const weights = initialize(network, 1);
        const { loss, winners } = byHand(dataset, weights);
        const evaluator = engine.evaluator(network, [weights], dataset);
        const [measured] = await evaluator.evaluate([[1]]);
        assertClose(measured!.loss, loss, { relative: 1e-5 });
        const right = winners.filter((winner, i) => winner === dataset.labels[i]).length;
        assertClose(measured!.accuracy, right / 40, { absolute: 1e-12 });
        assert.deepEqual(await evaluator.labels([[1]]), [winners]);
        evaluator.dispose();
        disposeStateDict(weights);
      });
    }

    for (const augmentation of [undefined, { padding: 1, flip: true, seed: 2 }]) {
      it(`${name}: both engines train alike${augmentation ? ', augmented' : ''}`, async () => {
        const network = networkOf(dataset);
        const losses = [];
        for (const engine of [nativeEngine, tfjsEngine]) {
          const model = { network, weights: initialize(network, 1) };
          const optimizer = SGD({ learningRate: 0.05 });
          const loader = dataLoader(dataset, { batchSize: 7, shuffle: 3, augmentation });
          const seen = [];
          for (let epoch = 0; epoch < 3; epoch++) {
            const epochFigures = await performEpoch(model, loader, crossEntropy, optimizer, {
              engine,
            });
            seen.push(epochFigures.loss);
          }
          losses.push(seen);
          disposeStateDict(model.weights);
        }
        assertClose(losses[0]!, losses[1]!, { relative: 1e-5 });
      });
    }
  }

  it('training sees other images than the dataset has, evaluations never do', async () => {
    const network = networkOf(bytes);
    const model = { network, weights: initialize(network, 1) };
    const { loss: plain } = byHand(bytes, model.weights);
    const own: LossFunction = (logits, y) => crossEntropy(logits, y).mul(1);
    const still = SGD({ learningRate: 0 });
    const augmentation = { padding: 2, flip: true, seed: 1 };
    for (const engine of [nativeEngine, tfjsEngine]) {
      for (const lossFunction of [crossEntropy, own]) {
        for (const drop of [false, true]) {
          const loader = dataLoader(bytes, { batchSize: 8, drop, augmentation });
          const trained = await performEpoch(model, loader, lossFunction, still, { engine });
          assert.ok(
            Math.abs(trained.loss - plain) > 1e-3,
            `${trained.loss} is that of the dataset`,
          );
          const measured = await performEpoch(model, loader, lossFunction, undefined, { engine });
          assertClose(measured.loss, plain, { relative: 1e-5 });
          assert.equal(loader.epoch, 2, 'each of them is a pass');
        }
      }
    }
  });
});
