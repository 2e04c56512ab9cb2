import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { dataLoader } from '../../lib/data';
import { tfjsEngine, useBackend } from '../../lib/engine';
import { matchWeights, permute, repair } from '../../lib/matching';
import { apply, ClassifierFC, initialize, type Network, sequential, VGG } from '../../lib/nn';
import { cosineAnnealingLR, SGD } from '../../lib/optim';
import { train } from '../../lib/training';
import { disposeStateDict, equal, linearCombination, type StateDict } from '../../lib/weights';
import { assertClose } from '../close';
import { toyDataset } from '../toy';
import { drawn, pixels } from './nets';

/** A net of which each hidden layer's values can be had as logits, by leaving out what follows. */
interface Case {
  readonly network: Network;
  /** Hidden layers, by their place. */
  readonly hidden: readonly number[];
}

const deep: Case = {
  network: ClassifierFC({ inputShape: [1, 4, 4], outputSize: 10, hiddenDim: 9, numHidden: 3 }),
  hidden: [1, 3, 5],
};
const images: Case = {
  network: sequential(
    [1, 4, 4],
    [
      { kind: 'channelsLast' },
      { kind: 'conv2d', inputs: 1, outputs: 4, kernelSize: 3, padding: 'same' },
      { kind: 'relu' },
      { kind: 'conv2d', inputs: 4, outputs: 3, kernelSize: 3, padding: 'same' },
      { kind: 'relu' },
      { kind: 'flatten' },
      { kind: 'dense', inputs: 48, outputs: 10 },
    ],
  ),
  hidden: [1, 3],
};

describe('repair', () => {
  before(() => useBackend());
  const dataset = toyDataset(700, 1);

  /** Means and deviations of a layer's values: the net cut off behind it, sums in plain numbers. */
  function momentsOf({ network }: Case, weights: StateDict, layer: number): number[] {
    const layers = network.layers.slice(0, layer + 1);
    const isImage = layers.at(-1)!.kind === 'conv2d';
    const cut = sequential(network.inputShape, [
      ...layers,
      ...(isImage ? [{ kind: 'flatten' } as const] : []),
    ]);
    const own = Object.entries(weights).filter(([name]) => Number(name.split('.')[1]) <= layer);
    const values: number[][] = [];
    for (const { x } of dataLoader(dataset, { batchSize: 100 })) {
      tf.tidy(() => values.push(...apply(cut, Object.fromEntries(own), x).arraySync()));
    }
    const neurons = weights[`layers.${layer}.bias`]!.size;
    const block = values[0]!.length / neurons;
    return Array.from({ length: neurons }, (_, i) => {
      const all = values.flatMap((row) => row.slice(i * block, (i + 1) * block));
      const mean = all.reduce((sum, v) => sum + v, 0) / all.length;
      const square = all.reduce((sum, v) => sum + (v - mean) ** 2, 0) / all.length;
      return [mean, Math.sqrt(square)];
    }).flat();
  }

  for (const [name, one] of [
    ['dense', deep],
    ['convolutions', images],
  ] as const) {
    it(`gives each hidden neuron the ends' moments, combined as the weights are: ${name}`, async () => {
      const { network, hidden } = one;
      const ends = [drawn(network, 1), drawn(network, 2)];
      const atPoint = await repair(network, ends, dataset);
      for (const t of [0.25, 0.5, 1.2]) {
        const point = linearCombination([t, 1 - t], ends);
        const repaired = await atPoint(point, [t, 1 - t]);
        for (const layer of hidden) {
          const [a, b] = ends.map((end) => momentsOf(one, end, layer));
          const wanted = a!.map((m, i) => t * m + (1 - t) * b![i]!);
          // Measured on float32 values, whose means are off by what a sum of 700 rounds.
          const allowed = { relative: 1e-5, absolute: 1e-5 };
          assertClose(momentsOf(one, repaired, layer), wanted, allowed);
        }
        disposeStateDict(point, repaired);
      }
      disposeStateDict(...ends);
    });
  }

  it('gives the very weights back at an anchor, and leaves logits to themselves', async () => {
    const { network } = deep;
    const ends = [drawn(network, 1), drawn(network, 2)];
    const atPoint = await repair(network, ends, dataset);
    for (const [k, point] of [
      [0, [1, 0]],
      [1, [0, 1]],
    ] as const) {
      const same = await atPoint(ends[k]!, point);
      assert.ok(equal(same, ends[k]!));
      disposeStateDict(same);
    }
    const middle = linearCombination([0.5, 0.5], ends);
    const repaired = await atPoint(middle, [0.5, 0.5]);
    for (const own of ['layers.7.weight', 'layers.7.bias']) {
      assert.deepEqual(repaired[own]!.dataSync(), middle[own]!.dataSync());
    }
    disposeStateDict(middle, repaired, ...ends);
  });

  it('moves a neuron that always says the same, and stays finite', async () => {
    const { network } = deep;
    const dead = drawn(network, 1);
    dead['layers.1.weight'] = tf.zerosLike(dead['layers.1.weight']!);
    const ends = [drawn(network, 2), drawn(network, 3)];
    const repaired = await (await repair(network, ends, dataset))(dead, [0.5, 0.5]);
    const [a, b] = ends.map((end) => momentsOf(deep, end, 1));
    const means = a!.flatMap((m, i) => (i % 2 === 0 ? [(m + b![i]!) / 2] : []));
    assertClose(repaired['layers.1.bias']!.dataSync(), means, { relative: 1e-5, absolute: 1e-6 });
    assert.ok(Object.values(repaired).every((t) => t.dataSync().every(Number.isFinite)));
  });

  it('lowers the barrier of a matched pair, as an evaluator’s atPoint', async () => {
    const network = ClassifierFC({
      inputShape: [1, 4, 4],
      outputSize: 10,
      hiddenDim: 32,
      numHidden: 4,
    });
    const [a, b] = [await trained(network, 1), await trained(network, 2)];
    const { permutations } = await matchWeights(network, a, b);
    const anchors = [a, permute(network, b, permutations)];
    const lossAt = async (
      ends: readonly StateDict[],
      atPoint?: Awaited<ReturnType<typeof repair>>,
    ) => {
      const evaluator = tfjsEngine.evaluator(network, ends, dataset, { atPoint });
      const [figures] = await evaluator.evaluate([[0.5, 0.5]]);
      evaluator.dispose();
      return figures!.loss;
    };
    const raw = await lossAt([a, b]);
    const matched = await lossAt(anchors);
    const before = tf.memory().numTensors;
    const repaired = await lossAt(anchors, await repair(network, anchors, dataset));
    assert.equal(tf.memory().numTensors, before);
    assert.ok(repaired < matched && matched < raw, `${raw} → ${matched} → ${repaired}`);
  });

  async function trained(network: Network, seed: number): Promise<StateDict> {
    const model = { network, weights: initialize(network, seed) };
    await train(model, {
      loader: dataLoader(dataset, { batchSize: 20, shuffle: seed }),
      optimizer: SGD({ learningRate: 0.1, momentum: 0.9 }),
      schedule: cosineAnnealingLR({ epochs: 20 }),
      epochs: 20,
    });
    return model.weights;
  }

  it('refuses BatchNorm, layers without bias, and an empty dataset', async () => {
    const vgg = VGG({ depth: 11, width: 1 / 64 });
    const own = drawn(vgg, 1);
    await assert.rejects(repair(vgg, [own], pixels(2, [1, 28, 28])), /has BatchNorm/);
    const bare = sequential(
      [1, 4, 4],
      images.network.layers.map((layer) =>
        layer.kind === 'conv2d' ? { ...layer, bias: false } : layer,
      ),
    );
    await assert.rejects(repair(bare, [drawn(bare, 1)], dataset), /layers\.1 has no bias/);
    const weights = drawn(deep.network, 1);
    await assert.rejects(repair(deep.network, [weights], toyDataset(0, 1)), /dataset is empty/);
    await assert.rejects(repair(deep.network, [], dataset), /no anchor/);
    const others = pixels(3, [1, 8, 8]);
    await assert.rejects(repair(deep.network, [weights], others), /images of dataset pixels/);
    const repaired = await repair(deep.network, [weights, weights], dataset);
    await assert.rejects(repaired(weights, [0.5]), /each of 2 anchors, got 1/);
  });
});
