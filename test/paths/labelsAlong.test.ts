import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { nativeEngine, tfjsEngine, useBackend } from '../../lib/engine';
import { apply, ClassifierFC, initialize } from '../../lib/nn';
import { chain, evaluatePath, labelsAlong, line, linspace } from '../../lib/paths';
import { disposeStateDict, linearCombination } from '../../lib/weights';
import { tellingEngine } from '../engine/telling';
import { toyDataset } from '../toy';

describe('labelsAlong', () => {
  before(() => useBackend());
  // Other numbers than tiles (16) and chunks (512) of the native engine have.
  const dataset = toyDataset(531, 4);
  const network = ClassifierFC({ inputShape: [1, 4, 4], outputSize: 10, numHidden: 2 });
  const [w1, w2, theta] = [1, 2, 3].map((seed) => initialize(network, seed));
  const path = chain(w1!, w2!, theta!);
  const ts = linspace(-0.5, 1.5, 9);

  it('asks a path of a class of its own, as evaluatePath does', async () => {
    class Through {
      readonly anchors = [w1!, w2!];
      constructor(private readonly end: number) {}
      coefficients(t: number) {
        return [this.end * t, 1 - this.end * t];
      }
    }
    const [own, same] = [new Through(2), line(w1!, w2!)];
    const figures = { train: dataset, test: dataset };
    assert.deepEqual(
      await labelsAlong(network, own, [0.25], dataset),
      await labelsAlong(network, same, [0.5], dataset),
    );
    assert.deepEqual(
      (await evaluatePath(network, own, [0.25], figures)).trainLoss,
      (await evaluatePath(network, same, [0.5], figures)).trainLoss,
    );
  });

  for (const engine of [nativeEngine, tfjsEngine]) {
    it(`gives the class of the largest logit, on ${engine.name}`, async () => {
      const labels = await labelsAlong(network, path, ts, dataset, { engine });
      assert.equal(labels.length, ts.length);
      const x = tf.tensor4d(
        Float32Array.from(dataset.images, (byte) => byte / 255),
        [531, 1, 4, 4],
      );
      for (const [i, t] of ts.entries()) {
        const weights = linearCombination(path.coefficients(t), path.anchors, 'test');
        const rows = apply(network, weights, x).arraySync();
        assert.equal(labels[i]!.length, rows.length);
        for (const [s, row] of rows.entries()) {
          const behind = Math.max(...row) - row[labels[i]![s]!]!;
          // Of two that tie to the last bits either may win.
          assert.ok(behind <= 1e-6 * Math.max(...row.map(Math.abs)), `sample ${s} at ${t}`);
        }
        disposeStateDict(weights);
      }
      x.dispose();
    });

    it(`has as many right ones as the accuracy says, on ${engine.name}`, async () => {
      const labels = await labelsAlong(network, path, ts, dataset, { engine });
      const evaluator = engine.evaluator(network, path.anchors, dataset);
      const figures = await evaluator.evaluate(ts.map(path.coefficients));
      evaluator.dispose();
      for (const [i, { accuracy }] of figures.entries()) {
        const right = labels[i]!.filter((label, s) => label === dataset.labels[s]).length;
        assert.equal(right / dataset.length, accuracy);
      }
    });
  }

  it('asks the engine that it is given, and stops where the signal says', async () => {
    const { engine, asked } = tellingEngine();
    await labelsAlong(network, path, [0.5], dataset, { engine });
    assert.deepEqual(asked, [dataset]);
    const stopped = { signal: AbortSignal.abort(new Error('stopped')) };
    await assert.rejects(labelsAlong(network, path, ts, dataset, stopped), /stopped/);
    assert.deepEqual(await labelsAlong(network, path, [], dataset), []);
  });
});
