import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { disagreement, ensembleAccuracy, probabilitiesAlong } from '../../lib/connected';
import { useBackend } from '../../lib/engine';
import { apply, initialize, VGG } from '../../lib/nn';
import { labelsAlong, line } from '../../lib/paths';
import { recomputeStatistics } from '../../lib/training';
import { disposeStateDict, linearCombination } from '../../lib/weights';
import { assertClose } from '../close';
import { pixels } from '../matching/nets';
import { toyDataset, toyNetwork } from '../toy';

describe('what the networks along a path say', () => {
  before(() => useBackend());
  const [a, b] = [initialize(toyNetwork, 1), initialize(toyNetwork, 2)];
  const test = toyDataset(60, 2);
  after(() => disposeStateDict(a, b));

  it('probabilitiesAlong is the softmax of the logits at each point', async () => {
    const ts = [0, 0.3, 1];
    const before = tf.memory().numTensors;
    const said = await probabilitiesAlong(toyNetwork, line(a, b), ts, test);
    assert.equal(tf.memory().numTensors, before);
    ts.forEach((t, i) => {
      const point = linearCombination([t, 1 - t], [a, b]);
      const x = tf.tensor(
        Float32Array.from(test.images, (v) => v / 255),
        [60, 1, 4, 4],
      );
      const logits = apply(toyNetwork, point, x).arraySync();
      const expected = logits.flatMap((row) => {
        const sum = row.reduce((all, z) => all + Math.exp(z), 0);
        return row.map((z) => Math.exp(z) / sum);
      });
      assertClose(said[i]!, expected, { relative: 1e-5 });
      tf.dispose([x, point]);
    });
    await assert.rejects(probabilitiesAlong(toyNetwork, line(a, b), [], test), /ts is empty/);
    const nowhere = probabilitiesAlong(toyNetwork, line(a, b), [Number.NaN], test);
    await assert.rejects(nowhere, /t must be a finite number, got NaN/);
  });

  it('probabilitiesAlong has BatchNorm’s statistics anew, from training data alone', async () => {
    const vgg = VGG({ depth: 11, width: 1 / 32 });
    const [one, two] = [initialize(vgg, 1), initialize(vgg, 2)];
    const from = pixels(20, [1, 28, 28]);
    const some = pixels(4, [1, 28, 28]);
    const path = line(one, two);
    await assert.rejects(probabilitiesAlong(vgg, path, [0.5], some), /give statisticsFrom/);
    const before = tf.memory().numTensors;
    const [said] = await probabilitiesAlong(vgg, path, [0.5], some, { statisticsFrom: from });
    assert.equal(tf.memory().numTensors, before);
    const point = linearCombination([0.5, 0.5], [one, two]);
    const there = await recomputeStatistics(vgg, point, from);
    const [same] = await probabilitiesAlong(vgg, line(there, there), [1], some, {
      statistics: 'interpolated',
    });
    assertClose(said!, same!, { relative: 1e-5 });
    disposeStateDict(point, there);
  });

  it('ensembleAccuracy averages probabilities, not votes', () => {
    const dataset = { ...toyDataset(2, 1), labels: Uint8Array.of(1, 0) };
    // Two of three networks vote for class 0 at the first sample; the mean is for class 1.
    const three = [
      [0.6, 0.4, 0.9, 0.1],
      [0.6, 0.4, 0.2, 0.8],
      [0.1, 0.9, 0.3, 0.7],
    ].map((p) => Float32Array.from(p));
    assert.equal(ensembleAccuracy(three, dataset), 0.5);
    assert.deepEqual(
      three.map((one) => ensembleAccuracy([one], dataset)),
      [0.5, 0, 0.5],
    );
    assert.throws(() => ensembleAccuracy([], dataset), /got lists of nothing/);
    // 120 numbers are 12 samples of 10 classes, or 60 of 2, which a dataset of 10 is not.
    assert.throws(
      () => ensembleAccuracy([new Float32Array(120)], toyDataset(60, 1)),
      /all the classes/,
    );
    assert.throws(
      () => ensembleAccuracy([three[0]!, Float32Array.of(1, 0)], dataset),
      /2, got lists of 4, 2/,
    );
  });

  it('disagreement is the share of different classes', async () => {
    const [first, second] = await labelsAlong(toyNetwork, line(a, b), [0, 1], test);
    const different = first!.reduce((sum, label, s) => sum + Number(label !== second![s]), 0);
    assert.equal(disagreement(first!, second!), different / 60);
    assert.equal(disagreement(first!, first!), 0);
    assert.throws(() => disagreement([1], [1, 2]), /got 1 and 2/);
    assert.throws(() => disagreement([], []), /got 0 and 0/);
  });
});
