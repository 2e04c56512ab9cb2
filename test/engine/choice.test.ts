import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { dataLoader } from '../../lib/data';
import { type Engine, useBackend } from '../../lib/engine';
import { fasterToEvaluate, fasterToTrain } from '../../lib/engine/choice';
import { ClassifierFC, initialize } from '../../lib/nn';
import { disposeStateDict } from '../../lib/weights';
import { toyDataset } from '../toy';

describe('the choice between engines', () => {
  const { LAB_BACKEND } = process.env;
  const { now } = performance;
  const { log } = console;
  const dataset = toyDataset(64, 1);
  const loader = dataLoader(dataset, { batchSize: 16 });
  let [clock, runs, said] = [0, 0, [] as string[]];

  /** An engine that takes so many milliseconds of a clock of its own for each batch or point. */
  const engine = (name: string, ms: number): Engine => ({
    name,
    curvature: () => assert.fail('nobody asks for curvature'),
    async descend() {
      runs++;
      clock += 4 * ms;
      return { loss: 0, accuracy: 0 };
    },
    evaluator: () => ({
      async evaluate(points) {
        runs++;
        clock += ms * points.length;
        return points.map(() => ({ loss: 0, accuracy: 0 }));
      },
      async labels() {
        throw new Error('nobody asks for labels');
      },
      dispose() {},
    }),
    async statistics() {
      throw new Error('nobody asks for statistics');
    },
  });
  /** Each test has a network of its own, since what was found is kept for each. */
  const network = (hiddenDim: number) =>
    ClassifierFC({ inputShape: [1, 4, 4], outputSize: 10, hiddenDim, numHidden: 1 });
  /** The backend's name is all that there is of it. */
  async function takeGpu(isWanted: boolean): Promise<void> {
    await useBackend(isWanted ? 'cpu' : undefined);
    tf.registerBackend('webgpu', () => tf.findBackend('cpu'));
    await tf.setBackend('webgpu');
  }

  beforeEach(() => {
    delete process.env.LAB_BACKEND;
    [clock, runs, said] = [0, 0, []];
    performance.now = () => clock;
    console.log = (line: string) => said.push(line);
  });
  afterEach(async () => {
    Object.assign(performance, { now });
    Object.assign(console, { log });
    if (LAB_BACKEND !== undefined) process.env.LAB_BACKEND = LAB_BACKEND;
    tf.removeBackend('webgpu');
    await useBackend();
  });

  it('takes the faster, tries once for each network, and tells both figures', async () => {
    await takeGpu(false);
    const candidates = { own: engine('own', 40), tfjs: engine('tfjs', 30) };
    assert.equal((await fasterToTrain(candidates, network(5), loader)).name, 'tfjs');
    assert.equal(said.length, 1);
    assert.match(said[0]!, /batch of 16: 40\.0 ms on the lab's own engine, 30\.0 ms on webgpu/);
    const tried = runs;
    assert.equal((await fasterToTrain(candidates, network(5), loader)).name, 'tfjs');
    assert.equal(runs, tried);
    await fasterToTrain(candidates, network(6), loader);
    assert.ok(runs > tried);
  });

  it('tries one network after the other, since two at once would time each other', async () => {
    await takeGpu(false);
    let [running, most] = [0, 0];
    const alone = (name: string): Engine => ({
      ...engine(name, 40),
      async descend() {
        most = Math.max(most, ++running);
        await new Promise(setImmediate);
        running--;
        clock += 40;
        return { loss: 0, accuracy: 0 };
      },
    });
    const candidates = { own: alone('own'), tfjs: alone('tfjs') };
    await Promise.all([20, 21].map((n) => fasterToTrain(candidates, network(n), loader)));
    assert.equal(most, 1);
  });

  it('leaves to the own engine what is as fast there, all but a tenth', async () => {
    await takeGpu(false);
    const candidates = { own: engine('own', 40), tfjs: engine('tfjs', 37) };
    assert.equal((await fasterToTrain(candidates, network(7), loader)).name, 'own');
  });

  it('leaves to the own engine what the other fails at, and tells why', async () => {
    await takeGpu(false);
    const descend = () => Promise.reject(new Error('out of memory'));
    const candidates = { own: engine('own', 40), tfjs: { ...engine('tfjs', 4), descend } };
    assert.equal((await fasterToTrain(candidates, network(10), loader)).name, 'own');
    assert.match(said.join(), /^a batch of 16: webgpu fails here \(out of memory\); the lab's own/);
  });

  it('tries evaluations apart from trainings', async () => {
    await takeGpu(false);
    const weights = initialize(network(8), 1);
    const slow = { own: engine('own', 40), tfjs: engine('tfjs', 90) };
    const fast = { own: engine('own', 40), tfjs: engine('tfjs', 4) };
    assert.equal((await fasterToTrain(slow, network(8), loader)).name, 'own');
    const chosen = await fasterToEvaluate(fast, network(8), [weights], dataset, 3);
    assert.equal(chosen.name, 'tfjs');
    disposeStateDict(weights);
  });

  it('tries nothing where nothing is set up, or somebody names the backend', async () => {
    const candidates = { own: engine('own', 40), tfjs: engine('tfjs', 4) };
    await useBackend('wasm');
    assert.equal((await fasterToTrain(candidates, network(9), loader)).name, 'own');
    await takeGpu(true);
    assert.equal((await fasterToTrain(candidates, network(9), loader)).name, 'own');
    assert.deepEqual([runs, said], [0, []]);
  });
});
