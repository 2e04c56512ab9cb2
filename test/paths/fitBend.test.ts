import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { dataLoader } from '../../lib/data';
import { useBackend } from '../../lib/engine';
import { apply, crossEntropy, initialize } from '../../lib/nn';
import { cosineAnnealingLR, SGD } from '../../lib/optim';
import {
  bendGradient,
  chain,
  evaluatePath,
  fitBend,
  getStateDictFromChain,
  interpolateBetweenStateDicts,
  line,
  linspace,
} from '../../lib/paths';
import { train } from '../../lib/training';
import {
  add,
  clone,
  disposeStateDict,
  dot,
  equal,
  mapStateDict,
  norm,
  type StateDict,
  scale,
} from '../../lib/weights';
import { assertClose } from '../close';
import { toyDataset, toyNetwork } from '../toy';

describe('fitBend', () => {
  const dataset = toyDataset(200, 1);
  const datasets = { train: dataset, test: toyDataset(100, 2) };
  const minima: StateDict[] = [];

  before(async () => {
    await useBackend();
    for (const seed of [1, 2]) {
      const model = { network: toyNetwork, weights: initialize(toyNetwork, seed) };
      await train(model, {
        loader: dataLoader(dataset, { batchSize: 20, shuffle: seed }),
        optimizer: SGD({ learningRate: 0.5, momentum: 0.9 }),
        schedule: cosineAnnealingLR({ epochs: 30 }),
        epochs: 30,
      });
      minima.push(model.weights);
    }
  });

  const options = (epochs: number) => ({
    loader: dataLoader(dataset, { batchSize: 20, shuffle: 9 }),
    optimizer: SGD({ learningRate: 0.2, momentum: 0.9 }),
    schedule: cosineAnnealingLR({ epochs }),
    epochs,
    seed: 3,
  });

  it('its gradient is the central difference of L(φ_θ(t)) in θ, on both halves', () => {
    const [w1, w2] = minima as [StateDict, StateDict];
    const theta = interpolateBetweenStateDicts(0.4, w1, w2);
    const loader = dataLoader(dataset, { batchSize: 50 });
    for (const batch of loader) {
      for (const t of [0.1, 0.35, 0.5, 0.65, 0.9]) {
        const { gradient } = bendGradient(toyNetwork, t, { w1, w2, theta }, batch);
        const direction = scale(1 / norm(gradient), gradient);
        const lossAt = (step: number) =>
          tf.tidy(() => {
            const moved = add(theta, scale(step, direction));
            const point = getStateDictFromChain(t, w1, w2, moved);
            return crossEntropy(apply(toyNetwork, point, batch.x), batch.y).dataSync()[0]!;
          });
        // Along g/|g| the derivative is |g|. Rounding: 1e-7·L/h ≈ 5e-5; the rest is curvature.
        const h = 4e-3;
        assertClose((lossAt(h) - lossAt(-h)) / (2 * h), norm(gradient), {
          relative: 5e-3,
          absolute: 1e-4,
        });
      }
      break;
    }
  });

  it('θ does not move the ends: the gradient vanishes at t = 0 and 1', () => {
    const [w1, w2] = minima as [StateDict, StateDict];
    const theta = interpolateBetweenStateDicts(0.5, w1, w2);
    const x = tf.randomUniform<tf.Rank.R4>([5, 1, 4, 4], 0, 1, 'float32', 1);
    const y = tf.tensor1d([0, 1, 2, 3, 4], 'int32');
    const batch = { x, y, size: 5, indices: new Uint32Array(5) };
    const before = tf.memory().numTensors;
    for (const t of [0, 1]) {
      const { gradient } = bendGradient(toyNetwork, t, { w1, w2, theta }, batch);
      assert.equal(dot(gradient, gradient), 0);
      disposeStateDict(gradient);
    }
    assert.equal(tf.memory().numTensors, before);
  });

  it('finds a chain that is lower than the line, the same from the same seeds', async () => {
    const [w1, w2] = minima as [StateDict, StateDict];
    const first = await fitBend(toyNetwork, w1, w2, options(30));
    const second = await fitBend(toyNetwork, w1, w2, options(30));
    assert.ok(equal(first.theta, second.theta));
    assert.deepEqual(first.history, second.history);
    const ts = linspace(0, 1, 21);
    const bent = await evaluatePath(toyNetwork, chain(w1, w2, first.theta), ts, datasets);
    const straight = await evaluatePath(toyNetwork, line(w2, w1), ts, datasets);
    const [top, ridge] = [bent.trainLoss, straight.trainLoss].map((l) => Math.max(...l));
    assert.ok(top! < ridge! / 4, `chain ${top}, line ${ridge}`);
    // The ends of both paths are the very same weights, so the very same figures.
    assert.equal(bent.trainLoss[0], straight.trainLoss[0]);
    assert.equal(bent.trainLoss[20], straight.trainLoss[20]);
  });

  it('gives the same θ with a loader and an optimizer that were used before', async () => {
    const [w1, w2] = minima as [StateDict, StateDict];
    const given = options(3);
    const { loader } = given;
    const bend = async (own = options(3)) =>
      (await fitBend(toyNetwork, w1, w2, { ...own, loader })).theta;
    const first = await bend(given);
    assert.ok(equal(await bend(), first), 'the loader used by itself');
    assert.ok(equal(await bend(given), first), 'nothing of the first momentum is left');
    loader.nextOrder();
    assert.ok(equal(await bend(), first), 'used by another');
    const fresh = await fitBend(toyNetwork, w1, w2, options(3));
    assert.ok(equal(fresh.theta, first), 'as with a new one');
  });

  it('leaves its arguments and the number of live tensors alone', async () => {
    const [w1, w2] = minima as [StateDict, StateDict];
    const kept = clone(w1);
    const given = options(2);
    const before = tf.memory().numTensors;
    const { theta } = await fitBend(toyNetwork, w1, w2, given);
    disposeStateDict(theta);
    given.optimizer.dispose();
    assert.equal(tf.memory().numTensors, before);
    assert.ok(equal(w1, kept));
    assert.equal(given.optimizer.learningRate, 0.2);
  });

  it('stops when asked, and refuses what makes no sense', async () => {
    const [w1, w2] = minima as [StateDict, StateDict];
    const controller = new AbortController();
    const told: number[] = [];
    const stopped = {
      ...options(50),
      signal: controller.signal,
      onEpoch: (epoch: number) => void (told.push(epoch) === 2 && controller.abort()),
    };
    const before = tf.memory().numTensors;
    await assert.rejects(fitBend(toyNetwork, w1, w2, stopped), { name: 'AbortError' });
    stopped.optimizer.dispose();
    assert.equal(tf.memory().numTensors, before);
    assert.deepEqual(told, [1, 2]);
    await assert.rejects(
      fitBend(toyNetwork, w1, w2, { ...options(1), epochs: -3 }),
      /epochs .* got -3/,
    );
    await assert.rejects(fitBend(toyNetwork, w1, w1, options(1)), /the same point/);
    const diverged = mapStateDict(w2, (tensor) => tensor.mul(Number.NaN));
    await assert.rejects(
      fitBend(toyNetwork, w1, diverged, options(1)),
      /^InputError: fitBend: some weights of w2 are not finite/,
    );
    await assert.rejects(
      fitBend(toyNetwork, diverged, w1, options(1)),
      /^InputError: fitBend: some weights of w1 are not finite/,
    );
    await assert.rejects(
      fitBend(toyNetwork, w1, w2, { ...options(1), bends: [w1, diverged] }),
      /^InputError: fitBend: some weights of bend 2 are not finite/,
    );
    disposeStateDict(diverged);
    const loss = () => tf.scalar(0);
    await assert.rejects(
      fitBend(toyNetwork, w1, w2, { ...options(1), ...{ loss } }),
      /^InputError: fitBend: there is no option 'loss'; give the loss as lossFunction$/,
    );
  });
});
