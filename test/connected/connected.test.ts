import assert from 'node:assert/strict';
import {
  barrierMatrix,
  largestRise,
  layersOf,
  pathBarrier,
  refinedBends,
  replaceLayers,
  spanningTree,
} from '../../lib/connected';
import { useBackend } from '../../lib/engine';
import { initialize } from '../../lib/nn';
import { chain, evaluatePath, line, linspace } from '../../lib/paths';
import { generator } from '../../lib/random';
import { equal, linearCombination } from '../../lib/weights';
import { assertClose } from '../close';
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
});
