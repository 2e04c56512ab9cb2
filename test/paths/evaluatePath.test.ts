import assert from 'node:assert/strict';
import { type Engine, type Evaluator, tfjsEngine, useBackend } from '../../lib/engine';
import { crossEntropy, initialize } from '../../lib/nn';
import { evaluatePath, labelsAlong, line } from '../../lib/paths';
import { disposeStateDict, dot, mapStateDict } from '../../lib/weights';
import { assertClose } from '../close';
import { toyDataset, toyNetwork } from '../toy';

/** tfjs' engine with something of its evaluators changed, and how many of them are not disposed. */
function engineWith(change: (own: Evaluator) => Partial<Evaluator>) {
  const live = new Set<Evaluator>();
  const engine: Engine = {
    ...tfjsEngine,
    evaluator(...task) {
      const own = tfjsEngine.evaluator(...task);
      live.add(own);
      const dispose = () => {
        live.delete(own);
        own.dispose();
      };
      return { ...own, ...change(own), dispose };
    },
  };
  return { engine, live };
}

describe('evaluatePath', () => {
  before(() => useBackend());
  const train = toyDataset(20, 1);
  const test = toyDataset(10, 2);
  const [a, b] = [initialize(toyNetwork, 1), initialize(toyNetwork, 2)];
  const path = line(a, b);
  after(() => disposeStateDict(a, b));

  it('refuses no ts', async () => {
    await assert.rejects(
      evaluatePath(toyNetwork, path, [], { train }),
      /^InputError: evaluatePath: ts is empty; give it at least one t$/,
    );
  });

  it('tells a point when all of it is done', async () => {
    const { engine } = engineWith((own) => ({
      evaluate(points, options) {
        for (const share of [0.1, 0.5, 0.9, 1]) options?.onProgress?.(share);
        return own.evaluate(points);
      },
    }));
    const told: number[][] = [];
    const onPoint = (...done: number[]) => told.push(done);
    await evaluatePath(toyNetwork, path, [0, 0.5, 1], { train, test }, { engine, onPoint });
    const done = [0, 1, 2, 3, 3, 4, 5, 6];
    assert.deepEqual(
      told,
      done.map((points) => [points, 6]),
    );
  });

  it('disposes what the engine made for it, also where that fails, as labelsAlong does', async () => {
    const whole = engineWith(() => ({}));
    await evaluatePath(toyNetwork, path, [0], { train, test }, { engine: whole.engine });
    await labelsAlong(toyNetwork, path, [0], train, { engine: whole.engine });
    assert.equal(whole.live.size, 0);
    const fails = () => Promise.reject(new Error('no power'));
    const { engine, live } = engineWith(() => ({ evaluate: fails, labels: fails }));
    await assert.rejects(evaluatePath(toyNetwork, path, [0], { train }, { engine }), /no power/);
    await assert.rejects(labelsAlong(toyNetwork, path, [0], train, { engine }), /no power/);
    assert.equal(live.size, 0);
  });

  it('has one metric at one point, and NaN where an engine measures none', async () => {
    const metrics = { nats: crossEntropy };
    const at = (engine: Engine) =>
      evaluatePath(toyNetwork, path, [0.5], { train, test }, { engine, metrics });
    const figures = await at(tfjsEngine);
    assertClose(figures.trainMetrics!.nats!, figures.trainLoss, { relative: 1e-6 });
    assertClose(figures.testMetrics!.nats!, figures.testLoss, { relative: 1e-6 });
    const { engine } = engineWith((own) => ({
      evaluate: async (...task) =>
        (await own.evaluate(...task)).map(({ loss, accuracy }) => ({ loss, accuracy })),
    }));
    assert.deepEqual((await at(engine)).trainMetrics, { nats: [Number.NaN] });
  });

  it('has the penalty of an end, whatever the other has become', async () => {
    const diverged = mapStateDict(b, (tensor) => tensor.mul(Number.NaN));
    const asked = { weightDecay: 0.5 };
    const to = line(diverged, a);
    const { penalty } = await evaluatePath(toyNetwork, to, [0, 0.5, 1], { train }, asked);
    assertClose(penalty![0]!, 0.25 * dot(a, a), { relative: 1e-12 });
    assert.deepEqual(penalty!.slice(1), [Number.NaN, Number.NaN]);
    disposeStateDict(diverged);
  });
});
