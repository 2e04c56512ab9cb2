import assert from 'node:assert/strict';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { dataLoader } from '../../lib/data';
import {
  type Engine,
  estimateEvaluation,
  estimateTraining,
  nativeEngine,
  tfjsEngine,
  useBackend,
} from '../../lib/engine';
import { reservations } from '../../lib/engine/native/memory';
import { crossEntropy, initialize, type LossFunction, sequential } from '../../lib/nn';
import { type Optimizer, SGD } from '../../lib/optim';
import { bendGradient, evaluatePath, fitBend, line } from '../../lib/paths';
import { evaluateGrid, orthogonalBasis } from '../../lib/plane';
import { performEpoch, train } from '../../lib/training';
import { clone, disposeStateDict, loadStateDict, saveStateDict } from '../../lib/weights';
import { temporaryFolder } from '../temporaryFolder';
import { toyDataset, toyNetwork } from '../toy';

/** Everything that throws half way gives back what it had: tensors and the kernels' memory. */
describe('what is left when something throws', () => {
  const dataset = toyDataset(40, 1);
  const data = { train: dataset, test: toyDataset(20, 2) };
  const images = sequential(
    [1, 4, 4],
    [
      { kind: 'channelsLast' },
      { kind: 'batchNorm2d', features: 1 },
      { kind: 'flatten' },
      { kind: 'dense', inputs: 16, outputs: 10 },
    ],
  );
  const loader = () => dataLoader(dataset, { batchSize: 8 });
  const broken: LossFunction = () => {
    throw new Error('broken');
  };
  const sgd = () => SGD({ learningRate: 0.1, momentum: 0.9 });
  const brokenStep = (): Optimizer => ({
    ...sgd(),
    step() {
      throw new Error('broken');
    },
  });
  /** Its second evaluator cannot be made, and its descents end in an error. */
  function failing(): Engine {
    let made = 0;
    return {
      name: 'failing',
      async descend() {
        throw new Error('broken');
      },
      evaluator(...task) {
        if (made++ > 0) throw new Error('broken');
        return tfjsEngine.evaluator(...task);
      },
      statistics: tfjsEngine.statistics,
      curvature: tfjsEngine.curvature,
    };
  }
  const stopped = { signal: AbortSignal.abort(new Error('broken')) };
  const rectangle = { aRange: [0, 1], bRange: [0, 1], nx: 2, ny: 2 } as const;

  before(() => useBackend());

  const [a, b, c] = [1, 2, 3].map((seed) => initialize(toyNetwork, seed));
  const other = initialize(images, 1);
  const model = { network: images, weights: other };
  const brokenPoint = () => Promise.reject(new Error('broken'));
  const calls: Record<string, () => unknown> = {
    'a loss in a training with BatchNorm': () => performEpoch(model, loader(), broken, sgd()),
    'a loss in a measurement': () => performEpoch(model, loader(), broken),
    'the gradient of a loss in a training with BatchNorm': () => {
      const brokenGradient = tf.customGrad((...given) => {
        const value = (given[0] as tf.Tensor).mean();
        return {
          value,
          gradFunc: () => {
            throw new Error('broken');
          },
        };
      });
      return performEpoch(model, loader(), (x) => brokenGradient(x) as tf.Scalar, sgd());
    },
    'a loss of operations without gradient': async () => {
      const accuracy: LossFunction = (x, y) => x.argMax(1).equal(y).cast('float32').mean();
      const call = performEpoch(model, loader(), accuracy, sgd());
      await assert.rejects(call, /gradient function not found for Equal/);
      throw new Error('broken');
    },
    'a loss that depends on no weight': async () => {
      const read: LossFunction = (x) => tf.mean(tf.square(x.dataSync()));
      const call = performEpoch(model, loader(), read, sgd());
      await assert.rejects(call, /^InputError: the loss depends on no weight of the network/);
      throw new Error('broken');
    },
    'a step of the optimizer': () => performEpoch(model, loader(), crossEntropy, brokenStep()),
    'a step of the optimizer in a family': () =>
      tfjsEngine.descend({
        network: toyNetwork,
        point: { weights: a! },
        family: { fixed: [b!], coefficients: Array(5).fill([0.5, 0.5]) },
        loader: loader(),
        lossFunction: crossEntropy,
        optimizer: brokenStep(),
      }),
    'what is done at a point': () =>
      tfjsEngine.evaluator(images, [other], dataset, { atPoint: brokenPoint }).evaluate([[1]]),
    'what is done at a point in the native engine': () =>
      nativeEngine.evaluator(images, [other], dataset, { atPoint: brokenPoint }).evaluate([[1]]),
    'the second evaluator of a grid': () => {
      const plane = { origin: a!, u: b!, v: c! };
      return evaluateGrid(toyNetwork, plane, rectangle, data, { engine: failing() });
    },
    'the second evaluator of a path': () =>
      evaluatePath(toyNetwork, line(a!, b!), [0], data, { engine: failing() }),
    'the estimate of a training': () => estimateTraining(toyNetwork, loader(), 1, failing()),
    'the estimate of an evaluation': () => {
      const engine = failing();
      engine.evaluator(toyNetwork, [a!], dataset).dispose();
      return estimateEvaluation(toyNetwork, [a!], 5, [dataset], engine);
    },
    'a gradient on the bend': () => {
      for (const batch of loader()) {
        const ends = { w1: a!, w2: b!, theta: c! };
        bendGradient(toyNetwork, 0.3, ends, batch, { lossFunction: broken });
      }
    },
    'a plane through weights of two architectures': () => orthogonalBasis(a!, b!, other),
    'a bend that is stopped': () => {
      const options = { loader: loader(), optimizer: sgd(), epochs: 1, seed: 1, ...stopped };
      return fitBend(toyNetwork, a!, b!, options);
    },
    'a path that is stopped': () => evaluatePath(toyNetwork, line(a!, b!), [0], data, stopped),
    'a reference path that is stopped': () =>
      evaluatePath(toyNetwork, line(a!, b!), [0], data, { ...stopped, engine: tfjsEngine }),
  };
  // Evaluators on the reference engine keep their batches until they are disposed.
  const kept: Record<string, number> = {
    'what is done at a point': 1,
  };
  for (const [name, call] of Object.entries(calls)) {
    it(`${name}: nothing`, async () => {
      await nativeEngine.evaluator(toyNetwork, [a!], dataset).dispose();
      await nativeEngine.evaluator(toyNetwork, [a!], data.test).dispose();
      const before = [tf.memory().numTensors, reservations()];
      await assert.rejects(async () => await call(), /broken|differ/);
      before[0]! += kept[name] ?? 0;
      assert.deepEqual([tf.memory().numTensors, reservations()], before);
    });
  }

  it('what is told how far it is: the job is stopped, and nothing', async () => {
    const before = tf.memory().numTensors;
    for (const engine of [nativeEngine, tfjsEngine]) {
      const point = { weights: clone(a!) };
      const onBatch = () => {
        throw new Error('broken');
      };
      const task = {
        network: toyNetwork,
        point,
        loader: loader(),
        optimizer: SGD({ learningRate: 0.1 }),
      };
      await assert.rejects(
        engine.descend({ ...task, lossFunction: crossEntropy, onBatch }),
        /broken/,
      );
      disposeStateDict(point.weights);
    }
    assert.equal(tf.memory().numTensors, before);
  });

  it('a checkpoint that cannot be written, or is of another optimizer: nothing', async () => {
    const folder = temporaryFolder();
    const task = { loader: loader(), optimizer: sgd(), epochs: 1 };
    const attempt = async (checkpoint: string) => {
      const weights = clone(a!);
      const own = { network: toyNetwork, weights };
      await assert.rejects(train(own, { ...task, optimizer: sgd(), checkpoint }));
      return own.weights === weights;
    };
    const written = join(folder, 'written.safetensors');
    await train({ network: toyNetwork, weights: clone(a!) }, { ...task, checkpoint: written });
    const { stateDict, metadata } = loadStateDict(written);
    const { 'optimizer/layers.1.bias.step': step, ...rest } = stateDict;
    saveStateDict(written, rest, metadata);
    disposeStateDict(rest, { step: step! });
    assert.ok(await attempt(written), 'the weights stay as they were');
    const before = tf.memory().numTensors;
    await assert.rejects(
      train(
        { network: toyNetwork, weights: a! },
        { ...task, optimizer: sgd(), checkpoint: written },
      ),
    );
    assert.equal(tf.memory().numTensors, before);
  });
});
