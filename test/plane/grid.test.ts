import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { type Dataset, dataLoader, makeDataset, subset, take } from '../../lib/data';
import { tfjsEngine, useBackend } from '../../lib/engine';
import { crossEntropy, initialize } from '../../lib/nn';
import { evaluateGrid, orthogonalBasis, planeStateDict } from '../../lib/plane';
import { performEpoch } from '../../lib/training';
import { disposeStateDict, norm } from '../../lib/weights';
import { assertClose } from '../close';
import { temporaryFolder } from '../temporaryFolder';
import { toyDataset, toyNetwork } from '../toy';

describe('evaluateGrid', () => {
  const datasets = { train: toyDataset(60, 1), test: toyDataset(40, 2) };
  const [w1, w2, theta] = [1, 2, 3].map((seed) => initialize(toyNetwork, seed)) as [
    tf.NamedTensorMap,
    tf.NamedTensorMap,
    tf.NamedTensorMap,
  ];
  const rectangle = { aRange: [-1, 2], bRange: [0, 1], nx: 4, ny: 3 } as const;
  const folder = temporaryFolder();
  before(() => useBackend());
  const basis = () => orthogonalBasis(w1, w2, theta);

  it('has at [j][i] what the network shows at (as[i], bs[j]): not transposed, edges included', async () => {
    const plane = basis();
    const grid = await evaluateGrid(toyNetwork, plane, rectangle, datasets);
    assert.deepEqual(
      [grid.as, grid.bs],
      [
        [-1, 0, 1, 2],
        [0, 0.5, 1],
      ],
    );
    for (const [j, b] of grid.bs.entries()) {
      for (const [i, a] of grid.as.entries()) {
        const weights = planeStateDict(plane, { a, b });
        const at = async (d: typeof datasets.train) =>
          performEpoch(
            { network: toyNetwork, weights },
            dataLoader(d, { batchSize: 7 }),
            crossEntropy,
          );
        const [train, test] = [await at(datasets.train), await at(datasets.test)];
        assertClose(grid.trainLoss[j]![i]!, train.loss, { relative: 1e-5 });
        assertClose(grid.trainAcc[j]![i]!, train.accuracy, { absolute: 1e-9 });
        assertClose(grid.testLoss[j]![i]!, test.loss, { relative: 1e-5 });
        assertClose(grid.testAcc[j]![i]!, test.accuracy, { absolute: 1e-9 });
        disposeStateDict(weights);
      }
    }
  });

  it('has metrics and the penalty at the same places, on the sets that there are', async () => {
    const plane = basis();
    const asked = { metrics: { nats: crossEntropy }, weightDecay: 0.02 };
    const grid = await evaluateGrid(toyNetwork, plane, rectangle, datasets, asked);
    for (const [j, b] of grid.bs.entries()) {
      assertClose(grid.trainMetrics!.nats![j]!, grid.trainLoss[j]!, { relative: 1e-5 });
      assertClose(grid.testMetrics!.nats![j]!, grid.testLoss[j]!, { relative: 1e-5 });
      for (const [i, a] of grid.as.entries()) {
        const weights = planeStateDict(plane, { a, b });
        // ½·λ·|w|², of weights in float32.
        assertClose(grid.penalty![j]![i]!, 0.01 * norm(weights) ** 2, { relative: 1e-5 });
        disposeStateDict(weights);
      }
    }
    const { train } = datasets;
    const alone = await evaluateGrid(toyNetwork, plane, rectangle, { train }, asked);
    const names = ['as', 'bs', 'trainLoss', 'trainAcc', 'trainMetrics', 'penalty'];
    assert.deepEqual(Object.keys(alone), names);
    const plain = await evaluateGrid(toyNetwork, plane, rectangle, datasets);
    assert.deepEqual(Object.keys(plain), [...names.slice(0, 4), 'testLoss', 'testAcc']);
  });

  it('takes a single point, and a rectangle without width', async () => {
    const point = { aRange: [0, 0], bRange: [0, 0], nx: 1, ny: 1 } as const;
    const grid = await evaluateGrid(toyNetwork, basis(), point, datasets);
    assert.deepEqual([grid.as, grid.bs, grid.trainLoss.length], [[0], [0], 1]);
    assert.equal(grid.testLoss.length, 1);
  });

  it('stopped after some rows goes on at the next, and gives the same grid', async () => {
    const large = { ...rectangle, nx: 200, ny: 10 };
    const whole = await evaluateGrid(toyNetwork, basis(), large, datasets);
    const file = join(folder, 'plane.json');
    const controller = new AbortController();
    const onPoint = (points: number) => {
      if (points >= 600) controller.abort();
    };
    const stopped = { file, signal: controller.signal, onPoint };
    const { now } = performance;
    let clock = 0;
    // A row takes so long that it is kept alone.
    performance.now = () => (clock += 6000);
    try {
      await assert.rejects(evaluateGrid(toyNetwork, basis(), large, datasets, stopped), {
        name: 'AbortError',
      });
    } finally {
      performance.now = now;
    }
    const done: number[] = [];
    const resumed = await evaluateGrid(toyNetwork, basis(), large, datasets, {
      file,
      onPoint: (points) => done.push(points),
    });
    assert.ok(done[0]! > 400, `what is kept is not done again: ${done}`);
    assert.deepEqual(
      done,
      [...done].sort((a, b) => a - b),
      'it only goes on',
    );
    assert.equal(done.at(-1), 2000);
    assert.deepEqual(resumed, whole);
    assert.deepEqual(readdirSync(folder), ['plane.json'], 'no temporary file stays');
  });

  it('evaluates nothing where its file cannot be kept', async () => {
    const inTheWay = join(folder, 'file');
    writeFileSync(inTheWay, '');
    const onPoint = () => assert.fail('a point was evaluated');
    await assert.rejects(
      evaluateGrid(toyNetwork, basis(), rectangle, datasets, {
        file: join(inTheWay, 'plane.json'),
        onPoint,
      }),
      /^InputError: cannot write .*it is a file/,
    );
    rmSync(inTheWay);
  });

  it('starts afresh for another plane or rectangle, and says so of a file that is none', async () => {
    const file = join(folder, 'other.json');
    await evaluateGrid(toyNetwork, basis(), rectangle, datasets, { file });
    const other = orthogonalBasis(w2, w1, theta);
    const again = await evaluateGrid(toyNetwork, other, rectangle, datasets, { file });
    assert.deepEqual(again, await evaluateGrid(toyNetwork, other, rectangle, datasets));
    writeFileSync(file, '{"key": "cut off');
    await assert.rejects(
      evaluateGrid(toyNetwork, basis(), rectangle, datasets, { file }),
      /other\.json is no saved grid/,
    );
    assert.equal(readFileSync(file, 'utf8'), '{"key": "cut off', 'it is left as it was');
  });

  it('starts afresh for other images, labels or statistics of the same name and number', async () => {
    const all = toyDataset(200, 1);
    const named = (d: Dataset) => makeDataset({ ...d, name: 'one' });
    const [few, most] = [take(all, 50), subset(all, 50, 1)].map(named) as [Dataset, Dataset];
    const changed = (parts: Partial<Dataset>) => makeDataset({ ...few, ...parts });
    const others = {
      'another subset': most,
      'another label': changed({ labels: few.labels.map((y, i) => (i === 49 ? 9 - y : y)) }),
      'another pixel': changed({ images: few.images.map((x, i) => (i === 799 ? 255 - x : x)) }),
      'the same pixels changed in place': few,
    };
    // Copies, because the engine takes a dataset that it knows for what it was.
    const grid = (train: Dataset, test: Dataset, options = {}) => {
      const datasets = { train: makeDataset(train), test: makeDataset(test) };
      return evaluateGrid(toyNetwork, basis(), rectangle, datasets, options);
    };
    for (const [name, other] of Object.entries(others)) {
      for (const pick of [(d: Dataset) => [d, few] as const, (d: Dataset) => [few, d] as const]) {
        const file = join(folder, 'data.json');
        await grid(few, few, { file });
        if (other === few) few.images.fill(99, 0, 16);
        const [train, test] = pick(other);
        const again = await grid(train, test, { file });
        assert.deepEqual(again, await grid(train, test), name);
      }
    }
  });

  it('evaluates nothing of a kept grid that is whole, and refuses one of other rows', async () => {
    const file = join(folder, 'whole.json');
    const first = await evaluateGrid(toyNetwork, basis(), rectangle, datasets, { file });
    const engine = { ...tfjsEngine, evaluator: () => assert.fail('an evaluation was readied') };
    const told: number[][] = [];
    const asked = { file, engine, onPoint: (...done: number[]) => told.push(done) };
    const again = await evaluateGrid(toyNetwork, basis(), rectangle, datasets, asked);
    assert.deepEqual(again, first);
    assert.deepEqual(told, [[12, 12]], 'a bar is full');
    // As of before, without a checksum.
    const { sha256: _, ...kept } = JSON.parse(readFileSync(file, 'utf8'));
    for (const rows of [
      [...kept.rows, kept.rows[0]],
      [kept.rows[0].slice(1)],
      [kept.rows[0], []],
    ]) {
      writeFileSync(file, JSON.stringify({ ...kept, rows }));
      await assert.rejects(
        evaluateGrid(toyNetwork, basis(), rectangle, datasets, { file }),
        /whole.json is no saved grid of 4×3 points; delete it and run again/,
      );
    }
  });

  it('keeps losses that are not finite', async () => {
    const file = join(folder, 'far.json');
    const far = { aRange: [1e30, 1e38], bRange: [0, 0], nx: 2, ny: 1 } as const;
    const first = await evaluateGrid(toyNetwork, basis(), far, datasets, { file });
    assert.ok(first.trainLoss[0]!.some((loss) => !Number.isFinite(loss)));
    assert.deepEqual(await evaluateGrid(toyNetwork, basis(), far, datasets, { file }), first);
  });

  it('refuses a rectangle that is none, before it writes anything', async () => {
    const file = join(folder, 'none.json');
    const bad = (change: object) =>
      evaluateGrid(toyNetwork, basis(), { ...rectangle, ...change }, datasets, { file });
    for (const name of ['nx', 'ny']) {
      await assert.rejects(
        bad({ [name]: 0 }),
        new RegExp(`evaluateGrid: ${name} must be an integer of at least 1, got 0`),
      );
    }
    await assert.rejects(bad({ aRange: [0, Number.NaN] }), /finite/);
    assert.ok(!existsSync(file));
    const still = evaluateGrid(toyNetwork, { ...basis(), v: {} }, rectangle, datasets);
    await assert.rejects(still, /^InputError: evaluateGrid: plane.v has no tensors/);
    const [[name, tensor]] = Object.entries(basis().u) as [[string, tf.Tensor]];
    const half = { ...basis(), u: { [name]: tensor } };
    await assert.rejects(evaluateGrid(toyNetwork, half, rectangle, datasets), (error: Error) => {
      assert.equal(error.name, 'InputError');
      assert.doesNotMatch(error.message, /no tensors/);
      return true;
    });
  });

  it('keeps the number of live tensors', async () => {
    const plane = basis();
    const before = tf.memory().numTensors;
    await evaluateGrid(toyNetwork, plane, rectangle, datasets);
    assert.equal(tf.memory().numTensors, before);
  });
});
