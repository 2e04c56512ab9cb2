import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { type Dataset, makeDataset } from '../../lib/data';
import { nativeEngine, tfjsEngine, useBackend } from '../../lib/engine';
import {
  ClassifierFC,
  crossEntropy,
  initialize,
  type LossFunction,
  labelSmoothing,
} from '../../lib/nn';
import { type EvaluationOptions, evaluatePath, line } from '../../lib/paths';
import { evaluateGrid } from '../../lib/plane';
import { disposeStateDict, type StateDict } from '../../lib/weights';
import { assertClose } from '../close';
import { temporaryFolder } from '../temporaryFolder';

const fixtures = JSON.parse(readFileSync(join(__dirname, 'fixtures.json'), 'utf8'));
type Row = Record<'crossEntropy' | 'smoothed' | 'brier' | 'top2' | 'accuracy' | 'penalty', number>;

/** Σₖ (softmax(z)ₖ − onehot(y)ₖ)², the mean over the batch (Brier 1950). */
const brier: LossFunction = (logits, y) =>
  tf.tidy(() => {
    const target = tf.oneHot(y, logits.shape[1]).toFloat();
    return logits.softmax().sub(target).square().sum(1).mean() as tf.Scalar;
  });

/** The share of samples whose label is among the two largest logits. */
const top2: LossFunction = (logits, y) =>
  tf.tidy(() =>
    tf.scalar(tf.topk(logits, 2).indices.equal(y.expandDims(1)).any(1).mean().dataSync()[0]!),
  );

describe('other losses and metrics', () => {
  const network = ClassifierFC({ inputShape: [1, 2, 2], outputSize: 3, hiddenDim: 6 });
  const weights: StateDict[] = [];
  const images = Float32Array.from(fixtures.images);
  const labels = Int32Array.from(fixtures.labels);
  const all = makeDataset({ name: 'torch', images, labels, imageShape: [1, 2, 2], classes: 3 });
  const { weightDecay } = fixtures;

  before(async () => {
    await useBackend();
    for (const one of fixtures.weights) {
      const tensors = Object.entries(one).map(([name, w]) => [name, tf.tensor(w as number[])]);
      weights.push(Object.fromEntries(tensors));
    }
  });

  const options: EvaluationOptions = {
    lossFunction: labelSmoothing(0.1),
    metrics: { nats: crossEntropy, brier, top2 },
    weightDecay,
  };
  const expected = (rows: readonly Row[], name: keyof Row) => rows.map((row) => row[name]);

  it("label smoothing and its gradient are torch's", () => {
    for (const { amount, logits, labels: classes, loss, gradient } of fixtures.smoothing) {
      const [z, y] = [tf.tensor2d(logits as number[][]), tf.tensor1d(classes as number[], 'int32')];
      const before = tf.memory().numTensors;
      const smooth = labelSmoothing(amount);
      const { value, grad } = tf.valueAndGrad((x) => smooth(x as tf.Tensor2D, y))(z);
      assertClose(value.dataSync()[0]!, loss, { relative: 1e-6 });
      assertClose([...grad.dataSync()], (gradient as number[][]).flat(), { absolute: 1e-7 });
      tf.dispose([value, grad]);
      assert.equal(tf.memory().numTensors, before);
      tf.dispose([z, y]);
    }
    for (const amount of [-0.1, 1, Number.NaN]) {
      assert.throws(() => labelSmoothing(amount), /amount must be at least 0 and less than 1, got/);
    }
  });

  for (const engine of [nativeEngine, tfjsEngine]) {
    it(`on a line are torch's, without a test set: ${engine.name}`, async () => {
      const { ts, figures } = fixtures.line as { ts: number[]; figures: Row[] };
      const path = line(weights[0]!, weights[1]!);
      const told: number[][] = [];
      const measured = await evaluatePath(
        network,
        path,
        ts,
        { train: all },
        {
          ...options,
          engine,
          onPoint: (...done) => told.push(done),
        },
      );
      assert.deepEqual(told.at(-1), [4, 4]);
      const names = ['ts', 'trainLoss', 'trainAcc', 'trainMetrics', 'penalty', 'lossName', 'ends'];
      assert.deepEqual(Object.keys(measured), names);
      assertClose(measured.trainLoss, expected(figures, 'smoothed'), { relative: 1e-5 });
      assertClose(measured.trainAcc, expected(figures, 'accuracy'), { absolute: 1e-12 });
      const { nats, brier: squares, top2: share } = measured.trainMetrics!;
      assertClose(nats!, expected(figures, 'crossEntropy'), { relative: 1e-5 });
      assertClose(squares!, expected(figures, 'brier'), { relative: 1e-5 });
      assertClose(share!, expected(figures, 'top2'), { absolute: 1e-6 });
      assertClose(measured.penalty!, expected(figures, 'penalty'), { relative: 1e-12 });
      const onPoint = (...done: number[]) => told.push(done);
      await evaluatePath(network, path, ts, { train: all, test: all }, { engine, onPoint });
      assert.deepEqual(told.at(-1), [8, 8], 'a test set counts as well');
    });

    it(`on a plane are torch's, with a test set: ${engine.name}`, async () => {
      const { as, bs, figures } = fixtures.plane as {
        as: number[];
        bs: number[];
        figures: Row[][];
      };
      const [origin, u, v] = weights as [StateDict, StateDict, StateDict];
      // Evenly spaced as a rectangle is: the row of b = 1 is not in the fixture.
      const rectangle = { aRange: [-1, 0.5], bRange: [0, 3], nx: 2, ny: 4 } as const;
      const sets = { train: all, test: all };
      const asked = { ...options, engine };
      const grid = await evaluateGrid(network, { origin, u, v }, rectangle, sets, asked);
      assert.deepEqual(grid.as, as);
      for (const [k, b] of bs.entries()) {
        const j = grid.bs.indexOf(b);
        const row = figures[k]!;
        assertClose(grid.trainLoss[j]!, expected(row, 'smoothed'), { relative: 1e-5 });
        assertClose(grid.testLoss[j]!, expected(row, 'smoothed'), { relative: 1e-5 });
        assertClose(grid.trainMetrics!.brier![j]!, expected(row, 'brier'), { relative: 1e-5 });
        assertClose(grid.testMetrics!.top2![j]!, expected(row, 'top2'), { absolute: 1e-6 });
        assertClose(grid.penalty![j]!, expected(row, 'penalty'), { relative: 1e-12 });
      }
    });
  }

  it('a saved grid is taken up by the same loss and metrics alone', async () => {
    const [origin, u, v] = weights as [StateDict, StateDict, StateDict];
    const file = join(temporaryFolder(), 'grid.json');
    const rectangle = { aRange: [0, 1], bRange: [0, 1], nx: 2, ny: 2 } as const;
    let evaluated = 0;
    const counting: LossFunction = (...batch) => {
      evaluated++;
      return brier(...batch);
    };
    const at = async (more: EvaluationOptions) => {
      evaluated = 0;
      const asked = { ...more, file };
      const grid = await evaluateGrid(network, { origin, u, v }, rectangle, { train: all }, asked);
      return { grid, evaluated };
    };
    const nothing: LossFunction = (logits) => logits.sum().mul(Number.NaN) as tf.Scalar;
    // The file has a field called key too.
    const metrics = { counting, nothing, key: nothing };
    const first = await at({ metrics, lossFunction: labelSmoothing(0.1) });
    assert.equal(first.evaluated, 4);
    assert.ok(first.grid.trainMetrics!.nothing!.flat().every(Number.isNaN));
    const again = await at({ metrics, lossFunction: labelSmoothing(0.1) });
    assert.deepEqual(again, { grid: first.grid, evaluated: 0 });
    const other = await at({ metrics, lossFunction: labelSmoothing(0.2) });
    assert.equal(other.evaluated, 4, 'the loss of another number is another loss');
    assert.notDeepEqual(other.grid.trainLoss, first.grid.trainLoss);
    const renamed = await at({ metrics: { own: counting }, lossFunction: labelSmoothing(0.2) });
    assert.equal(renamed.evaluated, 4);
    assert.ok(!('testLoss' in renamed.grid));
  });

  it('an option that is not there is refused, not left out', async () => {
    const path = line(weights[0]!, weights[1]!);
    const wrong = { losses: brier } as EvaluationOptions;
    await assert.rejects(evaluatePath(network, path, [0], { train: all }, wrong), {
      name: 'InputError',
      message:
        /^evaluatePath: there is no option 'losses'; the options are lossFunction, metrics, we/,
    });
    const rectangle = { aRange: [0, 1], bRange: [0, 1], nx: 1, ny: 1 } as const;
    const [origin, u, v] = weights as [StateDict, StateDict, StateDict];
    await assert.rejects(
      evaluateGrid(network, { origin, u, v }, rectangle, { train: all }, wrong),
      /^InputError: evaluateGrid: there is no option 'losses'; .*, file$/,
    );
    for (const [name, none] of [
      ['lossFunction', { lossFunction: 'mse' }],
      ['lossFunction', { loss: 'mse' }],
      ['metrics', { metrics: crossEntropy }],
      ['metrics', { metrics: [crossEntropy] }],
      ['metrics', { metrics: null }],
      ['nats', { metrics: { nats: null } }],
      ['weightDecay', { weightDecay: -1 }],
    ] as const) {
      await assert.rejects(
        evaluatePath(network, path, [0], { train: all }, none as object),
        new RegExp(`^InputError: evaluatePath: ${name} must be `),
      );
    }
    await assert.rejects(
      evaluatePath(network, path, [0], all as unknown as { train: Dataset }),
      /^InputError: expected a dataset or a loader, got undefined; a path or plane takes \{ train: /,
    );
    const notOne: LossFunction = (logits) => logits.sum(1) as unknown as tf.Scalar;
    await assert.rejects(
      evaluatePath(network, path, [0], { train: all }, { metrics: { notOne } }),
      /must give one number as a tensor, the mean over the batch, got shape \[30\]/,
    );
  });

  it('what the native engine would have been faster at is said once', () => {
    const path = require.resolve('../../lib/engine/native/engine');
    const loaded = require.cache[path];
    delete require.cache[path];
    const { nativeEvaluator }: typeof import('../../lib/engine/native/engine') = require(path);
    require.cache[path] = loaded;
    const { log } = console;
    const told: string[] = [];
    console.log = (text: string) => told.push(text);
    const own = initialize(network, 1);
    try {
      for (const measured of [{ lossFunction: brier }, { metrics: { brier } }]) {
        assert.equal(nativeEvaluator(network, [own], all, measured), undefined);
      }
    } finally {
      console.log = log;
      disposeStateDict(own);
    }
    assert.equal(told.length, 1);
    assert.match(
      told[0]!,
      /kernels for cross-entropy alone: tfjs carries out other losses and met/,
    );
  });
});
