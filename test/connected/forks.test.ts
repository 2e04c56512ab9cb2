import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { type ForkOptions, forkBarriers, trainForks } from '../../lib/connected';
import { dataLoader } from '../../lib/data';
import { useBackend } from '../../lib/engine';
import { initialize } from '../../lib/nn';
import { SGD } from '../../lib/optim';
import { train } from '../../lib/training';
import { clone, disposeStateDict, equal, type StateDict } from '../../lib/weights';
import { temporaryFolder } from '../temporaryFolder';
import { toyDataset, toyNetwork } from '../toy';

describe('forks', () => {
  before(() => useBackend());
  const dataset = toyDataset(200, 1);
  const weights = initialize(toyNetwork, 1);
  const schedule = (epoch: number) => 1 / (1 + epoch / 4);
  const options: ForkOptions = {
    at: [0, 1, 4],
    epochs: 6,
    seeds: [11, 12, 13],
    loader: (seed) => dataLoader(dataset, { batchSize: 20, shuffle: seed }),
    optimizer: () => SGD({ learningRate: 0.3, momentum: 0.9 }),
    schedule,
  };

  it('a child goes on from its parent: weights, momentum, and place in the schedule', async () => {
    const before = tf.memory().numTensors;
    const forks = await trainForks(toyNetwork, weights, options);
    assert.deepEqual(
      forks.map(({ epoch }) => epoch),
      [0, 1, 4],
    );
    assert.equal(tf.memory().numTensors, before + 6 * Object.keys(weights).length);
    for (const { epoch, children } of forks) {
      for (const [child, seed] of [12, 13].entries()) {
        assert.ok(equal(children[child]!, await byHand(epoch, seed)), `epoch ${epoch}, ${child}`);
      }
      assert.ok(!equal(...children));
    }
  });

  /** One training whose loader changes its seed at the fork, and its passes' numbers begin anew. */
  async function byHand(fork: number, seed: number): Promise<StateDict> {
    const model = { network: toyNetwork, weights: clone(weights) };
    const optimizer = options.optimizer();
    for (let epoch = 0; epoch < 6; epoch++) {
      const loader = options.loader(epoch < fork ? 11 : seed);
      const nth = epoch < fork ? epoch : epoch - fork;
      // Of `train` with one epoch the order is the first; here it is to be the nth.
      const order = { ...loader, nextOrder: () => orderOf(loader, nth) };
      await train(model, { loader: order, optimizer, epochs: 1, schedule: () => schedule(epoch) });
    }
    return model.weights;
  }

  function orderOf(loader: ReturnType<ForkOptions['loader']>, epoch: number): Uint32Array {
    loader.epoch = epoch;
    return loader.nextOrder();
  }

  it('has a lower barrier between children, the later they branch off', async () => {
    const more = { ...options, at: [0, 10], epochs: 20 };
    const forks = await trainForks(toyNetwork, weights, more);
    const [early, late] = await forkBarriers(toyNetwork, forks, { train: dataset }, { points: 9 });
    assert.deepEqual([early!.epoch, late!.epoch], [0, 10]);
    assert.ok(late!.barrier < early!.barrier, `${early!.barrier} → ${late!.barrier}`);
  });

  it('goes on from its checkpoints, and disposes all where it is stopped', async () => {
    const folder = temporaryFolder();
    const checkpoint = (epoch: number, child?: number) =>
      join(folder, `${epoch}-${child ?? 'parent'}.safetensors`);
    const [first, second] = [
      await trainForks(toyNetwork, weights, { ...options, checkpoint }),
      await trainForks(toyNetwork, weights, { ...options, checkpoint }),
    ];
    first.forEach(({ children }, i) => {
      assert.ok(children.every((child, k) => equal(child, second[i]!.children[k]!)));
    });
    for (const { children } of [...first, ...second]) disposeStateDict(...children);
    const before = tf.memory().numTensors;
    const signal = AbortSignal.abort();
    await assert.rejects(trainForks(toyNetwork, weights, { ...options, signal }), {
      name: 'AbortError',
    });
    assert.equal(tf.memory().numTensors, before);
  });

  it('takes up its parent too where it was stopped, and tells how far it is', async () => {
    const folder = temporaryFolder();
    const checkpoint = (epoch: number, child?: number) =>
      join(folder, `${epoch}-${child ?? 'parent'}.safetensors`);
    const whole = await trainForks(toyNetwork, weights, options);
    const stop = new AbortController();
    const told: number[] = [];
    const onEpoch = (done: number, total: number) => {
      assert.equal(total, 4 + 2 * (6 + 5 + 2));
      told.push(done);
      if (done === 3) stop.abort();
    };
    const kept = { ...options, checkpoint, onEpoch };
    await assert.rejects(trainForks(toyNetwork, weights, { ...kept, signal: stop.signal }), {
      name: 'AbortError',
    });
    assert.deepEqual(readdirSync(folder).sort(), ['1-parent.safetensors', '4-parent.safetensors']);
    told.length = 0;
    const resumed = await trainForks(toyNetwork, weights, { ...kept, at: [4, 0, 1] });
    // The fork at 1 is there, and three epochs of that at 4.
    assert.deepEqual(told.slice(0, 2), [1, 4]);
    assert.equal(told.at(-1), 30);
    assert.deepEqual(
      resumed.map(({ epoch }) => epoch),
      [0, 1, 4],
    );
    whole.forEach(({ children }, i) => {
      assert.ok(children.every((child, k) => equal(child, resumed[i]!.children[k]!)));
    });
    for (const { children } of [...whole, ...resumed]) disposeStateDict(...children);
  });

  it('refuses epochs that the training has not', async () => {
    const refused = (at: number[], message: RegExp) =>
      assert.rejects(trainForks(toyNetwork, weights, { ...options, at }), message);
    await refused([6], /at must be below epochs, 6, got 6/);
    await refused([-1], /at must be an integer of at least 0, got -1/);
  });

  it('refuses seeds that are missing, with which both children were one', async () => {
    for (const seeds of [undefined, [1], [1, 2, undefined]]) {
      const missing = { ...options, seeds } as unknown as typeof options;
      await assert.rejects(trainForks(toyNetwork, weights, missing), /trainForks: seeds must be/);
    }
  });
});
