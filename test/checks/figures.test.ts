import assert from 'node:assert/strict';
import {
  award,
  besideBands,
  type Check,
  checkBend,
  checkLines,
  checkMeasures,
  checkMinima,
  checkNetworks,
  checkPlane,
  checkStatistics,
  type EndsOfModes,
  type EvaluateOnLine,
  type EvaluateOnPlane,
  type MeasurePair,
} from '../../lib/checks';
import { dataLoader, loadMnist, take } from '../../lib/data';
import { useBackend } from '../../lib/engine';
import { ClassifierFC, initialize, sequential, VGG } from '../../lib/nn';
import { Adam, AdamW, type Optimizer, SGD } from '../../lib/optim';
import {
  evaluatePath,
  fitBend,
  line,
  measurePath,
  type Path,
  type PathFigures,
} from '../../lib/paths';
import { evaluateGrid, type Grid } from '../../lib/plane';
import { textTable } from '../../lib/tables';
import { type HistoryRow, recomputeStatistics, train } from '../../lib/training';
import { clone, linearCombination, type StateDict, scale } from '../../lib/weights';
import { toyDataset, toyNetwork } from '../toy';

type TrainOnce = NonNullable<Parameters<typeof checkMinima>[0]['trainOnce']>;

const hints = ({ findings }: Check) => findings.map(({ hint }) => hint ?? '').join('\n');
const verdicts = ({ findings }: Check) => findings.map(({ verdict }) => verdict);
const failing = ({ findings }: Check) =>
  findings.filter(({ verdict }) => verdict !== 'holds').map(({ what }) => what);
const stub = (): never => {
  throw new Error('not answered yet');
};
const onlyStubs = (check: Check) =>
  assert.deepEqual(new Set(verdicts(check)), new Set(['not answered']));

describe('checks of figures and of what was found', () => {
  const datasets = { train: toyDataset(300, 1), test: toyDataset(200, 2) };
  before(() => useBackend());

  async function trained(
    init: StateDict,
    optimizer: Optimizer = SGD({ learningRate: 0.1, momentum: 0.9 }),
  ): Promise<StateDict> {
    const model = { network: toyNetwork, weights: clone(init) };
    const loader = dataLoader(datasets.train, { batchSize: 20, shuffle: 1 });
    await train(model, { loader, optimizer, epochs: 20 });
    return model.weights;
  }

  describe('two minima', () => {
    const answer = (inits: StateDict[], minima: StateDict[]) =>
      checkMinima({
        task: '1.1',
        network: toyNetwork,
        inits,
        minima,
        train: datasets.train,
        leastAccuracy: 0.9,
      });
    const inits = [1, 2].map((seed) => initialize(toyNetwork, seed));
    it('are unanswered while nothing has moved', async () => {
      onlyStubs(await answer(inits, inits.map(clone)));
      onlyStubs(await answer([], []));
    });

    it('hold when trained; tells what is missing', async () => {
      const minima = [await trained(inits[0]!), await trained(inits[1]!)];
      assert.deepEqual(failing(await answer(inits, minima)), []);
      const half = await answer(inits, [minima[0]!, inits[1]!]);
      assert.deepEqual(failing(half), [
        'two trainings began and ended at different points',
        'each began at the init of its own',
        'minimum 2 classifies 90 % of the training images correctly',
      ]);
      assert.match(hints(half), /still its initialisation/);
      const twice = await answer([inits[0]!, clone(inits[0]!)], [minima[0]!, clone(minima[0]!)]);
      assert.deepEqual(failing(twice), ['two trainings began and ended at different points']);
      const same = await answer(inits, [minima[0]!, clone(minima[0]!)]);
      assert.match(hints(same), /did each begin at the init it was given\?/);
      const worse = await answer(inits, [minima[0]!, scale(-1, minima[1]!)]);
      assert.match(
        hints(worse),
        /it misclassifies \d+ of 300 training images: is the learning rate/,
      );
      const nan = await answer(inits, [minima[0]!, scale(Number.NaN, minima[1]!)]);
      assert.match(hints(nan), /not finite: did the loss diverge/);
      assert.match(hints(await answer(inits, minima.slice(0, 1))), /train twice, and keep both/);
    });

    it('come from their own inits, whatever the optimizer', async () => {
      const others = [7, 8].map((seed) => initialize(toyNetwork, seed));
      const [first, second, foreign] = [
        await trained(inits[0]!),
        await trained(inits[1]!, Adam({ learningRate: 0.02 })),
        await trained(others[0]!),
      ];
      assert.deepEqual(failing(await answer(inits, [first, second])), []);
      const decayed = await trained(inits[1]!, AdamW({ learningRate: 0.02, weightDecay: 0.2 }));
      assert.deepEqual(failing(await answer(inits, [first, decayed])), []);
      const exchanged = await answer(inits, [second, first]);
      assert.deepEqual(failing(exchanged), ['each began at the init of its own']);
      assert.match(hints(exchanged), /minimum 1 comes from init 2, and minimum 2 from init 1/);
      const ignored = await answer(inits, [first, foreign]);
      assert.deepEqual(failing(ignored), ['each began at the init of its own']);
      assert.match(hints(ignored), /minimum 2 has no trace of init 2 in it/);
    });

    it('are asked of the training itself, for one epoch from two places', async () => {
      const minima = [await trained(inits[0]!), await trained(inits[1]!)];
      let epochs = 0;
      const training =
        (from: (init: StateDict, seed: number) => StateDict, reporting = true): TrainOnce =>
        async (init, seed, report) => {
          const model = { network: toyNetwork, weights: from(init, seed) };
          const optimizer = SGD({ learningRate: 0.1, momentum: 0.9 });
          const loader = dataLoader(datasets.train, { batchSize: 20, shuffle: seed });
          const onEpoch = (row: HistoryRow) => {
            epochs++;
            if (reporting) report(row);
          };
          await train(model, { loader, optimizer, epochs: 20, onEpoch });
          return model.weights;
        };
      const by = (trainOnce: TrainOnce) =>
        checkMinima({
          ...{ task: '1.1', network: toyNetwork, inits, minima, trainOnce },
          ...{ train: datasets.train, leastAccuracy: 0.9 },
        });
      const own = (_: StateDict, seed: number) => initialize(toyNetwork, seed);
      assert.deepEqual(failing(await by(training(clone))), []);
      assert.equal(epochs, 2);
      assert.deepEqual(failing(await by(training(clone, false))), []);
      for (const reporting of [true, false]) {
        const check = await by(training(own, reporting));
        assert.deepEqual(failing(check), ['each began at the init of its own']);
        assert.match(hints(check), /trainOnce learns as from any init/);
      }
      assert.deepEqual(failing(await by(stub)), [], 'nothing is said of one that throws');
    });

    it('says what is no point, and what diverged', async () => {
      const first = await trained(inits[0]!);
      const saying = async (second: unknown) => {
        const check = await answer(inits, [first, second as StateDict]);
        assert.equal(verdicts(check)[2], 'holds', 'the other one loses nothing');
        return check.findings.at(-1)!.hint ?? '';
      };
      const promised = hints(await answer(inits, [first, Promise.resolve(first) as never]));
      assert.match(promised, /it is a promise: is an await missing\?/);
      const arrays = Object.fromEntries(
        Object.entries(first).map(([name, tensor]) => [name, tensor.arraySync()]),
      );
      assert.match(
        hints(await answer(inits, [first, arrays as never])),
        /'layers\.1\.weight' should have shape \[12, 16\], got a list, which is no tensor/,
      );
      assert.match(await saying(scale(Number.NaN, first)), /not finite: did the loss diverge\?/);
      assert.match(await saying(clone(inits[1]!)), /does performEpoch get the optimizer\?/);
      const wild = await trained(inits[1]!, SGD({ learningRate: 50, momentum: 0.9 }));
      assert.match(
        await saying(wild),
        /its weights are [\de.+]+ times as long as at its init: the training diverged, try a smaller/,
      );
      const check = await checkMinima({
        ...{ task: '1.1', network: toyNetwork, inits, minima: [first, await trained(inits[1]!)] },
        ...{ train: { ...datasets.train, labels: datasets.train.labels.map((y) => 9 - y) } },
        ...{ test: datasets.train, leastAccuracy: 0.9 },
      });
      assert.match(hints(check), /and no test image: was it trained on the test set\?/);
    });

    it('earn nothing where the weights have moved, and learnt nothing', async () => {
      const moved = inits.map((init) => scale(1.01, init));
      const check = await answer(inits, moved);
      assert.equal(failing(check).length, 4);
      assert.match(hints(check), /no net has learnt much yet/);
    });
  });

  describe('lines', () => {
    const ends: EndsOfModes = ([m1, m2], [i1, i2]) => ({
      linear_combination_of_two_minima: [m1!, m2!],
      linear_combination_of_minimum_and_init: [m1!, i1!],
      linear_combination_of_minimum_and_random: [m1!, i2!],
      linear_combination_of_two_randoms: [i1!, i2!],
    });
    const onLine: EvaluateOnLine = (a, b, ts) => evaluatePath(toyNetwork, line(a, b), ts, datasets);

    it('hold; also from the other minimum', async () => {
      assert.deepEqual(failing(await checkLines(toyNetwork, datasets, ends, onLine)), []);
      const others: EndsOfModes = ([m1, m2], [i1, i2]) => ends([m2!, m1!], [i2!, i1!]);
      assert.deepEqual(failing(await checkLines(toyNetwork, datasets, others, onLine)), []);
    });

    it('hold of typed arrays, as tfjs gives them', async () => {
      const typed: EvaluateOnLine = async (a, b, ts) => {
        const { trainLoss, trainAcc, testLoss, testAcc } = await onLine(a, b, ts);
        const lists = {
          trainLoss: Float32Array.from(trainLoss),
          trainAcc: Float64Array.from(trainAcc),
          testLoss: Float32Array.from(testLoss),
          testAcc: Float32Array.from(testAcc),
        };
        return { ts, ...lists } as unknown as PathFigures;
      };
      assert.deepEqual(failing(await checkLines(toyNetwork, datasets, ends, typed)), []);
      const short: EvaluateOnLine = async (a, b, ts) => {
        const right = await onLine(a, b, ts);
        return { ...right, trainLoss: Float32Array.of(1) as unknown as number[] };
      };
      const check = await checkLines(toyNetwork, datasets, ends, short);
      assert.match(hints(check), /expected 4 numbers, got 1/);
    });

    it('say of stubs that they are none yet, each by itself', async () => {
      onlyStubs(await checkLines(toyNetwork, datasets, stub, stub));
      assert.deepEqual(
        failing(await checkLines(toyNetwork, datasets, ends, stub)).map((what) => what.slice(0, 9)),
        ['the train', 'the test ', 'the train', 'the test '],
      );
    });

    it('tells which figures they are, or where they part', async () => {
      const hintsOf = async (wrong: EvaluateOnLine) =>
        hints(await checkLines(toyNetwork, datasets, ends, wrong));
      assert.match(
        await hintsOf((a, b, ts) => onLine(b, a, ts)),
        /these are the train losses at 1 − t: which end belongs to t = 0\?/,
      );
      assert.match(
        await hintsOf(async (a, b, ts) => {
          const right = await onLine(a, b, ts);
          return { ...right, trainLoss: right.trainAcc, testLoss: right.trainLoss };
        }),
        /these are the train accuracies\nthese are the train losses/,
      );
      assert.match(
        await hintsOf(async (a, b, ts) => {
          const right = await onLine(a, b, ts);
          return { ...right, trainLoss: right.trainLoss.map((x, i) => (i === 0 ? x + 1 : x)) };
        }),
        /at t = 0\.3 you have [\d.]+, the network there has [\d.]+/,
      );
      assert.match(
        await hintsOf(async (a, b, ts) => ({ ...(await onLine(a, b, ts)), testAcc: [] })),
        /expected 4 numbers, got 0/,
      );
      const swapped: EndsOfModes = (m, [i1, i2]) => ends(m, [i2!, i1!]);
      const check = await checkLines(toyNetwork, datasets, swapped, onLine);
      assert.equal(failing(check).length, 2);
      assert.match(hints(check), /t = 1 is minimum 1 and t = 0 is initialisation 2/);
    });
  });

  describe('bend', () => {
    let w1: StateDict;
    let w2: StateDict;
    before(async () => {
      w1 = await trained(scale(4, initialize(toyNetwork, 1)));
      w2 = await trained(scale(4, initialize(toyNetwork, 2)));
    });
    const answer = (theta: StateDict, share: number, leastAccuracy: number) =>
      checkBend({
        task: '2.2',
        network: toyNetwork,
        w1,
        w2,
        theta,
        train: datasets.train,
        share,
        leastAccuracy,
      });

    it('is unanswered at the midpoint', async () => {
      onlyStubs(await answer(linearCombination([0.5, 0.5], [w1, w2]), 0.1, 0.9));
    });

    it('holds when low; tells a θ on the line, a ridge, a NaN', async () => {
      const { theta } = await fitBend(toyNetwork, w1, w2, {
        loader: dataLoader(datasets.train, { batchSize: 20, shuffle: 1 }),
        optimizer: SGD({ learningRate: 0.1, momentum: 0.9 }),
        epochs: 20,
        seed: 3,
      });
      assert.deepEqual(failing(await answer(theta, 0.5, 0.9)), []);
      const high = await answer(scale(-3, theta), 0.01, 0.99);
      assert.match(
        hints(high),
        /the chain rises by [\d.e+]+ nats over its ends, highest at t = 0\.\d+/,
      );
      assert.match(hints(high), /at t = 0\.\d+ it has [\d.]+ %/);
      const on = await answer(linearCombination([0.4, 0.6], [w1, w2]), 1, 0);
      assert.match(hints(on), /of \|w₂ − w₁\| away from it: did the steps reach θ/);
      assert.match(hints(await answer(scale(Number.NaN, theta), 1, 0)), /of θ are not finite/);
      assert.match(
        hints(await answer(scale(1e30, theta), 1, 0)),
        /the loss at t = 0\.05 is not finite, so far out has θ gone: the fit diverged/,
      );
      const promised = answer(Promise.resolve(theta) as unknown as StateDict, 1, 0);
      assert.match(hints(await promised), /θ: it is a promise: is an await missing\?/);
      const uphill = hints(await answer(scale(-3, theta), 1, 0));
      assert.match(uphill, /it has, and climbed: the chain rises by [\d.e+]+ nats, the line by/);
    });

    it('gives nothing for a θ that went astray, nor between ends that are no minima', async () => {
      const middle = linearCombination([0.5, 0.5], [w1, w2]);
      const astray = linearCombination([1, 1], [middle, scale(4, initialize(toyNetwork, 9))]);
      const check = await answer(astray, 0.1, 0.05);
      assert.match(
        hints(check),
        /it has, and climbed: the chain rises by 2\.1 nats, the line by 0\.98/,
      );
      const [x, y] = [1, 2].map((seed) => initialize(toyNetwork, seed)) as [StateDict, StateDict];
      const untrained = await checkBend({
        ...{ task: '2.2', network: toyNetwork, w1: x, w2: y, theta: w1 },
        ...{ train: datasets.train, share: 1, leastAccuracy: 0.9 },
      });
      assert.equal(failing(untrained).length, 3);
      assert.match(hints(untrained), /w₁ is no minimum, it has [\d.]+ % train accuracy/);
    });

    it('wants two nets, with a ridge between them', async () => {
      const twin = scale(1.01, w1);
      const off = linearCombination([0.5, 0.5, 0.1], [w1, twin, initialize(toyNetwork, 9)]);
      const bend = { task: '2.2', network: toyNetwork, w1, w2: twin, theta: off };
      const check = await checkBend({
        ...bend,
        train: datasets.train,
        share: 1,
        leastAccuracy: 0,
      });
      assert.match(hints(check), /the line itself rises by .* nats only, so there is no ridge/);
    });
  });

  describe('plane', () => {
    const right: EvaluateOnPlane = (plane, rectangle, _options) =>
      evaluateGrid(toyNetwork, plane, rectangle, datasets);

    it('holds, and is unanswered by a stub', async () => {
      assert.deepEqual(failing(await checkPlane(toyNetwork, datasets, right)), []);
      onlyStubs(await checkPlane(toyNetwork, datasets, stub));
    });

    it('holds of rows as typed arrays; tells what are no rows', async () => {
      const as =
        (turn: (rows: number[][]) => unknown): EvaluateOnPlane =>
        async (plane, rectangle, options) => {
          const grid = await right(plane, rectangle, options);
          const turned = {
            trainLoss: turn(grid.trainLoss),
            testLoss: turn(grid.testLoss),
            trainAcc: turn(grid.trainAcc),
            testAcc: turn(grid.testAcc),
          };
          return { ...grid, as: Float32Array.from(grid.as), ...turned } as unknown as Grid;
        };
      const typed = as((rows) => rows.map((row) => Float32Array.from(row)));
      assert.deepEqual(failing(await checkPlane(toyNetwork, datasets, typed)), []);
      const flat = await checkPlane(
        toyNetwork,
        datasets,
        as((rows) => rows.flat()),
      );
      assert.match(hints(flat), /as a list of rows, each a list of numbers, got a list of other/);
    });

    it('tells a transposed grid, exchanged sets and another place', async () => {
      const wrong = (change: (grid: Awaited<ReturnType<EvaluateOnPlane>>) => object) =>
        checkPlane(toyNetwork, datasets, async (plane, rectangle) => {
          const grid = await right(plane, rectangle, {});
          return { ...grid, ...change(grid) };
        });
      const turn = (rows: number[][]) => rows[0]!.map((_, i) => rows.map((row) => row[i]!));
      const transposed = await wrong(({ trainLoss, testLoss }) => ({
        trainLoss: turn(trainLoss),
        testLoss: turn(testLoss),
      }));
      assert.deepEqual(failing(transposed), ['a row for each b, in it a number for each a']);
      assert.match(hints(transposed), /there are 3 rows of 2: which loop is the outer one\?/);
      const exchanged = await wrong(({ trainLoss, testLoss }) => ({
        trainLoss: testLoss,
        testLoss: trainLoss,
      }));
      assert.equal(
        hints(exchanged).trim(),
        'these are the test losses\nthese are the train losses',
      );
      const upsideDown = await wrong(({ trainLoss }) => ({ trainLoss: [...trainLoss].reverse() }));
      assert.match(hints(upsideDown), /from the last b to the first/);
      const missing = await wrong(() => ({ testLoss: undefined }));
      assert.match(hints(missing), /there is no testLoss/);
      const flat = (rows: number[][]) => rows.map((row) => row.map(() => 1));
      const constant = await wrong(({ trainLoss, testLoss }) => ({
        trainLoss: flat(trainLoss),
        testLoss: flat(testLoss),
      }));
      assert.equal(failing(constant).length, 4);
    });
  });

  describe('sweep', () => {
    const image = { inputShape: [1, 28, 28], outputSize: 10 } as const;
    const baseline = ClassifierFC({ ...image, hiddenDim: 64, numHidden: 1, nonlinearity: 'relu' });
    const wide = ClassifierFC({ ...image, hiddenDim: 80, numHidden: 1, nonlinearity: 'sigmoid' });
    const deep = ClassifierFC({ ...image, hiddenDim: 32, numHidden: 3, nonlinearity: 'relu' });

    it('wants networks that are deeper, wider, and sigmoid', async () => {
      assert.deepEqual(failing(await checkNetworks(baseline, () => ({ wide, deep }))), []);
      assert.deepEqual(failing(await checkNetworks(baseline, () => ({ wide }))), ['one is deeper']);
      assert.match(
        hints(await checkNetworks(baseline, () => ({ deep }))),
        /more than 64 neurons in a layer\nnone has/,
      );
      const small = sequential([4], [{ kind: 'dense', inputs: 4, outputs: 2 }]);
      assert.match(hints(await checkNetworks(baseline, () => ({ small }))), /^small does not/);
      onlyStubs(await checkNetworks(baseline, stub));
      assert.equal(failing(await checkNetworks(baseline, () => ({}))).length, 5);
    });

    it('wants names of their own, and more than one network', async () => {
      const named = await checkNetworks(baseline, () => ({ wide, 'ReLU 1×64': deep }));
      assert.deepEqual(failing(named), ['every one has a name of its own', 'one is deeper']);
      assert.match(hints(named), /'ReLU 1×64' is the name of the baseline, which takes the place/);
      const twice = { wide, deep, 'ReLU 1×64': baseline };
      assert.deepEqual(failing(await checkNetworks(baseline, () => twice)), []);
      const all = ClassifierFC({ ...image, hiddenDim: 80, numHidden: 2, nonlinearity: 'sigmoid' });
      const alone = await checkNetworks(baseline, () => ({ all, again: all }));
      assert.deepEqual(failing(alone), ['another one is wider']);
      assert.match(hints(alone), /which of both made the difference\?/);
    });

    it('wants barrier (a), the highest point and the worst accuracy', async () => {
      const right: MeasurePair = (ts, segment, chain) => ({
        lineBarrier: measurePath(ts, segment.trainLoss).barrierA,
        chainMaximum: Math.max(...chain.trainLoss),
        worstTestAccOnChain: Math.min(...chain.testAcc),
      });
      assert.deepEqual(failing(await checkMeasures(right)), []);
      onlyStubs(await checkMeasures(stub));
      const wrong = await checkMeasures((_, segment, chain) => ({
        lineBarrier: Math.max(...segment.trainLoss),
        chainMaximum: Math.max(...chain.testLoss),
        worstTestAccOnChain: 0.12345,
      }));
      assert.match(
        hints(wrong),
        /^it is the raw maximum\nit is the largest test loss\non curves .* you have 0\.1235/,
      );
    });
  });

  it("know figures with an end's or interpolated statistics from recomputed ones", async () => {
    const network = VGG({ depth: 11, width: 1 / 64, batchNorm: true, dropout: 0 });
    const mnist = await loadMnist();
    const some = { train: take(mnist.train, 40), test: take(mnist.test, 20) };
    const inits = [1, 2].map((seed) => initialize(network, seed)) as [StateDict, StateDict];
    // One of them larger, so that their statistics differ.
    const [w1, w2] = (await Promise.all(
      inits.map((init, i) => recomputeStatistics(network, scale(1 + 2 * i, init), some.train)),
    )) as [StateDict, StateDict];
    const by =
      (statistics: 'recomputed' | 'interpolated' | 'endpoint') => (path: Path, ts: number[]) =>
        evaluatePath(network, path, ts, some, { statistics });
    const check = (answer: Parameters<typeof checkStatistics>[4]) =>
      checkStatistics(network, some, w1, w2, answer);
    assert.deepEqual(failing(await check(by('recomputed'))), []);
    assert.match(hints(await check(by('interpolated'))), /statistics that were interpolated/);
    assert.match(hints(await check(by('endpoint'))), /these are those of one end's statistics/);
    const [x1, x2] = inits;
    const alike = await checkStatistics(network, some, x1, x2, by('endpoint'));
    assert.match(hints(alike), /like weights, or those of one end's statistics/);
    onlyStubs(await check(stub));
  });

  it('earn the share that holds; at the small size no figure is placed', async () => {
    const check: Check = {
      task: '9.9',
      findings: [
        { what: 'one', verdict: 'holds' },
        { what: 'two', verdict: 'fails', hint: 'look there' },
        { what: 'three', verdict: 'not answered' },
      ],
    };
    const log = console.log;
    let shown = '';
    console.log = (text: string) => {
      shown += text;
    };
    try {
      assert.equal(await award(1.5, check), 0.5);
    } finally {
      console.log = log;
    }
    assert.equal(
      shown,
      'Task 9.9: 0.5 of 1.5 points\n✓ one\n✗ two: look there\n… three: not answered yet',
    );
    const small = textTable(besideBands('small', { 'test accuracy at a minimum': 0.9 }));
    assert.match(small, /rehearsal/);
  });
});
