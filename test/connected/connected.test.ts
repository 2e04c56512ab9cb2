import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import {
  barrierMatrix,
  disagreement,
  ensembleAccuracy,
  largestRise,
  layersOf,
  pathBarrier,
  probabilitiesAlong,
  refinedBends,
  replaceLayers,
  spanningTree,
} from '../../lib/connected';
import { useBackend } from '../../lib/engine';
import { apply, initialize, VGG } from '../../lib/nn';
import { chain, evaluatePath, labelsAlong, line, linspace } from '../../lib/paths';
import { generator } from '../../lib/random';
import { recomputeStatistics } from '../../lib/training';
import { disposeStateDict, equal, linearCombination } from '../../lib/weights';
import { assertClose } from '../close';
import { pixels } from '../matching/nets';
import { toyDataset, toyNetwork } from '../toy';

describe('how minima hang together', () => {
  before(() => useBackend());
  const minima = [1, 2, 3].map((seed) => initialize(toyNetwork, seed));
  const [a, b, c] = minima as [(typeof minima)[0], (typeof minima)[0], (typeof minima)[0]];
  const [train, test] = [toyDataset(80, 1), toyDataset(60, 2)];

  it('pathBarrier is the highest loss and error above the mean of the ends’', async () => {
    const path = chain(a, b, c);
    const { trainLoss, testAcc } = await evaluatePath(toyNetwork, path, linspace(0, 1, 7), {
      train,
      test,
    });
    const { barrier, errorRise } = await pathBarrier(
      toyNetwork,
      path,
      { train, test },
      { points: 7 },
    );
    const mean = (values: number[]) => (values[0]! + values[6]!) / 2;
    assertClose(barrier, Math.max(...trainLoss) - mean(trainLoss), { absolute: 1e-12 });
    assertClose(errorRise, mean(testAcc) - Math.min(...testAcc), { absolute: 1e-12 });
    const onTrain = await pathBarrier(toyNetwork, path, { train }, { points: 7 });
    assert.notEqual(onTrain.errorRise, errorRise);
    assert.equal(onTrain.barrier, barrier);
    const one = pathBarrier(toyNetwork, path, { train }, { points: 1 });
    await assert.rejects(one, /points must be an integer of at least 2/);
  });

  it('barrierMatrix has each pair’s, on lines or the paths that are given', async () => {
    const seen: string[] = [];
    const on = { train };
    const onPair = (done: number, total: number) => seen.push(`${done}/${total}`);
    const matrix = await barrierMatrix(toyNetwork, minima, on, { points: 5, onPair });
    assert.deepEqual(seen, ['1/3', '2/3', '3/3']);
    for (const [i, one] of minima.entries()) {
      assert.deepEqual(matrix[i]![i], { barrier: 0, errorRise: 0 });
      for (const [j, other] of minima.entries()) {
        if (i >= j) continue;
        const expected = await pathBarrier(toyNetwork, line(other, one), on, { points: 5 });
        assert.deepEqual([matrix[i]![j], matrix[j]![i]], [expected, expected]);
      }
    }
    const pathBetween = async (i: number, j: number) => chain(minima[i]!, minima[j]!, a);
    const bent = await barrierMatrix(toyNetwork, minima, on, { points: 5, pathBetween });
    const expected = await pathBarrier(toyNetwork, chain(b, c, a), on, { points: 5 });
    assert.deepEqual(bent[1]![2], expected);
    await assert.rejects(barrierMatrix(toyNetwork, [a], on), /at least two minima, got 1/);
  });

  it('spanningTree costs least of all trees, and has the lowest highest pass', () => {
    const random = generator(8);
    const n = 5;
    for (let k = 0; k < 30; k++) {
      const costs = Array.from({ length: n }, () => new Array<number>(n).fill(0));
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < i; j++) {
          const cost = random.integer(9) - 2;
          costs[i]![j] = cost;
          costs[j]![i] = cost;
        }
      }
      const tree = spanningTree(costs);
      assert.equal(tree.length, n - 1);
      for (const { from, to, cost } of tree) assert.equal(costs[from]![to], cost);
      const sum = tree.reduce((all, { cost }) => all + cost, 0);
      assert.equal(sum, Math.min(...treesOf(n).map((t) => costOf(t, costs))));
    }
    assert.deepEqual(spanningTree([[0]]), []);
  });

  /** All trees on n things, from their 125 Prüfer sequences. */
  function treesOf(n: number): (readonly [number, number])[][] {
    const sequences = Array.from({ length: n ** (n - 2) }, (_, code) =>
      Array.from({ length: n - 2 }, (_, k) => Math.floor(code / n ** k) % n),
    );
    return sequences.map((sequence) => {
      const degree = Array.from(
        { length: n },
        (_, i) => 1 + sequence.filter((s) => s === i).length,
      );
      const edges = sequence.map((to) => {
        const leaf = degree.indexOf(1);
        degree[leaf]!--;
        degree[to]!--;
        return [leaf, to] as const;
      });
      const [x, y] = degree.flatMap((d, i) => (d === 1 ? [i] : [])) as [number, number];
      return [...edges, [x, y] as const];
    });
  }
  const costOf = (tree: (readonly [number, number])[], costs: number[][]) =>
    tree.reduce((sum, [i, j]) => sum + costs[i]![j]!, 0);

  it('spanningTree refuses what is no symmetric matrix', () => {
    assert.throws(() => spanningTree([]), /square and not empty/);
    assert.throws(() => spanningTree([[0, 1]]), /got 1 rows of 2 numbers/);
    assert.throws(
      () =>
        spanningTree([
          [0, 1],
          [2, 0],
        ]),
      /got 1 from 0 to 1 and 2 back/,
    );
    assert.throws(
      () =>
        spanningTree([
          [0, Number.NaN],
          [Number.NaN, 0],
        ]),
      /from 0 to 1 is NaN/,
    );
  });

  it('replaceLayers takes whole layers, and refuses those that there are not', () => {
    const mixed = replaceLayers(a, b, ['layers.3']);
    for (const name of Object.keys(a)) {
      const from = name.startsWith('layers.3') ? b : a;
      assert.deepEqual(mixed[name]!.dataSync(), from[name]!.dataSync());
    }
    assert.ok(equal(replaceLayers(a, b, layersOf(a)), b) && equal(replaceLayers(a, b, []), a));
    assert.throws(() => replaceLayers(a, b, ['layers.2']), /no layer layers\.2; .* layers\.1, lay/);
  });

  it('refinedBends puts one in the middle of the highest segment; the chain goes the same way', () => {
    const at = (bends: (typeof minima)[0][], t: number) => {
      const { anchors, coefficients } = chain(a, b, ...bends);
      return linearCombination(coefficients(t), anchors);
    };
    for (const [losses, place] of [
      [[5, 1, 2, 1, 0], 0],
      [[0, 1, 2, 4, 0], 1],
      [[0, 1, 2, 3, 9], 1],
    ] as const) {
      const bends = refinedBends(a, b, [c], [0, 0.25, 0.5, 0.75, 1], losses);
      const expected = at([c], place === 0 ? 0.25 : 0.75);
      assert.ok(equal(bends[place]!, expected) && equal(bends[1 - place]!, c));
      assert.ok(equal(at(bends, (place + 1) / 3), expected));
    }
    const [only] = refinedBends(a, b, [], [0, 1], [1, 2]);
    assert.ok(equal(only!, linearCombination([0.5, 0.5], [a, b])));
    assert.throws(() => refinedBends(a, b, [], [0, 1], [1]), /got 2 ts and 1 losses/);
    assert.throws(() => refinedBends(a, b, [], [Number.NaN], [1]), /t must be a finite number/);
  });

  it('largestRise is the most that a later loss is above an earlier one', () => {
    const random = generator(2);
    for (let k = 0; k < 50; k++) {
      const losses = Array.from({ length: 8 }, () => random.uniform());
      const rises = losses.flatMap((late, j) => losses.slice(0, j).map((early) => late - early));
      assert.equal(largestRise(losses), Math.max(0, ...rises));
    }
    assert.equal(largestRise([3, 2, 2, 1]), 0);
    assert.ok(Number.isNaN(largestRise([3, Number.NaN, 1])));
  });

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
