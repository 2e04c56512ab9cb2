import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { dataLoader } from '../../../lib/data';
import { nativeEngine, tfjsEngine, useBackend } from '../../../lib/engine';
import type { Engine, Figures } from '../../../lib/engine/engine';
import { ClassifierFC, crossEntropy, initialize, type Network, sequential } from '../../../lib/nn';
import { Adam, AdamW, type Optimizer, SGD } from '../../../lib/optim';
import { makeOptimizer } from '../../../lib/optim/optimizer';
import { clone, dot, equal, subtract } from '../../../lib/weights';
import { assertClose } from '../../close';
import { toyDataset } from '../../toy';

describe("nativeEngine's descent", () => {
  before(() => useBackend());
  const dataset = toyDataset(300, 3);
  const optimizers: Record<string, () => Optimizer> = {
    SGD: () => SGD({ learningRate: 0.1 }),
    'SGD with momentum': () => SGD({ learningRate: 0.1, momentum: 0.9, weightDecay: 1e-3 }),
    Nesterov: () => SGD({ learningRate: 0.1, momentum: 0.9, nesterov: true }),
    Adam: () => Adam({ learningRate: 0.01, weightDecay: 1e-3 }),
    AdamW: () => AdamW({ learningRate: 0.01 }),
  };
  const networks: Record<string, Network> = Object.fromEntries(
    (
      [
        ['relu', 1, 13],
        ['relu', 1, 64],
        ['sigmoid', 2, 33],
        ['tanh', 3, 7],
        ['relu', 4, 40],
        // From 128 neurons on in panels of sixteen.
        ['relu', 2, 133],
        ['sigmoid', 2, 133],
      ] as const
    ).map(([nonlinearity, numHidden, hiddenDim]) => [
      `${nonlinearity} ${numHidden} × ${hiddenDim}`,
      ClassifierFC({ inputShape: [1, 4, 4], outputSize: 10, hiddenDim, numHidden, nonlinearity }),
    ]),
  );

  const wide = [
    { kind: 'reshape', shape: [16] },
    { kind: 'dense', inputs: 16, outputs: 131 },
    { kind: 'relu' },
    { kind: 'dense', inputs: 131, outputs: 23 },
  ] as const;
  networks['classes in two panels'] = sequential([1, 4, 4], wide);

  /** Two passes of batches of 37, the last one short, so that memories are handed over as well. */
  async function descend(engine: Engine, network: Network, optimizer: Optimizer, bend = false) {
    const point = { weights: initialize(network, 1) };
    const loader = dataLoader(dataset, { batchSize: 37, shuffle: 4 });
    const fixed = [initialize(network, 2), initialize(network, 3)];
    const coefficients = Array.from({ length: loader.length }, (_, i) => [0.1 * i, 0, 1 - 0.1 * i]);
    const figures: Figures[] = [];
    for (let epoch = 0; epoch < 2; epoch++) {
      const family = bend ? { family: { fixed, coefficients } } : {};
      const lossFunction = crossEntropy;
      figures.push(
        await engine.descend({ network, point, loader, lossFunction, optimizer, ...family }),
      );
    }
    return { figures, weights: point.weights, state: optimizer.state() };
  }

  function assertSame(
    ours: Awaited<ReturnType<typeof descend>>,
    reference: Awaited<ReturnType<typeof descend>>,
  ) {
    for (const [i, figures] of reference.figures.entries()) {
      assertClose(ours.figures[i]!.loss, figures.loss, { relative: 1e-4 });
      assertClose(ours.figures[i]!.accuracy, figures.accuracy, { absolute: 1.01 / 300 });
    }
    for (const key of ['weights', 'state'] as const) {
      assert.deepEqual(Object.keys(ours[key]).sort(), Object.keys(reference[key]).sort());
      for (const [name, tensor] of Object.entries(reference[key])) {
        assertClose(ours[key][name]!.dataSync(), tensor.dataSync(), {
          relative: 1e-3,
          absolute: 1e-4,
        });
      }
    }
  }

  for (const [rule, make] of Object.entries(optimizers)) {
    it(`${rule}: figures, weights and memory of the reference engine`, async () => {
      const network = networks['relu 1 × 13']!;
      assertSame(
        await descend(nativeEngine, network, make()),
        await descend(tfjsEngine, network, make()),
      );
    });
  }

  for (const [name, network] of Object.entries(networks)) {
    it(`${name}: figures and weights of the reference engine, on a path as well`, async () => {
      for (const bend of [false, true]) {
        const make = optimizers['SGD with momentum']!;
        assertSame(
          await descend(nativeEngine, network, make(), bend),
          await descend(tfjsEngine, network, make(), bend),
        );
      }
    });
  }

  it('has the gradient of finite differences', async () => {
    // One step of plain SGD at rate 1 on one batch moves the weights by minus the gradient.
    const network = networks['tanh 3 × 7']!;
    const start = initialize(network, 5);
    const few = toyDataset(30, 8);
    const point = { weights: clone(start) };
    const loader = dataLoader(few, { batchSize: 30 });
    const optimizer = SGD({ learningRate: 1 });
    await nativeEngine.descend({ network, point, loader, lossFunction: crossEntropy, optimizer });
    const gradient = subtract(start, point.weights);
    const direction = initialize(network, 6);
    const evaluator = nativeEngine.evaluator(network, [start, direction], few);
    const h = 1e-2;
    const [behind, ahead] = await evaluator.evaluate([
      [1, -h],
      [1, h],
    ]);
    assertClose((ahead!.loss - behind!.loss) / (2 * h), dot(gradient, direction), {
      relative: 2e-3,
    });
  });

  it('gives the same bits each time, also side by side', async () => {
    const network = networks['relu 1 × 64']!;
    const make = () => descend(nativeEngine, network, SGD({ learningRate: 0.1, momentum: 0.9 }));
    const alone = await make();
    for (const beside of await Promise.all([make(), make(), make()])) {
      assert.deepEqual(beside.figures, alone.figures);
      assert.ok(equal(beside.weights, alone.weights));
    }
  });

  it('stops within a batch, with whole weights, and goes on from there', async () => {
    const network = networks['relu 4 × 40']!;
    const large = toyDataset(60_000, 7);
    const stop = new AbortController();
    const begin = () => ({
      network,
      point: { weights: initialize(network, 1) },
      lossFunction: crossEntropy,
      optimizer: SGD({ learningRate: 0.01, momentum: 0.9 }),
    });
    const stopped = begin();
    const done: number[] = [];
    const running = nativeEngine.descend({
      ...stopped,
      loader: dataLoader(large, { batchSize: 1 }),
      signal: stop.signal,
      onBatch: (batches) => {
        done.push(batches);
        stop.abort();
      },
    });
    await assert.rejects(running, { name: 'AbortError' });
    const steps = stopped.optimizer.state()['layers.1.weight.step']!.dataSync()[0]!;
    assert.ok(steps > 0 && steps < 60_000, `${steps} steps`);
    assert.equal(done.at(-1), steps);
    // A training of so many steps stands at the same point, and goes on to the same end.
    const whole = begin();
    const part = (from: number, to: number) => ({
      ...large,
      length: to - from,
      images: large.images.subarray(from * 16, to * 16),
      labels: large.labels.subarray(from, to),
    });
    const over = (from: number, to: number) => dataLoader(part(from, to), { batchSize: 1 });
    await nativeEngine.descend({ ...whole, loader: over(0, steps) });
    assert.ok(equal(stopped.point.weights, whole.point.weights));
    await nativeEngine.descend({ ...stopped, loader: over(steps, steps + 100) });
    const straight = begin();
    await nativeEngine.descend({ ...straight, loader: over(0, steps + 100) });
    assert.ok(equal(stopped.point.weights, straight.point.weights));
  });

  it('leaves to the reference engine what it has no kernels for', async () => {
    const network = sequential(
      [1, 4, 4],
      [
        { kind: 'reshape', shape: [16] },
        { kind: 'dense', inputs: 16, outputs: 5 },
        { kind: 'relu' },
        { kind: 'dense', inputs: 5, outputs: 5 },
        { kind: 'tanh' },
        { kind: 'dense', inputs: 5, outputs: 10 },
      ],
    );
    const make = () => SGD({ learningRate: 0.1 });
    const [ours, reference] = [
      await descend(nativeEngine, network, make()),
      await descend(tfjsEngine, network, make()),
    ];
    assert.deepEqual(ours.figures, reference.figures);
  });

  it('leaves to it an optimizer whose rule it has no kernels for', async () => {
    // w ← w − rate·sign(g), which remembers nothing.
    const signs = () =>
      makeOptimizer(
        {
          name: 'signs',
          slots: [],
          at: (rate) => (w, g) => [w.sub(g.sign().mul(rate))],
        },
        0.125,
      );
    const network = networks['relu 1 × 13']!;
    const [ours, reference] = [
      await descend(nativeEngine, network, signs()),
      await descend(tfjsEngine, network, signs()),
    ];
    assert.deepEqual(ours.figures, reference.figures);
    assert.ok(equal(ours.weights, reference.weights));
  });

  it('frees its tensors', async () => {
    const network = networks['relu 1 × 13']!;
    const optimizer = SGD({ learningRate: 0.1, momentum: 0.9 });
    const point = { weights: initialize(network, 1) };
    const loader = dataLoader(dataset, { batchSize: 100 });
    const task = { network, point, loader, lossFunction: crossEntropy, optimizer };
    await nativeEngine.descend(task);
    const before = tf.memory().numTensors;
    for (let i = 0; i < 20; i++) await nativeEngine.descend(task);
    assert.equal(tf.memory().numTensors, before);
  });
});
