import assert from 'node:assert/strict';
import { join } from 'node:path';
import { dataLoader } from '../../../lib/data';
import { type Engine, nativeEngine, tfjsEngine, useBackend } from '../../../lib/engine';
import { imagePlanOf } from '../../../lib/engine/native/images/plan';
import { putFences, trampledFences } from '../../../lib/engine/native/memory';
import { crossEntropy, initialize, type Network, VGG } from '../../../lib/nn';
import { Adam, type Optimizer, SGD } from '../../../lib/optim';
import { recomputeStatistics } from '../../../lib/training';
import {
  clone,
  disposeStateDict,
  isBuffer,
  loadStateDict,
  type StateDict,
} from '../../../lib/weights';
import { assertClose } from '../../close';
import { assertNear, fixtures, part } from '../../nn/beside';
import { weightsOf } from '../../nn/kindTrials';
import { toyDataset } from '../../toy';
import { drawImageNetwork, imagesFor, smallConvolutional } from './imageNetworks';

const engines = [nativeEngine, tfjsEngine] as const;
const NETWORKS = 25;

/** The gradient of the loss of a dataset as one batch, as plain SGD moves the weights. */
async function gradientOf(engine: Engine, network: Network, start: StateDict, batch: number) {
  const point = { weights: clone(start) };
  const dataset = imagesFor(network, batch);
  const loader = dataLoader(dataset, { batchSize: batch, shuffle: 3 });
  const rate = 16;
  const optimizer = SGD({ learningRate: rate });
  const task = { network, point, loader, lossFunction: crossEntropy, optimizer };
  const { loss } = await engine.descend(task);
  const { weights } = point;
  const entries = Object.entries(weights).map(([name, tensor]) => {
    const [from, to] = [start[name]!.dataSync(), tensor.dataSync()];
    const moved = Array.from(from, (w, i) => (w - to[i]!) / rate);
    return [name, isBuffer(name) ? Array.from(to) : moved] as const;
  });
  disposeStateDict(weights);
  return { loss, of: Object.fromEntries(entries) };
}

describe("nativeEngine's networks of images", () => {
  before(() => useBackend());
  const dataset = toyDataset(300, 3);

  it(`${NETWORKS} drawn ones: loss, gradient, statistics and masks of the reference engine`, async () => {
    putFences(4096);
    try {
      for (let seed = 1; seed <= NETWORKS; seed++) {
        const network = drawImageNetwork(seed);
        assert.ok(imagePlanOf(network), `seed ${seed} is left to tfjs`);
        const start = weightsOf(network, seed);
        // Blocks of four images, and what is left of them.
        const batch = 9 + (seed % 5);
        const ours = await gradientOf(nativeEngine, network, start, batch);
        const reference = await gradientOf(tfjsEngine, network, start, batch);
        assertClose(ours.loss, reference.loss, { relative: 1e-5 });
        const all = Object.entries(reference.of).filter(([name]) => !isBuffer(name));
        const size = Math.sqrt(all.flatMap(([, g]) => g).reduce((sum, g) => sum + g * g, 0));
        for (const [name, g] of Object.entries(reference.of)) {
          const tolerance = isBuffer(name)
            ? { relative: 1e-5, absolute: 1e-6 }
            : { absolute: 1e-4 * size };
          try {
            assertClose(ours.of[name]!, g, tolerance);
          } catch (error) {
            throw new Error(`seed ${seed}, ${name}: ${error}`);
          }
        }
        disposeStateDict(start);
      }
      assert.deepEqual(trampledFences(), []);
    } finally {
      putFences(0);
    }
  });

  it('drawn ones: losses, answers and recomputed statistics along a line', async () => {
    const points = [
      [1, 0],
      [0.3, 0.7],
      [-0.2, 1.2],
    ];
    for (let seed = 30; seed < 30 + NETWORKS; seed++) {
      const network = drawImageNetwork(seed);
      const anchors = [1, 2].map((k) => weightsOf(network, seed + k));
      const some = imagesFor(network, 67);
      const [ours, reference] = await Promise.all(
        engines.map(async (engine) => {
          const atPoint = (weights: StateDict) =>
            recomputeStatistics(network, weights, some, { engine, batchSize: 22 });
          const figures = [];
          for (const options of [{}, { atPoint }]) {
            const evaluator = engine.evaluator(network, anchors, some, options);
            figures.push(...(await evaluator.evaluate(points)));
            const labels = await evaluator.labels(points);
            for (const [i, own] of labels.entries()) {
              const right = own.filter((label, s) => label === some.labels[s]).length;
              assert.equal(right / some.length, figures.at(i - points.length)!.accuracy);
            }
            evaluator.dispose();
          }
          return figures;
        }),
      );
      const losses = (figures: typeof ours) => figures!.map(({ loss }) => loss);
      assertClose(losses(ours), losses(reference), { relative: 1e-5 });
      disposeStateDict(...anchors);
    }
  });

  const optimizers: Record<string, () => Optimizer> = {
    SGD: () => SGD({ learningRate: 0.02, momentum: 0.9, weightDecay: 1e-3 }),
    Adam: () => Adam({ learningRate: 0.002, weightDecay: 1e-3 }),
  };
  for (const [rule, make] of Object.entries(optimizers)) {
    for (const bend of [false, true]) {
      it(`${rule}${bend ? ' on a path' : ''}: 54 steps as the reference engine's`, async () => {
        const network = smallConvolutional;
        const ends = [];
        for (const engine of engines) {
          const point = { weights: initialize(network, 1) };
          const loader = dataLoader(dataset, { batchSize: 17, shuffle: 4 });
          const optimizer = make();
          const fixed = [initialize(network, 2)];
          const coefficients = Array.from({ length: loader.length }, (_, i) => [
            0.03 * i,
            1 - 0.03 * i,
          ]);
          const family = bend ? { family: { fixed, coefficients } } : {};
          const figures = [];
          for (let epoch = 0; epoch < 3; epoch++) {
            const task = { network, point, loader, lossFunction: crossEntropy, optimizer };
            figures.push(await engine.descend({ ...task, ...family }));
          }
          const state = optimizer.state();
          ends.push({ figures, weights: point.weights, state });
          optimizer.dispose();
          disposeStateDict(...fixed);
        }
        const [ours, reference] = ends as [(typeof ends)[0], (typeof ends)[0]];
        for (const [i, { loss, accuracy }] of reference.figures.entries()) {
          assertClose(ours.figures[i]!.loss, loss, { relative: 1e-3 });
          assertClose(ours.figures[i]!.accuracy, accuracy, { absolute: 1.01 / 300 });
        }
        for (const key of ['weights', 'state'] as const) {
          const names = Object.keys(reference[key]).sort();
          assert.deepEqual(Object.keys(ours[key]).sort(), names);
          for (const [name, tensor] of Object.entries(reference[key])) {
            assert.equal(ours[key][name]!.dtype, tensor.dtype);
            assertNear(ours[key][name]!, tensor, 1e-3, name, 1);
          }
          disposeStateDict(ours[key], reference[key]);
        }
      });
    }
  }

  it('has PyTorch’s loss, gradients and statistics of a VGG11 (imageFixtures.py)', async () => {
    const { stateDict } = loadStateDict(join(fixtures, 'vgg11.safetensors'));
    const network = VGG({ depth: 11, width: 1 / 32, dropout: 0 });
    const start = part(stateDict, 'weights/');
    const twelve = {
      name: 'twelve',
      images: Uint8Array.from(stateDict.images!.dataSync()),
      labels: Uint8Array.from(stateDict.labels!.dataSync()),
      imageShape: [1, 28, 28] as const,
      length: 12,
      classes: 10,
    };
    const rate = 16;
    const point = { weights: clone(start) };
    const { loss } = await nativeEngine.descend({
      network,
      point,
      loader: dataLoader(twelve, { batchSize: 12 }),
      lossFunction: crossEntropy,
      optimizer: SGD({ learningRate: rate }),
    });
    assertClose(loss, stateDict.loss!.dataSync()[0]!, { relative: 1e-5 });
    for (const [name, gradient] of Object.entries(part(stateDict, 'gradient/'))) {
      // A convolution's bias before BatchNorm has no gradient but rounding, ours and PyTorch's.
      const kernel = stateDict[`gradient/${name.replace('bias', 'weight')}`]!;
      const least = kernel.rank === 4 ? kernel.abs().max().dataSync()[0]! : 0;
      const moved = start[name]!.sub(point.weights[name]!).div(rate);
      assertNear(moved, gradient, 1e-3, name, least);
    }
    for (const [name, tensor] of Object.entries(part(stateDict, 'after/'))) {
      assertNear(point.weights[name]!, tensor, 1e-5, name);
    }
  });
});
