import assert from 'node:assert/strict';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { dataLoader } from '../../lib/data';
import { lossAndGradient, useBackend } from '../../lib/engine';
import { crossEntropy, initialize } from '../../lib/nn';
import { SGD } from '../../lib/optim';
import {
  bezier,
  type Curve,
  chain,
  evaluatePath,
  fitBend,
  interpolateBetweenStateDicts,
  linspace,
} from '../../lib/paths';
import { generator } from '../../lib/random';
import {
  add,
  clone,
  disposeStateDict,
  equal,
  linearCombination,
  loadStateDict,
  scale,
  subtract,
} from '../../lib/weights';
import { assertClose } from '../close';
import { temporaryFolder } from '../temporaryFolder';
import { toyDataset, toyNetwork } from '../toy';
import { randomStateDict } from './randomStateDict';

describe('fitBend on curves', () => {
  before(() => useBackend());
  const dataset = toyDataset(60, 1);
  const [a, b] = [initialize(toyNetwork, 1), initialize(toyNetwork, 2)];
  const options = (more: object) => ({
    epochs: 1,
    loader: dataLoader(dataset, { batchSize: 60 }),
    optimizer: SGD({ learningRate: 0.5, momentum: 0.9 }),
    seed: 3,
    ...more,
  });

  // With one batch an epoch each step is known: −η·cₖ·∇L at the epoch's t, a bend's first one.
  for (const [curve, count] of [
    ['chain', 1],
    ['bezier', 1],
    ['chain', 3],
    ['bezier', 2],
  ] as const) {
    it(`moves bend by bend down the gradient at its own t: ${curve}, ${count}`, async () => {
      const own = { epochs: count, curve, bends: count };
      const { thetas } = await fitBend(toyNetwork, a, b, options(own));
      const expected = Array.from({ length: count }, (_, k) =>
        interpolateBetweenStateDicts(1 - (k + 1) / (count + 1), a, b),
      );
      for (let k = 0; k < count; k++) {
        const u = generator(3, k, 1).uniform();
        const t = curve === 'bezier' ? u : (k + 2 * u) / (count + 1);
        const path = (curve === 'bezier' ? bezier : chain)(a, b, ...expected);
        const c = path.coefficients(t)[k + 1]!;
        assert.ok(c > 0 && c < 1);
        const point = linearCombination(path.coefficients(t), path.anchors);
        for (const batch of dataLoader(dataset, { batchSize: 60 })) {
          const { gradient } = lossAndGradient(toyNetwork, point, batch, crossEntropy);
          expected[k] = add(expected[k]!, scale(-0.5 * c, gradient));
        }
      }
      thetas.forEach((theta, k) => {
        for (const [name, tensor] of Object.entries(theta)) {
          // Two engines, in float32.
          assertClose(tensor.dataSync(), expected[k]![name]!.dataSync(), { absolute: 2e-6 });
        }
      });
    });
  }

  it('lowers the ridge with either curve, and more with more bends', async () => {
    const ts = linspace(0, 1, 25);
    const top = async (curve: Curve, count: number) => {
      const own = { epochs: 60 * count, curve, bends: count };
      const { thetas } = await fitBend(toyNetwork, a, b, options(own));
      const path = (curve === 'bezier' ? bezier : chain)(a, b, ...thetas);
      const { trainLoss } = await evaluatePath(toyNetwork, path, ts, { train: dataset });
      return trainLoss.slice(8, 17).reduce((sum, loss) => sum + loss, 0) / 9;
    };
    const { trainLoss } = await evaluatePath(toyNetwork, chain(a, b), ts, { train: dataset });
    const straight = trainLoss.slice(8, 17).reduce((sum, loss) => sum + loss, 0) / 9;
    for (const curve of ['chain', 'bezier'] as const) {
      const [one, three] = [await top(curve, 1), await top(curve, 3)];
      assert.ok(three < one && one < 0.75 * straight, `${curve}: ${straight} → ${one} → ${three}`);
    }
  });

  it('remembers each bend for itself, and leaves the optimizer its rate', async () => {
    // Both turns of the first of two bends, with momentum: v₂ = 0.9·g₁ + g₂.
    const plain = { ...options({}), optimizer: SGD({ learningRate: 0.5 }) };
    const given = options({ epochs: 3, bends: 2 });
    const schedule = (epoch: number) => (epoch === 2 ? 0.5 : 1);
    const { thetas } = await fitBend(toyNetwork, a, b, { ...given, schedule });
    assert.equal(given.optimizer.learningRate, 0.5);
    const two = await fitBend(toyNetwork, a, b, { ...plain, epochs: 2, bends: 2 });
    const three = await fitBend(toyNetwork, a, b, { ...plain, schedule, epochs: 3, bends: 2 });
    const start = interpolateBetweenStateDicts(2 / 3, a, b);
    // −η·0.9·g₁ more, at the third epoch's half of η.
    const more = scale(0.45, subtract(two.thetas[0]!, start));
    for (const [name, tensor] of Object.entries(add(three.thetas[0]!, more))) {
      assertClose(thetas[0]![name]!.dataSync(), tensor.dataSync(), { absolute: 2e-6 });
    }
    assert.ok(equal(thetas[1]!, three.thetas[1]!));
  });

  it('begins at bends that are given, which stay as they are', async () => {
    const start = [0.8, 0.1].map((share) => interpolateBetweenStateDicts(share, a, b));
    const kept = start.map(clone);
    const before = tf.memory().numTensors;
    const given = options({ epochs: 1, bends: start });
    const { thetas } = await fitBend(toyNetwork, a, b, given);
    assert.ok(start.every((bend, k) => equal(bend, kept[k]!)));
    assert.ok(!equal(thetas[0]!, start[0]!) && equal(thetas[1]!, start[1]!));
    disposeStateDict(...thetas);
    given.optimizer.dispose();
    assert.equal(tf.memory().numTensors, before);
  });

  it('goes on from a checkpoint with several bends, bit for bit, and tells curves apart', async () => {
    const checkpoint = join(temporaryFolder(), 'bends.safetensors');
    const own = { epochs: 5, bends: 2, curve: 'bezier' };
    const straight = await fitBend(toyNetwork, a, b, options(own));
    const controller = new AbortController();
    const { signal } = controller;
    const onEpoch = (epoch: number) => epoch === 3 && controller.abort();
    const stopped = fitBend(toyNetwork, a, b, options({ ...own, checkpoint, signal, onEpoch }));
    await assert.rejects(stopped, { name: 'AbortError' });
    const resumed = await fitBend(toyNetwork, a, b, options({ ...own, checkpoint }));
    assert.ok(straight.thetas.every((theta, k) => equal(theta, resumed.thetas[k]!)));
    assert.deepEqual(straight.history, resumed.history);
    for (const [other, message] of [
      [{ curve: 'chain' }, /curve/],
      [{ bends: 3 }, /bends/],
    ] as const) {
      const wrong = fitBend(toyNetwork, a, b, options({ ...own, ...other, checkpoint }));
      await assert.rejects(wrong, message);
    }
  });

  it('says in a checkpoint of a chain with one bend what one of before says, which knew no other', async () => {
    const checkpoint = join(temporaryFolder(), 'bend.safetensors');
    const { theta } = await fitBend(toyNetwork, a, b, options({ checkpoint }));
    const { stateDict, metadata } = loadStateDict(checkpoint);
    assert.doesNotMatch(metadata.bend!, /"(curve|bends)"/);
    disposeStateDict(theta, stateDict);
  });

  it('has the bends in a checkpoint by their number from 1, as files of before have', async () => {
    const checkpoint = join(temporaryFolder(), 'bends.safetensors');
    const { thetas } = await fitBend(toyNetwork, a, b, options({ bends: 2, checkpoint }));
    const { stateDict } = loadStateDict(checkpoint);
    for (const [k, theta] of thetas.entries()) {
      for (const [name, tensor] of Object.entries(theta)) {
        const kept = stateDict[`weights/bend-${k + 1}/${name}`];
        assert.deepEqual(kept?.dataSync(), tensor.dataSync());
      }
    }
    disposeStateDict(...thetas, stateDict);
  });

  it('refuses curves and bends that there are not', async () => {
    const refused = (more: object, message: RegExp) =>
      assert.rejects(fitBend(toyNetwork, a, b, options({ epochs: 1, ...more })), {
        name: 'InputError',
        message,
      });
    await refused({ curve: 'spline' }, /curve must be 'chain' or 'bezier', got spline/);
    await refused({ bends: 0 }, /bends must be an integer of at least 1, got 0/);
    await refused({ bends: [] }, /bends is an empty list/);
    await refused({ bends: [randomStateDict(1)] }, /the state dicts differ at/);
  });
});
