import assert from 'node:assert/strict';
import {
  checkLines,
  checkMeasures,
  checkPlane,
  type EvaluateOnLine,
  type EvaluateOnPlane,
  type MeasurePair,
} from '../../lib/checks';
import { useBackend } from '../../lib/engine';
import { type Datasets, evaluatePath, line, measurePath, type PathFigures } from '../../lib/paths';
import { evaluateGrid, type Grid } from '../../lib/plane';
import { handMadeFigures } from './byHand';
import { holding, notHolding } from './checked';
import { ends } from './ends';
import { network, SEEDS, type SomeMnist, seeds, someMnist } from './someMnist';

describe('the inputs of checks tell right from wrong', function () {
  this.timeout(SEEDS * 60_000);
  let datasets: Datasets;
  let exchanged: Datasets;
  let halves: SomeMnist['halves'];
  before(async () => {
    await useBackend();
    ({ datasets, exchanged, halves } = await someMnist());
  });

  const lineOn =
    (some: () => Datasets): EvaluateOnLine =>
    (a, b, ts) =>
      evaluatePath(network, line(a, b), ts, some());
  const onLine = lineOn(() => datasets);
  const changing =
    (change: (figures: PathFigures) => object): EvaluateOnLine =>
    async (a, b, ts) => {
      const figures = await onLine(a, b, ts);
      return { ...figures, ...change(figures) };
    };
  it('a line: other sets, parts of them, the other way round', async () => {
    const four = ['train losses', 'test losses', 'train accuracies', 'test accuracies'];
    let first: Promise<PathFigures> | undefined;
    const wrong: Record<string, [EvaluateOnLine, number]> = {
      'train and test exchanged': [lineOn(() => exchanged), 4],
      'the other way round': [(a, b, ts) => onLine(b, a, ts), 4],
      'losses and accuracies exchanged': [
        changing((f) => ({
          trainLoss: f.trainAcc,
          testLoss: f.testAcc,
          trainAcc: f.trainLoss,
          testAcc: f.testLoss,
        })),
        4,
      ],
      'test losses for train losses': [changing((f) => ({ trainLoss: f.testLoss })), 1],
      'test accuracies for train accuracies': [changing((f) => ({ trainAcc: f.testAcc })), 1],
      'figures in the order of sorted t': [
        async (a, b, ts) =>
          onLine(
            a,
            b,
            [...ts].sort((s, t) => s - t),
          ),
        4,
      ],
      'the first figures, kept': [
        (a, b, ts) => {
          first ??= onLine(a, b, ts);
          return first;
        },
        4,
      ],
      'texts of them': [changing((f) => ({ testLoss: f.testLoss.map((x) => x.toFixed(6)) })), 1],
      ...Object.fromEntries(
        Object.keys(halves).map((name) => [name, [lineOn(() => halves[name]!), 4]]),
      ),
    };
    for (const seed of seeds()) {
      const check = (answer: EvaluateOnLine) => {
        first = undefined;
        return checkLines(network, datasets, ends, answer, seed);
      };
      assert.deepEqual(notHolding(await check(onLine)), [], `seed ${seed}`);
      for (const [name, [answer, lost]] of Object.entries(wrong)) {
        const got = holding(await check(answer));
        const passed = four.filter((what) => got.some((one) => one.includes(`${what} along`)));
        // Without its last batch only the smaller set differs for sure.
        const least = name === 'all but one batch' ? 1 : lost;
        assert.ok(4 - passed.length >= least, `${name} passes at seed ${seed}: ${passed}`);
      }
    }
  });

  it('a line by hand: a weighted mean over batches is right, an unweighted one is not', async () => {
    for (const seed of seeds(Math.ceil(SEEDS / 10))) {
      const right = await checkLines(
        network,
        datasets,
        ends,
        handMadeFigures(datasets, true),
        seed,
      );
      assert.deepEqual(notHolding(right), [], `seed ${seed}`);
      const wrong = await checkLines(
        network,
        datasets,
        ends,
        handMadeFigures(datasets, false),
        seed,
      );
      const of = wrong.findings.find(({ what }) => what.includes('test losses'));
      assert.match(String(of?.hint), /these are means of batches, in which a short last batch/);
    }
  });

  const gridOn =
    (some: () => Datasets): EvaluateOnPlane =>
    (plane, rectangle) =>
      evaluateGrid(network, plane, rectangle, some());
  const onPlane = gridOn(() => datasets);

  it('a plane: other sets, parts of them, another place', async () => {
    const grid =
      (change: (grid: Grid) => object): EvaluateOnPlane =>
      async (plane, rectangle, options) => {
        const right = await onPlane(plane, rectangle, options);
        return { ...right, ...change(right) };
      };
    const all = (turn: (rows: number[][]) => number[][]) =>
      grid((g) => ({
        trainLoss: turn(g.trainLoss),
        testLoss: turn(g.testLoss),
        trainAcc: turn(g.trainAcc),
        testAcc: turn(g.testAcc),
      }));
    let first: Promise<Grid> | undefined;
    const wrong: Record<string, [EvaluateOnPlane, number]> = {
      'train and test exchanged': [gridOn(() => exchanged), 3],
      'û and v̂ exchanged': [(p, r, o) => onPlane({ ...p, u: p.v, v: p.u }, r, o), 3],
      'upside down': [all((rows) => [...rows].reverse()), 3],
      mirrored: [all((rows) => rows.map((row) => [...row].reverse())), 3],
      turned: [all((rows) => rows[0]!.map((_, i) => rows.map((row) => row[i]!))), 1],
      'a step too short': [
        async (plane, { aRange: [from, to], ...rest }, options) =>
          onPlane(plane, { ...rest, aRange: [from, to - (to - from) / rest.nx] }, options),
        4,
      ],
      'without as': [grid(() => ({ as: undefined })), 1],
      'as for bs': [grid((g) => ({ bs: g.as })), 1],
      'without accuracies': [grid(() => ({ testAcc: undefined })), 1],
      'the first grid, kept': [
        (plane, rectangle, options) => {
          first ??= onPlane(plane, rectangle, options);
          return first;
        },
        4,
      ],
      'a plane that is divided': [
        async (plane, rectangle, options) => {
          const grid = await onPlane(plane, rectangle, options);
          (plane.u as Record<string, unknown>)['layers.1.bias'] = plane.v['layers.1.bias']!.clone();
          return grid;
        },
        1,
      ],
      'the first half': [gridOn(() => halves['the first half']!), 3],
      'any half': [gridOn(() => halves['any half']!), 3],
    };
    for (const seed of seeds()) {
      const check = (answer: EvaluateOnPlane) => {
        first = undefined;
        return checkPlane(network, datasets, answer, seed);
      };
      assert.deepEqual(notHolding(await check(onPlane)), [], `seed ${seed}`);
      const telling: EvaluateOnPlane = (plane, rectangle, options) => {
        options.onPoint?.(1, rectangle.nx * rectangle.ny);
        return onPlane(plane, rectangle, options);
      };
      assert.deepEqual(notHolding(await check(telling)), [], `seed ${seed}`);
      for (const [name, [answer, lost]] of Object.entries(wrong)) {
        const lots = notHolding(await check(answer));
        assert.ok(lots.length >= lost, `${name} passes at seed ${seed}: it loses ${lots}`);
      }
    }
  });

  it('the measures of a pair: every other number of the same curves', async () => {
    const right: MeasurePair = (ts, segment, chain) => ({
      lineBarrier: measurePath(ts, segment.trainLoss).barrierA,
      chainMaximum: Math.max(...chain.trainLoss),
      worstTestAccOnChain: Math.min(...chain.testAcc),
    });
    const wrong: Record<string, (...of: Parameters<MeasurePair>) => object> = {
      'barrier (b)': (ts, { trainLoss }) => ({ lineBarrier: measurePath(ts, trainLoss).barrierB }),
      'the raw maximum': (_, { trainLoss }) => ({ lineBarrier: Math.max(...trainLoss) }),
      'of the test losses': (ts, { testLoss }) => ({
        lineBarrier: measurePath(ts, testLoss).barrierA,
      }),
      'of the chain': (ts, _, { trainLoss }) => ({
        lineBarrier: measurePath(ts, trainLoss).barrierA,
      }),
      'over one end': (_, { trainLoss }) => ({
        lineBarrier: Math.max(...trainLoss) - trainLoss[0]!,
      }),
      'the largest test loss': (_, __, { testLoss }) => ({ chainMaximum: Math.max(...testLoss) }),
      'the largest of the segment': (_, { trainLoss }) => ({
        chainMaximum: Math.max(...trainLoss),
      }),
      'the worst train accuracy': (_, __, { trainAcc }) => ({
        worstTestAccOnChain: Math.min(...trainAcc),
      }),
      'the worst of the segment': (_, { testAcc }) => ({
        worstTestAccOnChain: Math.min(...testAcc),
      }),
      'in percent': (_, __, { testAcc }) => ({ worstTestAccOnChain: 100 * Math.min(...testAcc) }),
      'by sorting the curve itself': (_, __, { testAcc }) => ({
        worstTestAccOnChain: testAcc.sort((a, b) => a - b)[0],
      }),
    };
    for (const seed of seeds(200)) {
      assert.deepEqual(notHolding(await checkMeasures(right, seed)), [], `seed ${seed}`);
      const rounded: MeasurePair = (...of) =>
        Object.fromEntries(
          Object.entries(right(...of)).map(([name, value]) => [name, Number(value.toFixed(3))]),
        ) as unknown as ReturnType<MeasurePair>;
      assert.deepEqual(notHolding(await checkMeasures(rounded, seed)), [], `seed ${seed}`);
      for (const [name, answer] of Object.entries(wrong)) {
        const check = await checkMeasures(
          (...of) => ({ ...right(...of), ...answer(...of) }) as ReturnType<MeasurePair>,
          seed,
        );
        assert.equal(notHolding(check).length, 1, `${name} passes at seed ${seed}`);
      }
      let kept: ReturnType<MeasurePair> | undefined;
      const first = await checkMeasures((...of) => {
        kept ??= right(...of);
        return kept;
      }, seed);
      assert.equal(holding(first).length, 0, `what was kept passes at seed ${seed}`);
    }
  });
});
